"""Rate limits: so many calls in a window of time, counted for each account."""

from collections.abc import Hashable
from dataclasses import dataclass

from provider_simulator.clock import SECOND


@dataclass(frozen=True)
class Limit:
    """At most `calls` in a window of `seconds`; a window begins with its first call."""

    calls: int
    seconds: float
    name: str = ""  # calls under different names are counted apart


@dataclass(frozen=True)
class Usage:
    """What is left of a limit after a call. `reset` is in seconds from now; negative remains: 0."""

    limit: Limit
    remaining: int
    reset: float

    @property
    def exceeded(self) -> bool:
        return self.remaining < 0


class Limits:
    """Counts calls."""

    def __init__(self) -> None:
        self._windows: dict[Hashable, tuple[int, int]] = {}  # beginning, calls

    def count(self, account: Hashable, limit: Limit, now: int) -> Usage:
        """Count a call at `now` (milliseconds) and return what is left."""
        key = account, limit.name
        length = round(limit.seconds * SECOND)
        begin, calls = self._windows.get(key, (now, 0))
        if not begin <= now < begin + length:
            begin, calls = now, 0
        self._windows[key] = begin, calls + 1
        return Usage(limit, limit.calls - calls - 1, (begin + length - now) / SECOND)
