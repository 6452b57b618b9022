"""Tables: what is committed is there whole, once, and for every reader; run on a folder and S3."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable
from lake_rows import DAY, anomalies, anomaly, event, events, hourly, uids

from conf.errors import AntipodeError, Conflict, UsageError
from conf.settings import Settings
from lake import files, sql
from lake.lake import Lake
from lake.log import AlreadyCommitted
from lake.tables import Table
from schemas.event import EVENT


@pytest.fixture
def table(lake: Lake) -> Table:
    return lake.table("events")


def _add(table: Table, rows: pa.Table, application: str = "acme/okta/log") -> int:
    sequence = (table.transaction(application) or 0) + 1
    return table.commit(table.write_files(rows), application, sequence, table.version())


def test_a_new_table_is_empty(table: Table) -> None:
    assert table.version() == -1
    assert table.files() == []
    assert table.transaction("any") is None
    assert table.arrow().schema.equals(EVENT)
    assert table.arrow().num_rows == 0


def test_committed_rows_come_back_as_they_were(table: Table) -> None:
    rows = hourly(30)
    version = _add(table, rows)
    assert version == table.version()
    assert table.transaction("acme/okta/log") == 1
    found = table.arrow()
    assert found.schema.equals(EVENT)
    assert found.sort_by("time").to_pylist() == rows.sort_by("time").to_pylist()


def test_written_files_are_invisible_before_the_commit(table: Table) -> None:
    _add(table, hourly(2))
    table.write_files(hourly(3, name="more"))
    assert sorted(uids(table.arrow())) == ["e0", "e1"]


def test_a_day_is_a_partition_and_a_file_is_sorted_by_time(lake: Lake, table: Table) -> None:
    _add(table, hourly(30))
    first, second = table.files()
    assert [file.partition["date"] for file in (first, second)] == [
        date(2026, 1, d) for d in (1, 2)
    ]
    assert first.key.startswith("tenant=acme/date=2026-01-01/")
    assert (first.rows, second.rows) == (24, 6)
    assert first.ranges["time"] == (DAY, DAY + timedelta(hours=23))
    stored = pq.read_table(pa.BufferReader(lake.objects.get(f"events/{first.key}").data))
    assert stored["time"].to_pylist() == sorted(stored["time"].to_pylist())
    assert not {"tenant", "date"} & set(stored.schema.names)
    assert uids(table.arrow(live=[second])) == [f"e{number}" for number in range(24, 30)]


def test_files_are_found_by_tenant_day_source_and_time(table: Table) -> None:
    _add(table, hourly(48))
    _add(table, hourly(1, tenant="other", source="github", first=DAY + timedelta(days=1)))

    def found(**bounds: Any) -> list[tuple[str, int]]:
        live = table.files(**bounds)
        return [(file.partition["tenant"], file.partition["date"].day) for file in live]

    assert found() == [("acme", 1), ("acme", 2), ("other", 2)]
    assert found(tenant="acme") == [("acme", 1), ("acme", 2)]
    assert found(first_date=date(2026, 1, 2)) == [("acme", 2), ("other", 2)]
    assert found(last_date=date(2026, 1, 1)) == [("acme", 1)]
    assert found(source="github") == [("other", 2)]
    assert found(source="zoom") == []
    assert found(first_time=DAY + timedelta(hours=23, minutes=1)) == [("acme", 2), ("other", 2)]
    assert found(last_time=DAY + timedelta(hours=23)) == [("acme", 1)]
    assert found(tenant="nobody") == []


@pytest.mark.parametrize("tenant", ["a/b", "a b%20", "ümlaut+x@y.z", "..", "it's; --"])
def test_any_name_of_a_tenant_comes_back(table: Table, tenant: str) -> None:
    _add(table, hourly(1, tenant=tenant))
    assert table.arrow()["tenant"].to_pylist() == [tenant]
    assert len(table.files(tenant=tenant)) == 1
    version = table.replace([], {"tenant": [tenant]}, None, 0, table.version())
    assert table.files() == []
    assert version == table.version()


@pytest.mark.parametrize("name", ["a b", "h#a?b", "ü", "it's", "-x", "[x]*"])
def test_a_lake_may_lie_in_any_folder(tmp_path: Path, name: str) -> None:
    table = Lake(str(tmp_path / name), Settings()).table("events")
    _add(table, hourly(2))
    assert len(Lake(str(tmp_path / name), Settings()).table("events").arrow()) == 2
    with duckdb.connect() as connection:
        sql.define_view(connection, table)
        assert connection.sql("SELECT count(*) FROM events").fetchall() == [(2,)]


def test_a_place_that_the_table_library_would_misread_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a place without %"):
        Lake(str(tmp_path / "p%20q"), Settings()).table("events")


def test_a_commit_after_somebody_elses_is_refused(lake: Lake, table: Table) -> None:
    _add(table, hourly(1))
    seen = table.version()
    written = table.write_files(hourly(1, name="late"))
    other = Lake(lake.uri, Settings()).table("events")
    _add(other, hourly(1, name="first"), "acme/okta/other")
    with pytest.raises(Conflict):
        table.commit(written, "acme/okta/log", 2, seen)
    assert sorted(uids(table.arrow())) == ["e0", "first0"]
    table.commit(written, "acme/okta/log", 2, table.version())
    assert sorted(uids(table.arrow())) == ["e0", "first0", "late0"]


def test_a_transaction_is_committed_once(lake: Lake, table: Table) -> None:
    _add(table, hourly(1))
    for known in (table, Lake(lake.uri, Settings()).table("events")):
        with pytest.raises(AlreadyCommitted):
            known.commit(known.write_files(hourly(1)), "acme/okta/log", 1, known.version())
    assert uids(table.arrow()) == ["e0"]


def test_each_transaction_is_asked_of_a_version_once(
    lake: Lake, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answer = DeltaTable.transaction_version

    def counted(self: DeltaTable, application: str) -> int | None:
        asked.append(application)
        return answer(self, application)

    monkeypatch.setattr(DeltaTable, "transaction_version", counted)
    _add(table, hourly(1), "a")
    asked.clear()
    assert [table.transaction("a") for _ in range(3)] == [1, 1, 1]
    assert asked == ["a"]
    _add(lake.table("events"), hourly(1, name="of another"), "b")
    assert (table.transaction("b"), table.transaction("a")) == (1, 1)


def test_a_transaction_without_rows_is_remembered_past_checkpoints(lake: Lake) -> None:
    table = lake.table("events")
    for number in range(1, 60):
        table.commit([], f"stream {number % 3}", number, table.version())
    table.tidy()
    fresh = Lake(lake.uri, Settings()).table("events")
    assert [fresh.transaction(f"stream {name}") for name in range(3)] == [57, 58, 59]
    assert list(lake.objects.list("events/_delta_log/00000000000000000049.checkpoint"))


def test_replace_takes_out_and_puts_in_by_one_commit(table: Table) -> None:
    _add(table, hourly(30, raw_object="raw/old"))
    before = _add(table, hourly(30, name="k", raw_object="raw/kept"))
    new = table.write_files(hourly(2, name="new", raw_object="raw/old", mapper="okta_v2"))
    where = {"tenant": ["acme"], "raw_object": ["raw/old", "raw/none"]}
    assert table.replace(new, where, "replay", 1, before) == before + 1
    assert sorted(uids(table.arrow())) == sorted([*(f"k{n}" for n in range(30)), "new0", "new1"])
    with pytest.raises(AlreadyCommitted):
        table.replace(new, where, "replay", 1, before + 1)
    with pytest.raises(Conflict):
        table.replace([], where, "replay", 2, before)


def test_replace_rewrites_files_that_hold_other_rows_too(table: Table) -> None:
    mixed = [event(f"e{n}", raw_object=f"raw/{n % 2}", source="okta") for n in range(10)]
    version = _add(table, events(mixed))
    table.replace([], {"raw_object": ["raw/1"], "source": ["okta"]}, None, 0, version)
    assert sorted(uids(table.arrow())) == ["e0", "e2", "e4", "e6", "e8"]
    version = table.replace([], {"raw_object": ["raw/0"], "source": ["zoom"]}, None, 0, version + 1)
    assert table.arrow().num_rows == 5


def test_values_of_a_replace_are_only_compared(table: Table) -> None:
    version = _add(table, hourly(3, raw_object="x' OR '1'='1"))
    table.replace([], {"raw_object": ["' OR true --", "%", "*"]}, None, 0, version)
    assert table.arrow().num_rows == 3


def test_anomalies_of_a_day_are_replaced(lake: Lake) -> None:
    table = lake.table("anomalies")
    for run in ("first", "second"):
        rows = anomalies([anomaly("1", run_id=run), anomaly("2", run_id=run)])
        other = anomalies([anomaly("1", date(2025, 12, 31), run_id=run)])
        written = table.write_files(pa.concat_tables([rows, other]))
        days = [date(2026, 1, 1), date(2025, 12, 31)]
        table.replace(written, {"tenant": ["acme"], "date": days}, None, 0, table.version())
    assert table.arrow()["run_id"].to_pylist() == ["second"] * 3
    assert table.arrow()["votes"].to_pylist() == [[("kmeans", 0.5)]] * 3


def test_a_replacement_whose_answer_was_lost_is_not_made_twice(lake: Lake) -> None:
    table = lake.table("anomalies")
    written = table.write_files(anomalies([anomaly("1")]))
    where = {"tenant": ["acme"], "date": [date(2026, 1, 1)]}
    done = table.replace(written, where, None, 0, table.version())
    assert table.replace(written, where, None, 0, done) == done == table.version()
    assert table.arrow()["id"].to_pylist() == ["1"]


def test_rows_are_read_by_column_and_filter(table: Table) -> None:
    _add(table, hourly(30))
    found = table.arrow(["time", "tenant"], where=ds.field("time") >= DAY + timedelta(hours=29))
    assert found.to_pylist() == [{"time": DAY + timedelta(hours=29), "tenant": "acme"}]


def test_many_rows_become_several_files(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ROWS_PER_FILE", 10)
    _add(table, hourly(24))
    assert sorted(file.rows for file in table.files()) == [4, 10, 10]
    assert len(uids(table.arrow())) == 24


def test_duckdb_reads_live_files_and_datasets(lake: Lake, table: Table) -> None:
    _add(table, hourly(30))
    with duckdb.connect() as connection:
        relation = connection.from_arrow(table.dataset(table.files()))
        sql = "count(*), count(DISTINCT date), max(metadata.uid), min(tenant)"
        assert relation.aggregate(sql).fetchall() == [(30, 2, "e9", "acme")]


def test_an_unknown_table_is_refused(lake: Lake) -> None:
    names = "anomalies, daily_use, events, health, quarantine, verdicts"
    with pytest.raises(UsageError, match=names):
        lake.table("event")


def test_a_folder_that_is_no_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "events" / "_delta_log").mkdir(parents=True)
    (tmp_path / "events" / "_delta_log" / "00000000000000000000.json").write_text("{broken")
    with pytest.raises(AntipodeError, match="Could not read the table"):
        Lake(str(tmp_path), Settings()).table("events").version()
