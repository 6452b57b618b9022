"""Events to cells, in Spark: the same as written down by hand, and what is kept out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from month_of_use import DAYS, WINDOW, Month, boston, lagos
from pyspark.sql import DataFrame, SparkSession

from jobs.runner import read_events
from models.cells import Cells, collect_cells
from models.company import Company, company
from models.user_agents import COMPUTER, TELEPHONE, TOOL
from models.window import Window
from schemas.event import EVENT

ANA = "ana@example.com"
Read = Callable[[list[dict[str, object]]], DataFrame]


@pytest.fixture
def read(spark: SparkSession, tmp_path: Path) -> Read:
    def read_rows(rows: list[dict[str, object]]) -> DataFrame:
        pq.write_table(pa.Table.from_pylist(rows, EVENT), tmp_path / "events.parquet")
        return read_events(spark, [str(tmp_path / "events.parquet")], str(tmp_path))

    return read_rows


def seen(known: Company) -> list[tuple[object, ...]]:
    """Return all active hours in words."""
    presences = known.presences
    return sorted(
        (
            known.people[presences.person[row]],
            known.addresses.ip[presences.address[row]],
            int(presences.first[row]),
            int(presences.last[row]),
            int(presences.events[row]),
        )
        for row in range(len(presences.first))
    )


def a_month() -> Month:
    month = Month()
    month.work(ANA, boston(), range(10))
    month.use(ANA, lagos(), 3, 15.99, events=4)
    month.fail(ANA, lagos("102.0.9.9"), 5, 2.0, events=7)
    month.work("bob@example.com", boston("20.7.7.7"), range(DAYS))
    return month


def test_spark_sees_the_active_hours_that_were_written(read: Read) -> None:
    month = a_month()
    by_spark = company(collect_cells(read(month.events()), WINDOW))
    assert seen(by_spark) == seen(company(month.cells()))
    assert by_spark.places.country == ["NG", "US"]
    assert by_spark.refused == {}


def test_a_use_that_goes_on_past_the_hour_is_two_active_hours(read: Read) -> None:
    month = Month()
    month.use(ANA, lagos(), 3, 15.99, events=4)
    known = company(collect_cells(read(month.events()), WINDOW))
    assert known.presences.events.tolist() == [1, 3]
    assert known.presences.first.tolist()[0] == 3 * 86400 + 15 * 3600 + 3564


def test_a_failed_event_is_counted_and_is_no_presence(read: Read) -> None:
    known = company(collect_cells(read(a_month().events()), WINDOW))
    address = known.addresses.ip.index("102.0.9.9")
    assert known.cells.failures[known.cells.address == address].tolist() == [7]
    assert address not in known.presences.address


def test_what_is_no_persons_use_of_an_address_is_kept_out_and_counted(read: Read) -> None:
    month = Month()
    month.use(ANA, boston(), 1, 10.0, events=6)
    rows = month.events()
    rows[0]["person"] = None
    rows[1]["actor"] = {"user": {"type_id": 3}}
    endpoint = dict(rows[2]["src_endpoint"])  # type: ignore[call-overload]
    rows[2]["src_endpoint"] = {**endpoint, "ip": None, "svc_name": "provider.example"}
    rows[3]["src_endpoint"] = {**endpoint, "svc_name": "provider.example"}
    rows[4]["src_endpoint"] = {**endpoint, "location": None}
    known = company(collect_cells(read(rows), WINDOW))
    assert known.refused == dict.fromkeys(
        ("no_person", "system_actor", "no_address", "provider_machine", "no_place"), 1
    )
    assert known.cells.successes.tolist() == [1]


def test_only_the_days_of_the_window_count(read: Read) -> None:
    month = Month()
    for day in range(4):
        month.use(ANA, boston(), day, 0.0, events=1)
    events = read(month.events())
    day = WINDOW.start + (WINDOW.end - WINDOW.start) / DAYS
    cells: Cells = collect_cells(events, Window(day, day + 2 * (day - WINDOW.start)))
    assert company(cells).presences.first.tolist() == [0, 86400]


def test_a_device_is_a_user_agent_without_its_numbers(read: Read) -> None:
    month = Month()
    month.use(ANA, boston(), 1, 10.0, events=2, agent="Browser/1.2")
    month.use(ANA, boston(), 2, 10.0, events=3, agent="Browser/1.3")
    month.use(ANA, boston(), 3, 10.0, events=1, agent="Other/1.3")
    devices = company(collect_cells(read(month.events()), WINDOW)).devices
    assert sorted(np.bincount(devices.device, weights=devices.events)) == [1, 5]
    assert sorted(devices.events) == [1, 2, 3], "each version by itself"


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/155.0", COMPUTER),
        ("Client=OWA;Mozilla/5.0 (X11; Linux x86_64) Chrome/154.0 Safari/537.36", COMPUTER),
        ("Mozilla/5.0 (Linux; Android 10; K) Chrome/154.0 Mobile Safari/537.36", TELEPHONE),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) Mobile/15E148", TELEPHONE),
        ("Outlook-iOS/5.2634.0", TELEPHONE),
        ("python-requests/2.32.5", TOOL),
        ("git/2.54.2", TOOL),
    ],
)
def test_a_user_agent_says_what_kind_of_device_it_is(read: Read, agent: str, kind: int) -> None:
    month = Month()
    month.use(ANA, boston(), 1, 10.0, agent=agent)
    assert company(collect_cells(read(month.events()), WINDOW)).devices.kind.tolist() == [kind]


def test_an_address_that_the_database_moved_is_two(read: Read) -> None:
    month = Month()
    month.use(ANA, boston(), 1, 10.0)
    month.use(ANA, replace(boston(), city="Cambridge"), 2, 10.0)
    known = company(collect_cells(read(month.events()), WINDOW))
    assert known.addresses.ip == ["20.0.1.5", "20.0.1.5"]
    assert sorted(str(city) for city in known.places.city) == ["Boston", "Cambridge"]
    assert len(np.unique(known.addresses.place)) == 2


def test_an_address_that_a_new_build_of_the_database_leaves_where_it_was_is_one(read: Read) -> None:
    month = Month()
    month.use(ANA, boston(), 1, 10.0)
    month.use(ANA, boston(), 2, 10.0)
    rows = month.events()
    for row, build in zip(rows, ("2026-10", "2026-11"), strict=False):
        place = row["place"]
        assert isinstance(place, dict)
        row["place"] = {**place, "database": build}
    known = company(collect_cells(read(rows), WINDOW))
    assert known.addresses.ip == ["20.0.1.5"]
    assert len(known.cells.person) == 1
