"""Days that are kept: only what changed is made again, and a run by day is a run by month."""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from pyspark.sql import SparkSession

from conf.settings import Settings
from jobs import detect, health, verdict
from jobs.daily_use import use
from jobs.runner import read_events
from jobs.verdict import Said
from lake.lake import Lake
from models.cells import Cells, cells_of, collect_cells
from models.window import Window
from schemas.event import ANOMALY, EVENT

sys.path.insert(0, str(Path(__file__).parent.parent / "models"))
from month_of_use import FIRST, Month, boston, lagos, paris

ANA = "ana@example.com"
MEMORY = 14
LAST = 16  # days from the first
Rows = list[dict[str, Any]]
Make = Callable[..., Lake]


def a_company() -> Rows:
    """Events of a company: failures, strangers' devices, an office, and an attack on one person."""
    month = Month()
    month.colleagues(25)
    month.work("bob@example.com", boston("20.7.7.7"), range(9))
    month.work("bob@example.com", paris(), range(11, 20), hours=(8, 9, 11))
    month.work(ANA, boston(), range(LAST + 1))
    month.fail(ANA, lagos("102.0.9.9"), 9, 2.0, events=7)
    month.use(ANA, lagos(), 10, 15.4, events=12, agent="stranger")
    month.use(ANA, lagos(), 10, 23.98, events=4)
    rows = [row for row in month.events() if row["time"] < at(LAST + 1)]
    rows[5]["person"] = None
    endpoint = dict(rows[6]["src_endpoint"])  # type: ignore[call-overload]
    rows[6]["src_endpoint"] = {**endpoint, "location": None}
    return rows


def at(day: int) -> datetime:
    return FIRST + timedelta(days=day)


def add(lake: Lake, rows: Rows) -> None:
    table = lake.table("events")
    version = table.version()
    table.commit(table.write_files(pa.Table.from_pylist(rows, EVENT)), "test", version + 2, version)


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def lake_of(rows: Rows, name: str = "lake") -> Lake:
        lake = Lake(str(tmp_path / name), Settings())
        add(lake, rows)
        return lake

    return lake_of


def window(last: int) -> Window:
    return Window.of(at(last - MEMORY + 1).date(), at(last).date())


def by_days(lake: Lake, spark: SparkSession, last: int) -> tuple[Cells, int]:
    """Return the cells of the window that ends with a day, and how many days were made."""
    of = window(last)
    live = lake.table("events").files("acme", of.first_day, of.last_day)
    days, made = use(lake, spark, "acme", of, live)
    return cells_of(days, of), made


def at_once(lake: Lake, spark: SparkSession, last: int) -> Cells:
    """Return the same cells, made of the events without any days kept."""
    of = window(last)
    live = lake.table("events").files("acme", of.first_day, of.last_day)
    events = read_events(spark, [file.path for file in live], f"{lake.uri}/events")
    return collect_cells(events, of)


def same(one: Cells, other: Cells) -> bool:
    refused = [
        sorted(
            cells.cells.filter(pc.is_valid(cells.cells["refused"]))
            .group_by("refused")
            .aggregate([("successes", "sum")])
            .to_pylist(),
            key=str,
        )
        for cells in (one, other)
    ]
    used = [cells.cells.filter(pc.is_null(cells.cells["refused"])) for cells in (one, other)]
    return (
        refused[0] == refused[1]
        and used[0].equals(used[1])
        and used[0].num_rows > 0
        and one.devices.equals(other.devices)
        and one.addresses.equals(other.addresses)
    )


def test_a_day_is_made_once_and_the_days_are_the_window(spark: SparkSession, make: Make) -> None:
    lake = make(a_company())
    with_events = len(lake.table("events").files("acme", at(1).date(), at(14).date()))
    cells, made = by_days(lake, spark, 14)
    assert made == with_events
    assert same(cells, at_once(lake, spark, 14))
    cells, made = by_days(lake, spark, LAST)
    assert made == 2
    assert same(cells, at_once(lake, spark, LAST))
    version = lake.table("daily_use").version()
    again, made = by_days(lake, spark, LAST)
    assert (made, lake.table("daily_use").version()) == (0, version)
    assert same(again, cells)


