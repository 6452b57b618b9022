"""The rows of runs: one a day, compared with those before."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from conf.settings import Settings
from jobs.health import past, record
from lake.lake import Lake

FIRST = date(2026, 3, 1)


def report(**more: Any) -> dict[str, Any]:
    return {
        "people": 500,
        "cells": 8_500,
        "addresses": 3_300,
        "places": 900,
        "active_hours": 73_000,
        "cases": 800,
        "flagged": 2,
        "filtered": {"no_address_events": 2_000},
        "explained": {"trip": 150},
    } | more


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Ten days of runs, all alike."""
    made = Lake(str(tmp_path / "lake"), Settings())
    for day in range(10):
        run(made, day)
    return made


def run(lake: Lake, day: int, days: int = 30, tenant: str = "acme", **more: Any) -> list[str]:
    moment = FIRST + timedelta(days=day)
    return record(lake, tenant, moment, f"run-{day}", days, 200_000, report(**more))


def test_a_jump_is_told_and_kept(lake: Lake) -> None:
    (warning,) = run(lake, 10, filtered={"no_address_events": 60_000})
    assert warning.startswith("no address events: 30.0% of events, usually 1.0%")
    kept = lake.table("health").arrow().sort_by("date").to_pylist()
    assert [row["warnings"] for row in kept] == [[]] * 10 + [[warning]]
    assert dict(kept[-1]["filtered"]) == {"no_address_events": 60_000}
    assert (kept[-1]["quiet"], kept[-1]["events"]) == (0, 200_000)


def test_a_day_run_again_is_compared_with_the_days_before_it_and_replaced(lake: Lake) -> None:
    run(lake, 10, filtered={"no_address_events": 60_000})
    assert run(lake, 10) == []
    assert run(lake, 7) == []
    assert lake.table("health").arrow().num_rows == 11
    assert [row["date"].day for row in past(lake, "acme", FIRST + timedelta(days=7), 30)] == [
        *range(1, 8)
    ]


def test_runs_of_another_length_or_tenant_are_not_compared(lake: Lake) -> None:
    assert run(lake, 11, days=1, filtered={"no_address_events": 60_000}) == []
    assert run(lake, 11, tenant="other", filtered={"no_address_events": 60_000}) == []
