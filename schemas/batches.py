"""The records of a batch as a table: `record_ordinal` (int64, ascending) and `record_text`."""

from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def among(table: pa.Table, ordinals: pa.Array) -> pa.ChunkedArray:
    """Return for each row whether its record is one of those."""
    return pc.is_in(table["record_ordinal"], value_set=ordinals)


def text(records: pa.Table, ordinal: int) -> str:
    """Return the text of a record."""
    row = int(np.searchsorted(records["record_ordinal"].to_numpy(), ordinal))
    return str(records["record_text"][row].as_py())


def table(records: Iterable[tuple[int, str]]) -> pa.Table:
    """Return a table of at least one record."""
    ordinals, texts = zip(*records, strict=True)
    return pa.table(
        {
            "record_ordinal": pa.array(ordinals, pa.int64()),
            "record_text": pa.array(texts, pa.string()),
        }
    )
