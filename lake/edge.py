"""The table's edge: only rows of exactly the declared schema pass, nothing is converted."""

from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from conf.errors import AntipodeError


@dataclass(frozen=True)
class TableSpec:
    """What a table of the lake is.

    `required`    dotted columns that are never null (nor empty, where text).
    `order`       columns by which the rows of a file are sorted.
    `statistics`  columns whose least and greatest value each file's log entry tells.
    `unique`      dotted columns whose values hardly recur: kept without a dictionary.
    `day`         (date column, time column): the date must be the day of the time; or None.
    `checkpoints` whether the log is summed up now and then. Its summaries are Parquet files, too:
                  without them every Parquet file below the table's folder holds rows.
    """

    name: str
    schema: pa.Schema
    partitions: tuple[str, ...]
    required: tuple[str, ...]
    order: tuple[str, ...]
    statistics: tuple[str, ...]
    day: tuple[str, str] | None = None
    checkpoints: bool = True
    unique: tuple[str, ...] = ()


class SchemaError(AntipodeError):
    """Rows do not have the schema of the table that they were meant for: a mistake in our code."""


def check(rows: pa.Table, spec: TableSpec) -> pa.Table:
    """Return `rows` with the columns in the declared order; raise SchemaError if they misfit."""
    _check_columns(rows, spec)
    ordered = rows.select(spec.schema.names)
    for field in spec.schema:
        found = ordered.schema.field(field.name).type
        if not found.equals(field.type):
            raise SchemaError(
                f"{spec.name}.{field.name}: rows have {found}, the table {field.type}."
            )
    for column in spec.required:
        _check_required(ordered, spec, column)
    if spec.day and ordered.num_rows:
        day, time = (ordered[name] for name in spec.day)
        if not pc.all(pc.equal(day, pc.cast(time, pa.date32()))).as_py():
            raise SchemaError(
                f"{spec.name}.{spec.day[0]} is not the day of {spec.day[1]} in every row."
            )
    # Types are equal here: this only takes over the declared names of list items.
    return ordered.cast(spec.schema)


def _check_columns(rows: pa.Table, spec: TableSpec) -> None:
    declared, found = set(spec.schema.names), rows.schema.names
    if missing := sorted(declared - set(found)):
        raise SchemaError(f"{spec.name}: rows lack the columns {', '.join(missing)}.")
    if extra := sorted(set(found) - declared):
        raise SchemaError(
            f"{spec.name} has no columns {', '.join(extra)}; declare them in its schema."
        )
    if len(found) != len(declared):
        raise SchemaError(f"{spec.name}: a column is given twice.")


def _check_required(rows: pa.Table, spec: TableSpec, column: str) -> None:
    values = child(rows, column)
    if values.null_count:
        raise SchemaError(
            f"{spec.name}.{column} is null in {values.null_count} rows; it is required."
        )
    if pa.types.is_string(values.type) and pc.any(pc.equal(values, pa.scalar(""))).as_py():
        raise SchemaError(f"{spec.name}.{column} is empty in some rows; it is required.")


def child(rows: pa.Table, column: str) -> "pa.ChunkedArray[Any]":
    """Return a column by its dotted name; a null struct gives null."""
    name, *path = column.split(".")
    values = rows[name]
    return pc.struct_field(values, path) if path else values
