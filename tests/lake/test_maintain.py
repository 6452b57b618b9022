"""Upkeep: files merged and swept beside readers and writers, never a file that is needed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from lake_rows import DAY, anomalies, anomaly, hourly, uids

from conf.settings import Settings
from lake import maintain as maintain_module
from lake.lake import Lake
from lake.maintain import Maintained, compact, maintain
from lake.tables import Table

LATER = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def table(lake: Lake) -> Table:
    return lake.table("events")


def _add(table: Table, rows: pa.Table) -> None:
    sequence = (table.transaction("app") or 0) + 1
    table.commit(table.write_files(rows), "app", sequence, table.version())


def _stored(lake: Lake) -> set[str]:
    keys = lake.objects.list("events/")
    return {key for key in keys if key.endswith(".parquet") and "_delta_log" not in key}


def _live(lake: Lake) -> set[str]:
    return {f"events/{file.key}" for file in lake.table("events").files()}


def test_small_files_of_past_days_become_one_each_sorted(table: Table) -> None:
    for part in range(4):
        _add(table, hourly(4, DAY + timedelta(hours=22, minutes=part), name=f"p{part}-"))
    assert len(table.files()) == 8
    assert compact(table, before=date(2026, 1, 2)) == (4, 1)
    first, *others = table.files()
    assert (first.rows, len(others)) == (8, 4)
    assert len(uids(table.arrow())) == len(set(uids(table.arrow()))) == 16
    times = table.arrow(["time"], live=[first])["time"].to_pylist()
    assert times == sorted(times)
    assert first.ranges["time"] == (times[0], times[-1])
    assert table.transaction("app") == 4
    assert compact(table, before=date(2026, 1, 2)) == (0, 0)


def test_large_files_and_other_tenants_stay_apart(
    table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(maintain_module, "SMALL", 5)
    monkeypatch.setattr(maintain_module, "ROWS_PER_FILE", 10)
    for count, tenant in ((8, "a"), (4, "a"), (4, "a"), (4, "a"), (2, "b")):
        _add(table, hourly(count, name=f"{table.version()}-", tenant=tenant))
    compact(table, before=LATER.date())
    found = sorted((file.partition["tenant"], file.rows) for file in table.files())
    assert found == [("a", 4), ("a", 8), ("a", 8), ("b", 2)]
    assert len(set(uids(table.arrow()))) == 22


def test_merging_goes_on_when_somebody_adds_meanwhile(
    lake: Lake, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    for part in range(3):
        _add(table, hourly(2, name=f"p{part}-"))
    other = Lake(lake.uri, Settings()).table("events")
    change, calls = table._log.change, []

    def change_after_another(*args: Any, **kwargs: Any) -> int:
        if not calls:
            calls.append("added")
            _add(other, hourly(1, name="meanwhile"))
        return change(*args, **kwargs)

    monkeypatch.setattr(table._log, "change", change_after_another)
    assert table.rewrite(table.files())
    assert calls == ["added"]
    assert len(table.files()) == 2
    assert len(set(uids(table.arrow()))) == 7


def test_merging_is_given_up_when_a_file_is_gone(lake: Lake, table: Table) -> None:
    for part in range(2):
        _add(table, hourly(2, name=f"p{part}-", raw_object=f"raw/{part}"))
    seen = table.files()
    other = Lake(lake.uri, Settings()).table("events")
    other.replace([], {"raw_object": ["raw/0"]}, None, 0, other.version())
    assert not table.rewrite(seen)
    assert sorted(uids(table.arrow())) == ["p1-0", "p1-1"]


def test_removed_files_are_kept_for_those_who_still_read(lake: Lake, table: Table) -> None:
    _add(table, hourly(3))
    seen = table.files()
    table.replace([], {"tenant": ["acme"]}, None, 0, table.version())
    assert table.sweep(timedelta(days=7)) == 0
    assert table.arrow(live=seen).num_rows == 3
    assert table.sweep(timedelta(0)) == 1
    assert _stored(lake) == _live(lake) == set()


def test_files_of_a_writer_that_died_are_swept(lake: Lake, table: Table) -> None:
    _add(table, hourly(30))
    table.write_files(hourly(30, name="dead"))
    assert len(_stored(lake)) == 4
    assert table.sweep(timedelta(days=7)) == 2
    assert _stored(lake) == _live(lake)
    assert len(uids(table.arrow())) == 30


def test_files_of_a_slow_writer_are_there_when_it_commits(lake: Lake, table: Table) -> None:
    _add(table, hourly(1))
    slow = Lake(lake.uri, Settings()).table("events")
    written = slow.write_files(hourly(30, name="slow"))
    assert table.sweep(timedelta(days=7)) == 2
    slow.commit(written, "slow", 1, slow.version())
    assert len(uids(table.arrow())) == 31
    assert table.sweep(timedelta(days=7)) == 0
    assert _stored(lake) == _live(lake)


def test_files_written_after_a_sweep_are_not_put_twice(lake: Lake, table: Table) -> None:
    _add(table, hourly(1))
    table.write_files(hourly(1, name="dead"))
    table.sweep(timedelta(days=7))
    _add(table, hourly(1, name="after"))
    assert _stored(lake) == _live(lake)
    assert len(_stored(lake)) == 2


def test_the_first_file_of_a_new_table_may_be_swept_and_come_again(lake: Lake) -> None:
    slow = lake.table("events")
    written = slow.write_files(hourly(1, name="slow"))
    other = Lake(lake.uri, Settings()).table("events")
    _add(other, hourly(1))
    assert other.sweep(timedelta(days=7)) == 1
    slow.commit(written, "slow", 1, slow.version())
    assert sorted(uids(other.arrow())) == ["e0", "slow0"]


def test_everything_at_once_is_counted_and_the_second_time_there_is_nothing_to_do(
    folder_lake: Lake,
) -> None:
    table = folder_lake.table("events")
    for part in range(3):
        _add(table, hourly(2, name=f"p{part}-"))
    table.write_files(hourly(1, name="dead"))
    folder_lake.objects.put(
        "raw/source=okta/tenant=acme/date=2026-01-01/hour=00/"
        "20260101000000000000-0000000000000000-log.ndjson.zst",
        b"",
    )
    done = maintain(folder_lake, LATER, keep_removed=timedelta(0))
    assert done == Maintained(merged=3, into=1, table_files=4, raw_objects=1, temporary_files=0)
    assert len(uids(table.arrow())) == 6
    again = maintain(folder_lake, LATER, keep_removed=timedelta(0))
    assert again == Maintained(0, 0, 0, 0, 0)


def test_every_parquet_file_below_anomalies_holds_rows(folder_lake: Lake) -> None:
    table = folder_lake.table("anomalies")
    for run in range(60):  # past where other tables write a checkpoint
        rows = anomalies([anomaly("1", run_id=f"run {run}")])
        where = {"tenant": ["acme"], "date": [DAY.date()]}
        table.replace(table.write_files(rows), where, None, 0, table.version())
    table.write_files(anomalies([anomaly("dead", run_id="a run that died")]))
    table.sweep(timedelta(0))
    table.tidy()
    everything = f"read_parquet('{folder_lake.uri}/anomalies/**/*.parquet', hive_partitioning=true)"
    with duckdb.connect() as connection:
        found = connection.sql(f"SELECT id, run_id, tenant, date FROM {everything}").fetchall()
    assert found == [("1", "run 59", "acme", DAY.date())]


def test_an_empty_lake_needs_no_upkeep(lake: Lake) -> None:
    assert maintain(lake, LATER) == Maintained(0, 0, 0, 0, 0)
