"""How many requests an account may still take: one budget for all its streams.

For each documented limit a bucket that lets the granted share of it through (`bucket.py`), and a
time before which nothing is sent, set by what the provider itself tells: `Retry-After`, or headers
that say what is left of a quota which others use, too.
"""

import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from collectors.bucket import Bucket
from collectors.contract import Limits

PATIENT = 10.0  # seconds that requests asked for at the same time may wait for each other
MOST_TRUSTED = timedelta(hours=1)  # a reset further away than this is not believed


class Budget:
    """What one account may still be asked. `take` before each request, `heed` after it."""

    def __init__(self, limits: Limits, share: float, times: float = 1.0) -> None:
        """`share`: the part that is ours, in (0, 1], of the quota; `times`: as the documented."""
        self._quota, self._share = limits.quota, share
        self._buckets = [
            Bucket(limit.requests * times * share, limit.per) for limit in (limits, *limits.also)
        ]
        self._closed_until: datetime | None = None
        self._alone = threading.Lock()

    def take(self, now: datetime) -> float:
        """Take one request; return the seconds to wait before it is sent."""
        with self._alone:
            # After a time when nothing was sent, not all that waited for its end go at once.
            at = now if self._closed_until is None else max(now, self._closed_until)
            while (later := max(bucket.earliest(at) for bucket in self._buckets)) > at:
                at = later
            for bucket in self._buckets:
                bucket.take(at)
            return (at - now).total_seconds()

    def at_once(self, wanted: int) -> int:
        """Return how many of so many requests may be asked for side by side: of a slow quota one.

        More would only wait for it, one behind the other.
        """
        slowest = min(bucket.rate for bucket in self._buckets)
        return max(1, min(wanted, int(slowest * PATIENT)))

    def closed_for(self, now: datetime) -> float:
        """Return the seconds for which nothing is to be sent."""
        with self._alone:
            if self._closed_until is None:
                return 0.0
            return max(0.0, (self._closed_until - now).total_seconds())

    def give_back(self) -> None:
        """Put back one request that was taken and not sent."""
        with self._alone:
            for bucket in self._buckets:
                bucket.give_back()

    def close(self, until: datetime) -> None:
        """Send nothing before `until`: the provider asked for it."""
        with self._alone:
            self._closed_until = max(until, self._closed_until or until)

    def heed(self, headers: Mapping[str, str], now: datetime) -> None:
        """Close until the quota is full again when only the customer's part of it is left."""
        left = self._quota.left(headers, now) if self._quota is not None else None
        if left is None:
            return
        # One request must always be possible, however small the share of a small quota.
        if left.remaining <= min(left.limit * (1.0 - self._share), left.limit - 1):
            self.close(min(left.reset, now + MOST_TRUSTED))

    def saved(self) -> dict[str, Any]:
        """Return the state, for whoever holds the account next."""
        with self._alone:
            return {
                "buckets": [bucket.saved() for bucket in self._buckets],
                "closed_until": self._closed_until.isoformat() if self._closed_until else None,
            }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from the state that another holder saved; what cannot be read is as new."""
        with self._alone:
            try:
                known = [
                    (float(tokens), datetime.fromisoformat(at) if at else None)
                    for tokens, at in state["buckets"]
                ]
                closed = state["closed_until"]
                closed_until = datetime.fromisoformat(closed) if closed else None
            except (KeyError, TypeError, ValueError):
                return
            if len(known) != len(self._buckets):
                return
            for bucket, (tokens, at) in zip(self._buckets, known, strict=True):
                bucket.restore(tokens, at)
            self._closed_until = closed_until
