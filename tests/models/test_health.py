"""Which runs are unlike those before."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from models.health import RUNS_LEAST, band, jumps, shares


def run(**more: Any) -> dict[str, Any]:
    return {
        "events": 200_000,
        "people": 500,
        "cells": 8_500,
        "addresses": 3_300,
        "places": 900,
        "active_hours": 73_000,
        "cases": 800,
        "flagged": 2,
        "quiet": 0,
        "filtered": {"no_address_events": 2_000, "carrier_addresses": 40},
        "explained": {"trip": 150, "egress": 500},
    } | more


USUAL = [
    run(events=200_000 + 500 * n, explained={"trip": 145 + n, "egress": 500}) for n in range(9)
]


def test_shares_are_of_events_addresses_cases_and_people() -> None:
    found = {name: str(share) for name, share in shares(run()).items()}
    assert found["no address events"] == "1.0% of events"
    assert found["carrier addresses"] == "1.2% of addresses"
    assert found["cases explained by trip"] == "18.8% of cases"
    assert found["cells"] == "17.00 a person"


def test_a_run_like_the_others_is_quiet() -> None:
    assert jumps(run(), USUAL) == []
    assert jumps(run(flagged=6, events=230_000), USUAL) == []


def test_a_jump_is_told_with_what_is_usual() -> None:
    """A source lost its addresses: more events are kept out, and fewer hours are seen."""
    filtered = {"no_address_events": 90_000, "carrier_addresses": 40}
    told = jumps(run(filtered=filtered, active_hours=40_000), USUAL)
    assert told == [
        "active hours: 80.00 a person, usually 146.00 a person (median of 9 runs)",
        "no address events: 45.0% of events, usually 1.0% of events (median of 9 runs)",
    ]


def test_what_was_never_seen_or_is_gone_jumps_too() -> None:
    new = jumps(run(filtered={"no_place_events": 9_000, "carrier_addresses": 40}), USUAL)
    assert [line.split(":")[0] for line in new] == ["no address events", "no place events"]
    assert "cases explained by egress: 0.0%" in jumps(run(explained={"trip": 150}), USUAL)[0]


def test_twice_the_people_are_told() -> None:
    doubled = {name: 2 * value for name, value in run().items() if isinstance(value, int)}
    filtered = {"no_address_events": 4_000, "carrier_addresses": 80}
    told = jumps(
        run(**doubled | {"filtered": filtered}, explained={"trip": 300, "egress": 1000}), USUAL
    )
    assert told == ["people: 1,000, usually 500"]


def test_a_flood_of_flagged_rows_is_told_a_few_are_not() -> None:
    assert jumps(run(flagged=8), USUAL) == []
    assert jumps(run(flagged=30), USUAL)[0].startswith("flagged: 0.06 a person")


def test_few_runs_say_nothing_of_what_is_usual() -> None:
    assert jumps(run(events=1), USUAL[: RUNS_LEAST - 1]) == []


def test_odd_runs_among_the_past_do_not_widen_the_band() -> None:
    odd = [run(filtered={"no_address_events": 150_000, "carrier_addresses": 40})] * 2
    told = jumps(run(filtered={"no_address_events": 90_000, "carrier_addresses": 40}), USUAL + odd)
    assert len(told) == 1


@given(st.lists(st.floats(0, 1), min_size=RUNS_LEAST, max_size=30), st.floats(0, 1e6))
def test_the_median_never_jumps(usual: list[float], whole: float) -> None:
    low, high = band(usual, whole)
    assert low <= sorted(usual)[len(usual) // 2] <= high or len(usual) % 2 == 0
    assert low <= high
