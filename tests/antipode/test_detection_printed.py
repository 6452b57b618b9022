"""What `antipode detect` says in the end."""

from typing import Any

from antipode.detection_printed import FILTERED, lines

REPORT: dict[str, Any] = {
    "as_of": "2026-10-31",
    "days": 30,
    "people": 650,
    "cells": 21_701,
    "addresses": 12_234,
    "places": 1_058,
    "active_hours": 70_424,
    "cases": 1_861,
    "flagged": 37,
    "quiet": 0,
    "withdrawn": 0,
    "rarity": 0.0,
    "filtered": {"carrier_addresses": 109, "failed_events": 1_053, "no_place_events": 0},
    "explained": {"egress": 792, "trip": 1_032},
}


def test_what_was_looked_at_and_kept_out_is_told() -> None:
    first, looked_at, doubtful, explained = lines("acme", REPORT)
    assert first == "acme: 37 flagged in the 30 days before 2026-10-31"
    assert "650 people, 12,234 addresses, 1,058 places, 70,424 active hours" in looked_at
    assert f"109 {FILTERED['carrier_addresses']}; 1,053 {FILTERED['failed_events']}" in doubtful
    assert FILTERED["no_place_events"] not in doubtful
    assert explained.endswith("a trip 1,032; a way out shared with colleagues 792")


def test_what_is_out_of_the_ordinary_is_told() -> None:
    said = list(lines("acme", REPORT | {"quiet": 2, "withdrawn": 1, "rarity": 0.31}))
    assert said[0].endswith(", 2 kept quiet by verdicts, 1 of earlier runs withdrawn")
    assert said[-1] == "  as attacks are rare here, 0.31 more in log-odds was asked"
