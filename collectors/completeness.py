"""Is an hour complete? What it delivered, against what such hours delivered before.

An hour's peers are the same hour of the day, of the same kind of day (working day or weekend), in
the four weeks before. Their median m and median absolute deviation give the band that is expected:
m -/+ 4 s, where s is the larger of 1.4826 MAD (the standard deviation, were they normal) and the
square root of m (chance alone, were they Poisson). So a quiet hour in a small log is no gap, and
a missing one in a busy log is. With fewer than three peers nothing is expected yet.

Counts are of distinct events by the time at which they happened, as `events/` holds them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from statistics import median

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEPT = timedelta(days=35)  # of counts
PAST = timedelta(days=28)  # peers are looked for in this long before
FEWEST = 3  # peers
WIDTH = 4.0  # half of the band, in standard deviations
OPEN = timedelta(hours=3)  # an hour is not judged before its events had this long to come


@dataclass(frozen=True)
class Received:
    """What one hour delivered so far; `lag`: median seconds from event to its receipt."""

    events: int
    lag: float | None = None


@dataclass
class History:
    """Hours (their begin, UTC) of one tenant and source that delivered something."""

    hours: dict[datetime, Received] = field(default_factory=dict)

    def first(self) -> datetime | None:
        """Return the first hour of regular delivery, not of a few events that came very late."""
        days: Counter[date] = Counter()
        for hour, one in self.hours.items():
            days[hour.date()] += one.events
        if not days:
            return None
        regular = median(days.values()) / 10
        return min(hour for hour in self.hours if days[hour.date()] >= regular)

    def received(self, hour: datetime) -> int:
        """Return how many events an hour delivered; none, if it is not known."""
        return self.hours[hour].events if hour in self.hours else 0

    def trimmed(self, now: datetime) -> "History":
        """Return the part that is kept."""
        return History({hour: one for hour, one in self.hours.items() if hour >= now - KEPT})


@dataclass(frozen=True)
class Band:
    """How many events an hour is expected to deliver."""

    low: int
    high: int


@dataclass(frozen=True)
class Judged:
    """One hour: `state` is complete, gap, surplus, open (too early to say) or unknown."""

    hour: datetime
    received: int
    band: Band | None
    state: str
    lag: float | None


def hour_of(time: datetime) -> datetime:
    """Return the begin of the hour that holds a time."""
    return time.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def band(history: History, hour: datetime, first: datetime | None) -> Band | None:
    """Return what is expected of an hour by its own past; None when there is too little of it.

    `first`: `history.first()`; that hour itself may be a part of one and is not looked at.
    """
    if first is None or hour - first < FEWEST * DAY:
        return None
    peers = [history.received(past) for past in _peers(hour) if past > first]
    if len(peers) < FEWEST:
        return None
    middle = median(peers)
    deviation = 1.4826 * median(abs(peer - middle) for peer in peers)
    spread = WIDTH * max(deviation, middle**0.5)
    return Band(max(0, round(middle - spread)), round(middle + spread))


def judge(history: History, since: datetime, now: datetime) -> list[Judged]:
    """Judge every hour from `since` to now, in order."""
    judged = []
    hour, first = hour_of(since), history.first()
    while hour < now:
        expected = band(history, hour, first)
        received = history.received(hour)
        lag = history.hours[hour].lag if hour in history.hours else None
        judged.append(Judged(hour, received, expected, _state(hour, received, expected, now), lag))
        hour += HOUR
    return judged


def to_json(history: History) -> dict[str, list[float | None]]:
    """Return a history as it is stored: hour -> [events, lag]."""
    return {
        hour.strftime("%Y-%m-%dT%H"): [one.events, one.lag]
        for hour, one in sorted(history.hours.items())
    }


def from_json(stored: Mapping[str, list[float | None]]) -> History:
    """Return the history that was stored."""
    return History(
        {
            datetime.strptime(hour, "%Y-%m-%dT%H").replace(tzinfo=UTC): Received(
                int(events or 0), lag
            )
            for hour, (events, lag) in stored.items()
        }
    )


def _state(hour: datetime, received: int, expected: Band | None, now: datetime) -> str:
    if expected is None:
        return "unknown"
    if received > expected.high:
        return "surplus"
    if received >= expected.low:
        return "complete"
    return "open" if hour + HOUR + OPEN > now else "gap"


def _peers(hour: datetime) -> Iterator[datetime]:
    weekend = hour.weekday() >= 5
    for days in range(1, PAST.days + 1):
        past = hour - timedelta(days=days)
        if (past.weekday() >= 5) == weekend:
            yield past
