"""Which ids of a batch are the first of their kind."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from enrichment.duplicates import first_occurrences


def wanted(ids: list[str]) -> list[bool]:
    return [name not in ids[:place] for place, name in enumerate(ids)]


@given(st.lists(st.text("abc", max_size=2)), st.integers(1, 20))
def test_an_id_is_first_where_no_earlier_one_equals_it(ids: list[str], kinds: int) -> None:
    """Also where the hashes of ids that differ are alike."""
    hashes = np.array([hash(name) % kinds for name in ids], dtype=np.uint64)
    assert first_occurrences(pa.array(ids, pa.string()), hashes).tolist() == wanted(ids)


def test_ids_whose_hashes_all_differ_are_all_first() -> None:
    hashes = np.array([3, 1, 2], dtype=np.uint64)
    assert first_occurrences(pa.array(["a", "b", "c"]), hashes).tolist() == [True] * 3
