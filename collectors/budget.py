"""How many requests an account may still take: one budget for all its streams.

A bucket that fills at the granted share of the documented rate, and a time before which nothing is
sent, set by what the provider itself tells: `Retry-After`, or headers that say what is left of a
quota which others use, too.
"""

import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.contract import Limits, Quota

PATIENT = 10.0  # seconds that requests asked for at the same time may wait for each other
BURST = timedelta(minutes=1)  # the bucket holds at most what comes in this long
MOST_TRUSTED = timedelta(hours=1)  # a reset further away than this is not believed


class Budget:
    """What one account may still be asked. `take` before each request, `heed` after it."""

    def __init__(self, limits: Limits, share: float) -> None:
        """`share`: the part of the quota that is ours, in (0, 1]."""
        self._quota, self._share = limits.quota, share
        self._rate = limits.requests * share / limits.per.total_seconds()
        self._full = max(1.0, self._rate * min(limits.per, BURST).total_seconds())
        self._tokens = self._full
        self._at: datetime | None = None
        self._closed_until: datetime | None = None
        self._alone = threading.Lock()

    def take(self, now: datetime) -> float:
        """Take one request; return the seconds to wait before it is sent."""
        with self._alone:
            self._fill(now)
            self._tokens -= 1.0
            wait = max(0.0, -self._tokens / self._rate)
            if self._closed_until is not None:
                wait = max(wait, (self._closed_until - now).total_seconds())
            return wait

    def at_once(self, wanted: int) -> int:
        """Return how many of so many requests may be asked for side by side: of a slow quota one.

        More would only wait for it, one behind the other.
        """
        return max(1, min(wanted, int(self._rate * PATIENT)))

    def closed_for(self, now: datetime) -> float:
        """Return the seconds for which nothing is to be sent."""
        with self._alone:
            if self._closed_until is None:
                return 0.0
            return max(0.0, (self._closed_until - now).total_seconds())

    def give_back(self) -> None:
        """Put back one request that was taken and not sent."""
        with self._alone:
            self._tokens = min(self._full, self._tokens + 1.0)

    def close(self, until: datetime) -> None:
        """Send nothing before `until`: the provider asked for it."""
        with self._alone:
            self._closed_until = max(until, self._closed_until or until)

    def heed(self, headers: Mapping[str, str], now: datetime) -> None:
        """Close until the quota is full again when only the customer's part of it is left."""
        if self._quota is None:
            return
        left = _left(headers, self._quota, now)
        if left is None:
            return
        limit, remaining, reset = left
        # One request must always be possible, however small the share of a small quota.
        if remaining <= min(limit * (1.0 - self._share), limit - 1):
            self.close(min(reset, now + MOST_TRUSTED))

    def saved(self) -> dict[str, Any]:
        """Return the state, for whoever holds the account next."""
        with self._alone:
            return {
                "tokens": round(self._tokens, 3),
                "at": self._at.isoformat() if self._at else None,
                "closed_until": self._closed_until.isoformat() if self._closed_until else None,
            }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state that another holder saved; what cannot be read is as new."""
        with self._alone:
            try:
                tokens = min(self._full, float(state["tokens"]))
                at = datetime.fromisoformat(state["at"]) if state["at"] else None
                closed = state["closed_until"]
                closed_until = datetime.fromisoformat(closed) if closed else None
            except (KeyError, TypeError, ValueError):
                return
            self._tokens, self._at, self._closed_until = tokens, at, closed_until

    def _fill(self, now: datetime) -> None:
        if self._at is not None and now > self._at:
            gained = (now - self._at).total_seconds() * self._rate
            self._tokens = min(self._full, self._tokens + gained)
        if self._at is None or now > self._at:
            self._at = now


def _left(
    headers: Mapping[str, str], quota: Quota, now: datetime
) -> tuple[float, float, datetime] | None:
    try:
        limit = float(headers[quota.limit])
        remaining = float(headers[quota.remaining])
        seconds = float(headers[quota.reset])
        if quota.reset_is == "seconds":
            return limit, remaining, now + timedelta(seconds=seconds)
        return limit, remaining, datetime.fromtimestamp(seconds, UTC)
    except (KeyError, ValueError, OverflowError, OSError):
        return None
