"""What a provider tells, with its answers, of a quota that the customer's other tools use, too."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple


class Left(NamedTuple):
    """What is left of a quota: `remaining` of `limit` requests, until `reset`."""

    limit: float
    remaining: float
    reset: datetime


@dataclass(frozen=True)
class Quota:
    """The names of the headers in which a provider tells what is left, in lower case.

    `reset` holds seconds since 1970 (`reset_is="epoch"`) or seconds from now (`"seconds"`).
    """

    limit: str = "x-rate-limit-limit"
    remaining: str = "x-rate-limit-remaining"
    reset: str = "x-rate-limit-reset"
    reset_is: str = "epoch"

    def left(self, headers: Mapping[str, str], now: datetime) -> Left | None:
        """Return what an answer's headers tell; None when they tell nothing that makes sense."""
        try:
            limit, remaining = float(headers[self.limit]), float(headers[self.remaining])
            seconds = float(headers[self.reset])
            if self.reset_is == "seconds":
                return Left(limit, remaining, now + timedelta(seconds=seconds))
            return Left(limit, remaining, datetime.fromtimestamp(seconds, UTC))
        except (KeyError, ValueError, OverflowError, OSError):
            return None


@dataclass(frozen=True)
class DailyQuota(Quota):
    """One of a day, in headers that are of another limit unless `kind` says `daily`; ends at 0 UTC.

    Of a limit of seconds nothing is heeded: it has passed before it could be.
    """

    kind: str = "x-ratelimit-type"
    daily: str = "daily"

    def left(self, headers: Mapping[str, str], now: datetime) -> Left | None:
        """Return what the headers tell, when it is of the day's limit."""
        if not headers.get(self.kind, "").lower().startswith(self.daily):
            return None
        try:
            limit, remaining = float(headers[self.limit]), float(headers[self.remaining])
        except (KeyError, ValueError):
            return None
        day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return Left(limit, remaining, day + timedelta(days=1))


@dataclass(frozen=True)
class UsedQuota(Quota):
    """One whose header tells `used/limit` of the last 24 hours: some of it is free at any time."""

    limit: str = "sforce-limit-info"
    again: timedelta = timedelta(hours=1)  # after which it is looked at again

    def left(self, headers: Mapping[str, str], now: datetime) -> Left | None:
        """Return what the header tells."""
        found = re.search(r"api-usage=(\d+)/(\d+)", headers.get(self.limit, ""))
        if found is None:
            return None
        used, limit = map(float, found.groups())
        return Left(limit, limit - used, now + self.again)
