"""Hours that delivered too little are read again: an hour, six hours and a day after one another.

What still is missing then is not at the provider either, or the company had a quiet hour; it stays
a gap in `antipode status`, with the number of times that it was read again. Times are counted for
each stream of its own: one that refuses us for good makes nobody read the others again and again.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collectors import completeness, completeness_store
from collectors.completeness import HOUR
from collectors.contract import Stream
from collectors.outcome import HARMLESS, AccountKey, Outcome, Span, StreamOutcome
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
        tries = _read(self._objects, key)
        hours = [
            one.hour
            for one in completeness.judge(history, now - LOOKED_AT, now)
            if one.state == "gap"
        ]
        return [
            Span(stream.name, since, until)
            for stream in streams
            for since, until in joined(_due(hours, tries.get(stream.name, {}), now)[-MOST:])
            if stream.look_back is None or since > now - stream.look_back
        ]

    def note(self, key: AccountKey, asked: Sequence[Span], outcome: Outcome, now: datetime) -> None:
        """Remember the spans that were read again, or were refused for good."""
        done = {one.stream for one in outcome.streams if _is_done(one)}
        counted = [span for span in asked if span.stream in done]
        if not counted:
            return
        tries = {
            stream: {hour: one for hour, one in known.items() if hour > now - LOOKED_AT}
            for stream, known in _read(self._objects, key).items()
        }
        for span in counted:
            known = tries.setdefault(span.stream, {})
            for hour in _hours(span):
                known[hour] = Tries(known[hour].times + 1 if hour in known else 1, now)
        body = {
            stream: {
                hour.isoformat(): [one.times, one.last.isoformat()]
                for hour, one in sorted(known.items())
            }
            for stream, known in sorted(tries.items())
        }
        # Its writer holds the account's lease; were a count lost, an hour is read once more.
        self._objects.put(_key(key), json.dumps(body).encode())


def read(objects: Objects, key: AccountKey) -> dict[datetime, Tries]:
    """Return how often hours of an account were read again: of its streams, the most."""
    most: dict[datetime, Tries] = {}
    for known in _read(objects, key).values():
        for hour, one in known.items():
            if hour not in most or one.times > most[hour].times:
                most[hour] = one
    return most


def _read(objects: Objects, key: AccountKey) -> dict[str, dict[datetime, Tries]]:
    try:
        stored = json.loads(objects.get(_key(key)).data)
        return {
            stream: {
                datetime.fromisoformat(hour): Tries(int(times), datetime.fromisoformat(last))
                for hour, (times, last) in known.items()
            }
            for stream, known in stored.items()
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


def _is_done(one: StreamOutcome) -> bool:
    """Tell whether spans count as read: they were, or asking for them was refused for good.

    A stream that failed before its spans were asked for is no such: once mended, it is due.
    """
    return one.error is None or (one.rereading and one.error not in HARMLESS)


def _due(hours: Iterable[datetime], tries: dict[datetime, Tries], now: datetime) -> list[datetime]:
    return [hour for hour in hours if _is_due(tries.get(hour), now)]


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
