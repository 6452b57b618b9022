"""Address ranges of autonomous systems, read from the CSV of `@ip-location-db/asn`.

A row is first address, last address (inclusive), number, organisation; addresses are text, or whole
numbers in the `-num` files. Both families lie in one sorted table as 16 bytes an address, IPv4 in
its mapped form (RFC 4291, 2.5.5.2), so that one binary search finds any address.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute, csv

from conf.errors import Damaged
from enrichment.packed import MAPPED, Packed, pack

_COLUMNS = {
    "first": pa.string(),
    "last": pa.string(),
    "number": pa.int64(),
    "organisation": pa.string(),
}
_REMEDY = "wanted: first address, last address, number, organisation; bring it again"


@dataclass(frozen=True)
class NetworkRanges:
    """Ranges sorted by first address; `number` and `organisation` belong to each."""

    first: Packed
    last: Packed
    number: pa.Int64Array
    organisation: pa.DictionaryArray

    def find(self, packed: Packed) -> NDArray[np.int64]:
        """Return the row of the range that holds each address, -1 where none does."""
        row = np.searchsorted(self.first, packed, side="right") - 1
        inside = (row >= 0) & (packed <= self.last[np.maximum(row, 0)])
        return np.where(inside, row, -1)


def _pack_number(number: str) -> bytes:
    value = int(number)
    return MAPPED + value.to_bytes(4, "big") if value < 1 << 32 else value.to_bytes(16, "big")


def read_network_ranges(paths: Sequence[Path]) -> NetworkRanges:
    """Read CSV files, such as one of IPv4 and one of IPv6. Raises Damaged."""
    tables = [_read_one(path) for path in paths]
    whole = pa.concat_tables(tables).combine_chunks()
    first, last = (
        np.concatenate(
            [_packed_column(path, table, name) for path, table in zip(paths, tables, strict=True)]
        )
        for name in ("first", "last")
    )
    if (first[1:] < first[:-1]).any():  # as published they are sorted
        order = np.argsort(first, kind="stable")
        first, last, whole = first[order], last[order], whole.take(order)
    return NetworkRanges(
        first,
        last,
        whole["number"].combine_chunks(),
        compute.dictionary_encode(whole["organisation"].combine_chunks()),
    )


def _read_one(path: Path) -> pa.Table:
    try:
        table = csv.read_csv(
            path,
            read_options=csv.ReadOptions(column_names=list(_COLUMNS)),
            convert_options=csv.ConvertOptions(column_types=_COLUMNS, strings_can_be_null=False),
        )
    except pa.ArrowInvalid as error:
        raise Damaged(f"{path}: not a CSV of networks ({error}); {_REMEDY}") from error
    if table.num_rows == 0:
        raise Damaged(f"{path}: holds no network; {_REMEDY}")
    return table


def _packed_column(path: Path, table: pa.Table, name: str) -> Packed:
    texts = table[name].to_pylist()
    if texts[0].isdigit():
        try:
            return np.frombuffer(b"".join(map(_pack_number, texts)), dtype="S16")
        except (ValueError, OverflowError) as error:
            raise Damaged(f"{path}: column {name}: {error}; {_REMEDY}") from error
    packed = pack(texts)
    bad = np.flatnonzero(packed == b"")
    if bad.size and (bad.size > 1 or texts[bad[0]] != "::"):
        raise Damaged(f"{path}: line {bad[0] + 1}: {texts[bad[0]]!r} is no address; {_REMEDY}")
    return packed
