"""A column that is declared later: old rows have null, for DuckDB, pyarrow and Spark."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from conf.errors import AntipodeError, Conflict
from conf.settings import Settings
from lake import sql, storage
from lake.edge import TableSpec
from lake.log import Log
from lake.objects import Objects, open_objects
from lake.tables import Table

OLD = pa.schema(
    {
        "tenant": pa.string(),
        "date": pa.date32(),
        "n": pa.int64(),
        "place": pa.struct({"city": pa.string()}),
        "hits": pa.list_(pa.struct({"list": pa.string()})),
    }
)
NEW = pa.schema(
    {
        "tenant": pa.string(),
        "date": pa.date32(),
        "n": pa.int64(),
        "score": pa.float64(),  # new, and in the midst
        "place": pa.struct({"city": pa.string(), "radius_km": pa.float64()}),
        "hits": pa.list_(pa.struct({"list": pa.string(), "weight": pa.float64()})),
        "tags": pa.list_(pa.string()),
    }
)
ROW = {"tenant": "007", "date": "2026-01-01", "place": {"city": "Oslo"}, "hits": [{"list": "tor"}]}
OLD_ROW = {**ROW, "n": 1}
NEW_ROW = {
    **ROW,
    "n": 2,
    "score": 0.5,
    "place": {"city": "Rome", "radius_km": 5.0},
    "hits": [{"list": "vpn", "weight": 1.0}],
    "tags": ["a"],
}
# What every reader shall see.
EXPECTED = [
    {
        **OLD_ROW,
        "score": None,
        "place": {"city": "Oslo", "radius_km": None},
        "hits": [{"list": "tor", "weight": None}],
        "tags": None,
    },
    NEW_ROW,
]


def _table(objects: Objects, schema: pa.Schema) -> Table:
    spec = TableSpec("things", schema, ("tenant", "date"), ("n",), ("n",), ("n",))
    settings = Settings()
    log = Log(spec, storage.address(objects, "things"), storage.options(objects, settings))
    return Table(spec, objects, log)


def _rows(schema: pa.Schema, *rows: dict[str, Any]) -> pa.Table:
    text = pa.schema(
        [field if field.name != "date" else pa.field("date", pa.string()) for field in schema]
    )
    return pa.Table.from_pylist(list(rows), schema=text).cast(schema)


def _plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(({**row, "date": str(row["date"])} for row in rows), key=lambda row: row["n"])


@pytest.fixture
def table(lake_uri: str) -> Table:
    """A table whose first rows were written before the new columns were declared."""
    objects = open_objects(lake_uri, Settings())
    old = _table(objects, OLD)
    old.commit(old.write_files(_rows(OLD, OLD_ROW)), "app", 1, old.version())
    new = _table(objects, NEW)
    written = new.write_files(_rows(NEW, NEW_ROW))
    with pytest.raises(Conflict, match="given new columns"):
        new.commit(written, "app", 2, new.version())
    new.commit(written, "app", 2, new.version())
    return new


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.session.timeZone", "UTC")
        .getOrCreate()
    )
    yield session
    session.stop()


def test_pyarrow_reads_null(table: Table) -> None:
    assert table.arrow().schema.equals(NEW)
    assert _plain(table.arrow().to_pylist()) == EXPECTED


def test_duckdb_reads_null(table: Table) -> None:
    with duckdb.connect() as connection:
        sql.define_view(connection, table)
        found = connection.sql("SELECT * FROM things").to_arrow_table()
        assert found.schema.names == NEW.names
        assert _plain(found.to_pylist()) == EXPECTED
        assert connection.sql("SELECT n FROM things WHERE score IS NULL").fetchall() == [(1,)]


def test_duckdb_reads_null_when_all_files_are_old(table: Table) -> None:
    (old,) = [file for file in table.files() if file.ranges["n"] == (1, 1)]
    with duckdb.connect() as connection:
        sql.define_view(connection, table, [old])
        assert (
            _plain(connection.sql("SELECT * FROM things").to_arrow_table().to_pylist())
            == EXPECTED[:1]
        )
        sql.define_view(connection, table, [])
        assert connection.sql("SELECT * FROM things").to_arrow_table().num_rows == 0
        sql.define_view(connection, table)
        assert connection.sql("SELECT count(*) FROM things").fetchall() == [(2,)]


# py4j leaves its sockets to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed.*socket:ResourceWarning")
def test_spark_reads_null(tmp_path: Path, spark: SparkSession) -> None:
    objects = open_objects(str(tmp_path / "a lake"), Settings())
    old, new = _table(objects, OLD), _table(objects, NEW)
    old.commit(old.write_files(_rows(OLD, OLD_ROW)), "app", 1, old.version())
    written = new.write_files(_rows(NEW, NEW_ROW))
    with pytest.raises(Conflict):
        new.commit(written, "app", 2, new.version())
    new.commit(written, "app", 2, new.version())
    frame = (
        spark.read.schema(from_arrow_schema(NEW))
        .option("basePath", str(tmp_path / "a lake" / "things"))
        .parquet(*(file.path for file in new.files()))
    )
    found = [row.asDict(recursive=True) for row in frame.select(*NEW.names).collect()]
    assert _plain(found) == EXPECTED
    del frame
    gc.collect()


def test_rows_that_lack_the_new_column_stay_when_others_go(table: Table) -> None:
    more = table.write_files(_rows(NEW, {**NEW_ROW, "n": 3}))
    table.commit(more, "app", 3, table.version())
    table.rewrite(table.files())
    assert len(table.files()) == 1
    table.replace([], {"n": [3]}, None, 0, table.version())
    assert _plain(table.arrow().to_pylist()) == EXPECTED


def test_software_that_does_not_know_a_column_yet_leaves_it_null(
    lake_uri: str, table: Table
) -> None:
    old = _table(open_objects(lake_uri, Settings()), OLD)
    old.commit(old.write_files(_rows(OLD, {**OLD_ROW, "n": 3})), "app", 3, old.version())
    found = _plain(table.arrow().to_pylist())
    assert found[:2] == EXPECTED
    assert (found[2]["n"], found[2]["score"]) == (3, None)


def test_a_column_cannot_change_its_type(lake_uri: str, table: Table) -> None:
    other = pa.schema(
        [field.with_type(pa.string()) if field.name == "n" else field for field in OLD]
    )
    changed = _table(open_objects(lake_uri, Settings()), other)
    written = changed.write_files(_rows(other, {**OLD_ROW, "n": "3"}))
    with pytest.raises(AntipodeError, match="is int64, but is declared as string"):
        changed.commit(written, "app", 3, changed.version())
    assert _plain(table.arrow().to_pylist()) == EXPECTED
