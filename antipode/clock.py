"""The one place where the time is asked; everything below is told it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from conf.errors import UsageError


def now() -> datetime:
    """Return the time, UTC."""
    return datetime.now(UTC)


def day(text: str | None, option: str) -> date | None:
    """Return the day that a user wrote as YYYY-MM-DD; None when nothing was written.

    `option` is where it was written, such as --as-of.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text!r}: no date; write it as YYYY-MM-DD") from None


def midnight(day: date | None) -> datetime | None:
    """Return the begin of a day, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None


def sleep(seconds: float) -> None:
    """Return after so many seconds."""
    time.sleep(seconds)


def wait_until(began: datetime, seconds: float) -> None:
    """Return `seconds` after `began`, at once if that has passed."""
    time.sleep(max(0.0, seconds - (now() - began).total_seconds()))


class Stages:
    """The seconds that each stage of a command took."""

    def __init__(self) -> None:
        """No stage yet."""
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure a stage."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(time.monotonic() - began, 2)
