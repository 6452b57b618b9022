"""Parquet files of a table: how rows become files, and what is known of one unread."""

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from lake.edge import TableSpec
from lake.objects import Objects, segment

ROWS_PER_GROUP = 131_072  # what a reader can skip or hand to one thread
ROWS_PER_FILE = 524_288  # what a rewrite holds in memory, twice


@dataclass(frozen=True)
class WrittenFile:
    """A file that is in place under its final name but not yet part of the table.

    `seen` is the version of the table that was known before the file was written; by it the
    commit tells whether a sweep may have taken the file away, and then `data` is put again.
    """

    key: str  # relative to the table
    data: bytes = field(repr=False)
    rows: int
    partition: Mapping[str, str]
    statistics: str  # JSON of the Delta protocol
    seen: int

    @property
    def size(self) -> int:
        """Bytes of the file."""
        return len(self.data)


@dataclass(frozen=True)
class LiveFile:
    """A file of the table. `path` can be read by DuckDB, Spark and pyarrow.

    `partition`  partition column -> value.
    `ranges`     column -> (least, greatest) value; a column that is not there is not known.
    """

    key: str
    path: str
    size: int
    rows: int
    partition: Mapping[str, Any]
    ranges: Mapping[str, tuple[Any, Any]]

    def may_hold(self, column: str, least: object, greatest: object) -> bool:
        """Tell whether a row may have `column` within both bounds (None: no bound)."""
        if column not in self.ranges:
            return True
        low, high = self.ranges[column]
        return not (
            (least is not None and high < least) or (greatest is not None and low > greatest)
        )


def write(rows: pa.Table, spec: TableSpec, objects: Objects, seen: int) -> list[WrittenFile]:
    """Write rows as sorted Parquet files, one or more for each partition; they are not yet live.

    `seen` is the table's version, read before.
    """
    written = []
    for values, part in _partitions(_sorted(rows, spec), spec):
        data = _parquet(part, spec)
        file = WrittenFile("", data, part.num_rows, values, _statistics(part, spec), seen)
        written.append(_put(file, spec.name, objects))
    return written


def put_again(file: WrittenFile, table: str, objects: Objects, seen: int) -> WrittenFile:
    """Write the same rows under a new name."""
    return _put(replace(file, seen=seen), table, objects)


def _put(file: WrittenFile, table: str, objects: Objects) -> WrittenFile:
    folders = [f"{name}={segment(value)}" for name, value in file.partition.items()]
    key = "/".join([*folders, f"{secrets.token_hex(16)}.parquet"])
    objects.put(f"{table}/{key}", file.data)
    return replace(file, key=key)


def _sorted(rows: pa.Table, spec: TableSpec) -> pa.Table:
    names = [*spec.partitions, *spec.order]
    if all(_never_falls(rows[name]) for name in names):
        return rows  # in order already, as logs often are
    order = pc.sort_indices(rows.select(names), sort_keys=[(name, "ascending") for name in names])
    # One chunk a column: taking from many chunks of nested columns is far slower.
    return rows.combine_chunks().take(order)


def _never_falls(column: "pa.ChunkedArray[Any]") -> bool:
    if column.null_count or len(column) < 2:
        return not column.null_count
    rises = pc.less_equal(column.slice(0, len(column) - 1), column.slice(1))
    return bool(pc.all(rises).as_py())


def _partitions(rows: pa.Table, spec: TableSpec) -> Iterator[tuple[dict[str, str], pa.Table]]:
    """Yield each partition's values and its rows, in slices of at most ROWS_PER_FILE."""
    names = list(spec.partitions)
    counts = rows.select(names).group_by(names, use_threads=False).aggregate([([], "count_all")])
    # Groups come in no promised order; the rows lie in that of the partitions.
    counts = counts.sort_by([(name, "ascending") for name in names])
    start = 0
    for group in counts.to_pylist():
        length = group.pop("count_all")
        values = {name: str(value) for name, value in group.items()}
        for offset in range(0, length, ROWS_PER_FILE):
            size = min(ROWS_PER_FILE, length - offset)
            yield values, rows.slice(start + offset, size).drop_columns(names)
        start += length


def _parquet(rows: pa.Table, spec: TableSpec) -> bytes:
    # A dictionary of values that hardly recur costs a third of the writing and saves nothing.
    recurring = [path for path in _leaves(rows.schema) if path not in spec.unique]
    sink = pa.BufferOutputStream()
    pq.write_table(
        rows,
        sink,
        compression="zstd",
        compression_level=1,
        row_group_size=ROWS_PER_GROUP,
        use_dictionary=recurring,
        store_schema=False,
    )
    return bytes(sink.getvalue())


def _leaves(fields: Iterable["pa.Field[Any]"], prefix: str = "") -> Iterator[str]:
    """Yield the names that Parquet gives to the leaves of nested columns."""
    for column in fields:
        path = f"{prefix}{column.name}"
        if pa.types.is_struct(column.type):
            yield from _leaves(column.type, f"{path}.")
        elif pa.types.is_list(column.type):
            inner = pa.struct([pa.field("element", column.type.value_type)])
            yield from _leaves(inner, f"{path}.list.")
        else:
            yield path


def _statistics(rows: pa.Table, spec: TableSpec) -> str:
    least: dict[str, Any] = {}
    greatest: dict[str, Any] = {}
    nulls: dict[str, int] = {}
    for name in spec.statistics:
        nulls[name] = rows[name].null_count
        bounds = pc.min_max(rows[name])
        if bounds["min"].is_valid:
            least[name], greatest[name] = _text(bounds["min"]), _text(bounds["max"])
    return json.dumps(
        {
            "numRecords": rows.num_rows,
            "minValues": least,
            "maxValues": greatest,
            "nullCount": nulls,
        }
    )


def _text(scalar: "pa.Scalar[Any]") -> Any:
    value = scalar.as_py()
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return value.isoformat() if isinstance(value, date) else value
