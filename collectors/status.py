"""`antipode status`: how each account stands, and how complete the last days are."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from collectors import completeness, completeness_store, gaps, standing
from collectors.completeness import Judged
from collectors.configuration import Configured
from collectors.gaps import Tries
from collectors.outcome import AccountKey
from collectors.standing import Standing
from lake.objects import Objects
from lake.raw import Raw

LATE = timedelta(hours=1)  # an account that was not read for this long is late


@dataclass(frozen=True)
class Status:
    """How one account stands. `hours`: judged, oldest first; of all accounts of its source.

    `waiting`  raw objects that are not in `events/` yet; `waiting_bytes` as they are stored.
    """

    key: AccountKey
    standing: Standing
    hours: list[Judged]
    reread: dict[datetime, Tries] = field(default_factory=dict)
    waiting: int = 0
    waiting_bytes: int = 0

    @property
    def until(self) -> datetime | None:
        """The time up to which every stream was read; None when one never was."""
        streams = [one.until for name, one in self.standing.items() if name != "*"]
        return min((time for time in streams if time), default=None) if all(streams) else None

    @property
    def errors(self) -> list[str]:
        """What went wrong at the last try, in words."""
        return [
            f"{name}: {one.detail or one.error}" if name != "*" else one.detail or one.error
            for name, one in sorted(self.standing.items())
            if one.error
        ]

    @property
    def received(self) -> int:
        """Events of these hours."""
        return sum(hour.received for hour in self.hours)

    @property
    def gaps(self) -> list[Judged]:
        """Hours that hold too little."""
        return [hour for hour in self.hours if hour.state == "gap"]

    @property
    def lag(self) -> float | None:
        """Median seconds from an event to its receipt, of the hours that tell."""
        return median([hour.lag for hour in self.hours if hour.lag is not None] or [0.0]) or None

    def state(self, now: datetime) -> str:
        """Return one word: never, failing, late, gaps or fine."""
        if not self.standing:
            return "never"
        if self.errors:
            return "failing"
        if self.until is None or now - self.until > LATE:
            return "late"
        return "gaps" if self.gaps else "fine"


def status(
    objects: Objects, accounts: Sequence[Configured], since: datetime, now: datetime
) -> list[Status]:
    """Return how accounts stand, and their hours from `since` on."""
    return [_status(objects, one.key, since, now) for one in accounts]


def _status(objects: Objects, key: AccountKey, since: datetime, now: datetime) -> Status:
    history = completeness_store.read(objects, key.tenant, key.source)
    waiting = _waiting(objects, key)
    return Status(
        key,
        standing.read(objects, key),
        completeness.judge(history, since, now),
        gaps.read(objects, key),
        len(waiting),
        sum(waiting),
    )


def _waiting(objects: Objects, key: AccountKey) -> list[int]:
    """Return the sizes of an account's raw objects that the tables do not hold."""
    raw = Raw(objects)
    return [
        entry.size
        for stream in raw.streams(key.tenant, key.source)
        if key.owns(stream)
        for entry in raw.pending(stream)
    ]


def as_json(one: Status, now: datetime) -> dict[str, Any]:
    """Return a status as JSON."""
    return {
        "tenant": one.key.tenant,
        "source": one.key.source,
        "account": one.key.name,
        "state": one.state(now),
        "until": one.until,
        "received": one.received,
        "lag_seconds": one.lag,
        "waiting_objects": one.waiting,
        "waiting_bytes": one.waiting_bytes,
        "streams": {name: vars(stream) for name, stream in sorted(one.standing.items())},
        "hours": [
            {
                "hour": hour.hour,
                "received": hour.received,
                "expected": [hour.band.low, hour.band.high] if hour.band else None,
                "state": hour.state,
                "lag_seconds": hour.lag,
                "reread": one.reread[hour.hour].times if hour.hour in one.reread else 0,
            }
            for hour in one.hours
        ],
    }
