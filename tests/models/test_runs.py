"""Sorted keys do what numpy's slower functions do."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.runs import among, distinct, indexed, share

NUMBERS = arrays.arrays(np.int64, st.integers(0, 20), elements=st.integers(-5, 5))


@given(NUMBERS)
def test_distinct_keys_are_sorted_and_none_is_lost(keys: np.ndarray) -> None:
    assert distinct(keys).tolist() == sorted(set(keys.tolist()))


@given(NUMBERS, NUMBERS)
def test_values_among_others_are_found(values: np.ndarray, known: np.ndarray) -> None:
    assert among(values, known).tolist() == [value in known.tolist() for value in values.tolist()]


@given(NUMBERS)
def test_keys_are_numbered_by_their_order(keys: np.ndarray) -> None:
    each, index = indexed(keys)
    assert each.tolist() == sorted(set(keys.tolist()))
    assert each[index].tolist() == keys.tolist()


@given(arrays.arrays(np.bool_, st.integers(1, 20)))
def test_a_share_is_a_mean(which: np.ndarray) -> None:
    assert share(which) == which.mean()
