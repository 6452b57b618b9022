"""How fast one limit lets requests through: never more than its share in any span of one period.

A bucket of B tokens that gains r a second lets through N requests within d seconds only if
N <= B + r d. For no half-open span of one period T to hold more than q, the bucket is small,
B = q / 10 (one at least, and what a minute brings at most), and filled at r = (q - B + 1) / T: then
N < B + r T = q + 1. A bucket of q filled at q / T, which is the usual one, lets 2 q through in its
first period. (The generic cell rate algorithm of ITU-T I.371 is the same with B as its tolerance.)
"""

import math
from datetime import datetime, timedelta

BURST = 0.1  # the part of a period's requests that may come at once
LONGEST_BURST = timedelta(minutes=1)


class Bucket:
    """The requests that one limit still lets through. Not safe for several threads."""

    def __init__(self, requests: float, per: timedelta) -> None:
        """`requests`: as many in `per` at most; less than one: one in so many periods."""
        seconds = per.total_seconds()
        whole = max(1, math.floor(requests + 1e-9))
        minute = requests * min(1.0, LONGEST_BURST / per)
        self._full = float(max(1, math.floor(min(whole * BURST, minute))))
        self.rate = min(requests, whole - self._full + 1) / seconds  # requests a second
        self._tokens = self._full
        self._at: datetime | None = None

    def earliest(self, now: datetime) -> datetime:
        """Return when the next request may be sent: `now` or later."""
        at = now if self._at is None else max(now, self._at)
        missing = 1.0 - self._tokens_at(at)
        if missing <= 0:
            return at
        return at + timedelta(microseconds=math.ceil(missing / self.rate * 1e6))

    def take(self, at: datetime) -> None:
        """Take one for a request that is sent at a time; times must not go back."""
        self._tokens = self._tokens_at(at) - 1.0
        self._at = at if self._at is None else max(at, self._at)

    def give_back(self) -> None:
        """Put back one that was taken and not sent."""
        self._tokens = min(self._full, self._tokens + 1.0)

    def saved(self) -> list[object]:
        """Return the state."""
        tokens = math.floor(self._tokens * 1e6) / 1e6
        return [tokens, self._at.isoformat() if self._at else None]

    def restore(self, tokens: float, at: datetime | None) -> None:
        """Go on from a state."""
        self._tokens, self._at = min(self._full, tokens), at

    def _tokens_at(self, at: datetime) -> float:
        if self._at is None or at <= self._at:
            return self._tokens
        gained = (at - self._at).total_seconds() * self.rate
        return min(self._full, self._tokens + gained)