def test_late_events_make_their_day_again_and_no_other(spark: SparkSession, make: Make) -> None:
    rows = a_company()
    late = [row for row in rows if row["time"].day % 5 == 0 and row["person"] == ANA]
    late_days = {row["time"].date() for row in late}
    assert len(late_days) == 2
    lake = make([row for row in rows if row not in late])
    before, _ = by_days(lake, spark, LAST)
    untouched = kept(lake, but=late_days)
    add(lake, late)
    cells, made = by_days(lake, spark, LAST)
    assert made == 2
    assert kept(lake, but=late_days) == untouched
    assert not same(cells, before)
    assert same(cells, at_once(make(rows, "all"), spark, LAST))


def kept(lake: Lake, but: set[date]) -> set[str]:
    """Return the names of the files of days that are kept."""
    return {
        file.key for file in lake.table("daily_use").files() if file.partition["date"] not in but
    }


def test_days_merged_or_emptied_are_made_again(spark: SparkSession, make: Make) -> None:
    rows = a_company()
    lake = make(rows[::2])
    add(lake, rows[1::2])
    before, _ = by_days(lake, spark, LAST)
    events = lake.table("events")
    assert events.rewrite(events.files("acme", at(10).date(), at(10).date()))
    cells, made = by_days(lake, spark, LAST)
    assert made == 1
    assert same(cells, before)
    where = {"tenant": ["acme"], "date": [at(9).date()]}
    events.replace([], where, None, 0, events.version())
    cells, made = by_days(lake, spark, LAST)
    assert made == 0
    assert at(9).date() not in {file.partition["date"] for file in lake.table("daily_use").files()}
    assert same(cells, at_once(lake, spark, LAST))


def rows_of(lake: Lake, last: int) -> Rows:
    table = lake.table("anomalies")
    return table.arrow(live=table.files("acme", at(last).date(), at(last).date())).to_pylist()


def step(lake: Lake, last: int) -> dict[str, Any]:
    report = detect.run(lake.uri, Settings(), days=MEMORY, as_of=at(last + 1).date())
    return dict(report["tenants"]["acme"])


def test_the_last_daily_run_is_the_months_and_runs_again_change_nothing(
    spark: SparkSession, make: Make
) -> None:
    rows = a_company()
    daily = make(rows)
    for last in (LAST - 1, LAST):
        report = step(daily, last)
    assert (report["days_aggregated"], report["flagged"], report["withdrawn"]) == (1, 1, 0)
    month = make(rows, "month")
    step(month, LAST)
    (found,) = rows_of(daily, LAST)
    assert (found["user"], found["city"], found["event_count"]) == (ANA, "Lagos", 23)
    assert rows_of(daily, LAST) == rows_of(month, LAST)
    every = daily.table("anomalies").arrow()
    step(daily, LAST - 1)
    assert daily.table("anomalies").arrow().equals(every)


def test_what_a_run_no_longer_flags_is_taken_back_unless_it_was_malicious(
    spark: SparkSession, make: Make
) -> None:
    lake = make(a_company())
    taken, malicious, longer = (earlier(name) for name in ("taken", "malicious", "longer"))
    table = lake.table("anomalies")
    rows = pa.Table.from_pylist([taken, malicious, longer | {"run_id": "of-60-days"}], ANOMALY)
    table.commit(table.write_files(rows), "test", 1, table.version())
    verdict.give(lake, malicious, Said("malicious"), datetime(2026, 3, 17, tzinfo=UTC))
    report = {"filtered": {}, "explained": {}}
    health.record(lake, "acme", at(12).date(), "of-60-days", 60, 1, report)
    for _ in range(2):
        assert step(lake, LAST)["withdrawn"] == 1
        (back,) = (row for row in rows_of(lake, LAST) if row["withdrawn"])
        assert (back["id"], back["reasons"][0]) == ("taken", "It looked so then")
        assert lake.table("anomalies").arrow().num_rows == 5
    (run,) = (row for row in lake.table("health").arrow().to_pylist() if row["days"] == MEMORY)
    assert (run["flagged"], run["withdrawn"]) == (1, 1)


def earlier(name: str) -> dict[str, Any]:
    """Return a finding of an earlier day about bob in Paris."""
    return {
        "id": name,
        "tenant": "acme",
        "date": at(12).date(),
        "user": f"{name}@example.com",
        "country": "FR",
        "region": "Ile-de-France",
        "city": "Paris",
        "first_time": at(11),
        "last_time": at(12),
        "ips": ["80.0.1.5"],
        "asns": [800],
        "event_uids": ["none"],
        "score": 0.8,
        "severity": "low",
        "reasons": ["It looked so then"],
        "run_id": "an-earlier-run",
        "withdrawn": False,
    }
