"""Tables of the lake as views of a DuckDB connection, for SQL over the rows of one version."""

from collections.abc import Sequence

import duckdb

from lake.files import LiveFile
from lake.tables import Table


def define_view(
    connection: duckdb.DuckDBPyConnection, table: Table, live: Sequence[LiveFile] | None = None
) -> None:
    """Define a temporary view, named as the table, of the rows of `live` (default: all files).

    Its columns are the declared ones, null where a file is older than the column; without files
    it is empty. It shows the version of now; define it again to see a later one.
    """
    name = _identifier(table.spec.name)
    files = table.files() if live is None else live
    connection.execute(f"DROP VIEW IF EXISTS temp.{name}")
    if any("://" in file.path for file in files):
        # DuckDB's own S3 reader is an extension that may not be there to load.
        connection.register(table.spec.name, table.dataset(files))
        return
    connection.execute(f"CREATE TEMP VIEW {name} AS {_select(connection, table, files)}")


def _select(connection: duckdb.DuckDBPyConnection, table: Table, files: Sequence[LiveFile]) -> str:
    empty = connection.from_arrow(table.spec.schema.empty_table())
    types = dict(zip(empty.columns, map(str, empty.types), strict=True))
    columns = ", ".join(f"NULL::{types[name]} AS {_identifier(name)}" for name in types)
    declared = f"SELECT {columns} WHERE false"
    if not files:
        return declared
    paths = ", ".join(_literal(file.path) for file in files)
    partitions = ", ".join(f"{_identifier(name)}: {types[name]}" for name in table.spec.partitions)
    names = ", ".join(map(_identifier, types))
    options = f"hive_partitioning = true, hive_types = {{{partitions}}}, union_by_name = true"
    rows = f"SELECT * FROM read_parquet([{paths}], {options})"  # noqa: S608 - all are quoted
    return f"SELECT {names} FROM ({declared} UNION ALL BY NAME {rows})"  # noqa: S608


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
