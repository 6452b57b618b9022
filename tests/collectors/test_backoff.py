"""How long to wait before asking again."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from collectors.backoff import FIRST, LONGEST, date_of, delay, retry_after

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)


def test_waits_grow_to_a_bound_and_are_spread_over_all_of_it() -> None:
    chance = random.Random(1)
    for attempt in range(12):
        bound = min(LONGEST, FIRST * 2**attempt)
        waits = [delay(attempt, chance) for _ in range(300)]
        assert min(waits) < bound / 10
        assert bound * 0.9 < max(waits) <= bound


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("Sat, 10 Jan 2026 12:00:30 GMT", 30.0),
        ("Sat, 10 Jan 2026 11:00:00 GMT", 0.0),
        ("2026-01-10T12:00:30Z", 30.0),
        ("2026-01-10T12:00:30", 30.0),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}, NOON) == seconds


def test_a_date_is_of_the_providers_clock_which_may_be_off() -> None:
    headers = {
        "retry-after": "Sat, 10 Jan 2026 12:05:30 GMT",
        "date": "Sat, 10 Jan 2026 12:05:00 GMT",
    }
    assert retry_after(headers, NOON) == 30.0
    assert date_of(headers) == NOON + timedelta(minutes=5)


def test_an_answer_without_a_date_tells_no_time() -> None:
    assert date_of({}) is None
    assert date_of({"date": "yesterday"}) is None
