"""The time of the simulator, in milliseconds since 1970 (UTC): the real one until it is set."""

import time
from datetime import UTC, datetime
from functools import lru_cache

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Clock:
    """A clock that can be set, stopped and put forward."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Show the real time again."""
        self._shown = time.time_ns() // 1_000_000
        self._since = time.monotonic_ns()
        self.running = True

    def now(self) -> int:
        if not self.running:
            return self._shown
        return self._shown + (time.monotonic_ns() - self._since) // 1_000_000

    def set(self, now: int, *, running: bool) -> None:
        """Show `now`, and go on from there if `running`."""
        self._shown, self._since, self.running = now, time.monotonic_ns(), running


@lru_cache(maxsize=64)
def _date(day: int) -> str:
    return datetime.fromtimestamp(day * 86_400, UTC).strftime("%Y-%m-%d")


def iso_seconds(moment: int) -> str:
    """`2026-10-01T07:08:09Z`"""
    return f"{iso_plain(moment)}Z"


def iso_plain(moment: int) -> str:
    """`2026-10-01T07:08:09`, without a zone."""
    day, rest = divmod(moment, DAY)
    seconds = rest // SECOND
    return f"{_date(day)}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def iso_milliseconds(moment: int) -> str:
    """`2026-10-01T07:08:09.123Z`"""
    return f"{iso_plain(moment)}.{moment % SECOND:03}Z"


def parsed(text: str) -> int:
    """Return the milliseconds of an ISO 8601 moment; without zone it is UTC. Raises ValueError."""
    # A plus sign in a query that was not escaped arrives as a blank.
    moment = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * SECOND)


def http_date(moment: int) -> str:
    """The form of the `Date` header (RFC 9110, 5.6.7)."""
    return _http_date(moment // SECOND)


@lru_cache(maxsize=64)
def _http_date(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
