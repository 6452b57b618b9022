"""Detection on a lake: what it writes, that it writes it once, and what it refuses."""

import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from conf.errors import AntipodeError, MissingDependency, UsageError
from conf.settings import Settings
from jobs import detect, runner
from lake.lake import Lake
from schemas.event import EVENT

sys.path.insert(0, str(Path(__file__).parent.parent / "models"))
from month_of_use import DAYS, Month, boston, lagos

ANA = "ana@example.com"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    month = Month()
    month.colleagues(30)
    month.work(ANA, boston(), range(DAYS))
    month.use(ANA, lagos(), 8, 15.4, events=12, agent="stranger")
    made = Lake(str(tmp_path / "lake"), Settings())
    table = made.table("events")
    written = table.write_files(pa.Table.from_pylist(month.events(), EVENT))
    table.commit(written, "test", 1, table.version())
    return made


def test_it_finds_the_place_writes_it_once_and_reports(spark: SparkSession, lake: Lake) -> None:
    said: list[str] = []
    report = detect.run(lake.uri, Settings(), say=said.append)
    first = lake.table("anomalies").arrow()
    again = detect.run(lake.uri, Settings(), tenant="acme")
    second = lake.table("anomalies").arrow()
    (row,) = first.to_pylist()
    assert (row["user"], row["country"], row["city"]) == (ANA, "NG", "Lagos")
    assert row["event_count"] == len(row["event_uids"]) == 12
    assert row["date"] == date(2026, 3, 27)  # the last day with events
    assert second.equals(first)
    assert report["flagged"] == again["flagged"] == 1
    health = report["tenants"]["acme"]
    assert (health["people"], health["as_of"]) == (31, "2026-03-28")
    assert health["filtered"]["failed_events"] == 0
    assert {"spark", "cells", "learn", "explain", "evidence", "write"} <= set(report["seconds"])
    assert said == ["acme: looking at 30 days"]
    # Seen from before the attack there is none, and that replaces nothing of another day.
    earlier = detect.run(lake.uri, Settings(), as_of=date(2026, 3, 9), days=5)
    assert earlier["flagged"] == 0
    assert lake.table("anomalies").arrow().equals(first)


def test_a_lake_or_a_time_without_events_is_refused(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no events; run `antipode normalize` first"):
        detect.run(str(tmp_path / "empty"), Settings())
    with pytest.raises(UsageError, match="holds no events of 'other'"):
        detect.run(lake.uri, Settings(), tenant="other")
    with pytest.raises(UsageError, match="days: 0 is too few"):
        detect.run(lake.uri, Settings(), days=0)


def test_days_without_events_are_refused(spark: SparkSession, lake: Lake) -> None:
    with pytest.raises(UsageError, match="no events in the 30 days before 2020-01-01"):
        detect.run(lake.uri, Settings(), as_of=date(2020, 1, 1))


def test_rows_of_another_schema_are_refused() -> None:
    with pytest.raises(AntipodeError, match="another schema"):
        detect.check(pa.table({"id": ["x"]}))


def test_without_java_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingDependency, match="openjdk-17-jre-headless"):
        runner.require_java()
