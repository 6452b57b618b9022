"""Hours that delivered too little are read again: an hour, six hours and a day after one another.

What still is missing then is not at the provider either, or the company had a quiet hour; it stays
a gap in `antipode status`, with the number of times that it was read again.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors import completeness, completeness_store
from collectors.completeness import HOUR
from collectors.contract import Stream
from collectors.outcome import AccountKey, Outcome, Span
from lake.objects import Objects, segment

LOOKED_AT = timedelta(days=7)
PAUSES = (timedelta(0), timedelta(hours=6), timedelta(hours=24))  # before each time
EVERY = timedelta(minutes=30)  # between two looks of one process at one account
MOST = 24  # hours that one run reads again


@dataclass(frozen=True)
class Tries:
    """How often an hour was read again, and when last."""

    times: int
    last: datetime


class Gaps:
    """Finds what an account is to be asked for again. Make one for a process."""

    def __init__(self, objects: Objects) -> None:
        """Use the objects of a lake."""
        self._objects = objects
        self._looked: dict[AccountKey, datetime] = {}

    def due(self, key: AccountKey, streams: Sequence[Stream], now: datetime) -> list[Span]:
        """Return the spans to read again now; looks only now and then."""
        looked = self._looked.get(key)
        if looked is not None and now - looked < EVERY:
            return []
        self._looked[key] = now
        history = completeness_store.read(self._objects, key.tenant, key.source)
        if not history.hours:
            return []
        tries = read(self._objects, key)
        hours = [
            one.hour
            for one in completeness.judge(history, now - LOOKED_AT, now)
            if one.state == "gap" and _is_due(tries.get(one.hour), now)
        ][-MOST:]
        return [
            Span(stream.name, since, until)
            for since, until in joined(hours)
            for stream in streams
            if stream.look_back is None or since > now - stream.look_back
        ]

    def note(self, key: AccountKey, asked: Sequence[Span], outcome: Outcome, now: datetime) -> None:
        """Remember that spans were read again, if nothing went wrong."""
        if not asked or any(one.error for one in outcome.streams):
            return
        tries = {
            hour: one for hour, one in read(self._objects, key).items() if hour > now - LOOKED_AT
        }
        for hour in {hour for span in asked for hour in _hours(span)}:
            times = tries[hour].times if hour in tries else 0
            tries[hour] = Tries(times + 1, now)
        body = {
            hour.isoformat(): [one.times, one.last.isoformat()]
            for hour, one in sorted(tries.items())
        }
        # Its writer holds the account's lease; were a count lost, an hour is read once more.
        self._objects.put(_key(key), json.dumps(body).encode())


def read(objects: Objects, key: AccountKey) -> dict[datetime, Tries]:
    """Return how often hours of an account were read again."""
    try:
        stored = json.loads(objects.get(_key(key)).data)
        return {
            datetime.fromisoformat(hour): Tries(int(times), datetime.fromisoformat(last))
            for hour, (times, last) in stored.items()
        }
    except (KeyError, ValueError, TypeError, AttributeError):
        return {}


def joined(hours: Iterable[datetime]) -> list[tuple[datetime, datetime]]:
    """Return spans for hours (in order): those that follow each other become one."""
    spans: list[tuple[datetime, datetime]] = []
    for hour in hours:
        if spans and spans[-1][1] == hour:
            spans[-1] = (spans[-1][0], hour + HOUR)
        else:
            spans.append((hour, hour + HOUR))
    return spans


def _is_due(tries: Tries | None, now: datetime) -> bool:
    if tries is None:
        return True
    return tries.times < len(PAUSES) and now - tries.last >= PAUSES[tries.times]


def _hours(span: Span) -> Iterable[datetime]:
    hour = span.since
    while hour < span.until:
        yield hour
        hour += HOUR


def _key(key: AccountKey) -> str:
    return (
        f"reread/{segment(key.tenant)}/{segment(key.source)}/{segment(key.name or 'account')}.json"
    )
