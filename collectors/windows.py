"""Which span of time a stream is asked for next: from where it was, less what may come late.

How much is read again. An event may be published as late as the stream's lag. To read the whole
lag again at each poll would find it, and cost the customer's quota many times over; so it is read
in tiers. Tier i reaches back o(i) = 10 min * 4^i, the last at least 4/3 of the lag, and is read
when the clock passes a multiple of o(i)/4. An event that comes L late, L at most 3/4 of o(i), is
thereby read within o(i)/4 of its publication (and the time between two polls), each tier reads an
event some four times, and nothing need be remembered but where the last window ended. A poll may
take several runs: it ends where it was to end when it began, and what it reads, it reads later.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from collectors.contract import Cursor, Stream

SHORTEST = timedelta(minutes=10)  # also holds a provider's clock that is off by minutes
FIRST_RUN = timedelta(days=1)  # how far back, if nobody says
_GROWTH = 4
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def overlap(lag: timedelta, before: datetime, until: datetime, always: bool = False) -> timedelta:
    """Return how far before `before`, the end of the last window, the next one is to begin.

    The next one ends at `until`. `always`: the whole lag each time.
    """
    if lag <= timedelta(0):
        return timedelta(0)
    reach = [tier for tier in _tiers(lag) if _passed(tier / _GROWTH, before, until)]
    tiered = max(reach, default=SHORTEST)
    return max(tiered, lag, SHORTEST) if always else tiered


def windows(
    stream: Stream, cursor: Cursor | None, now: datetime, first: datetime, always: bool = False
) -> Iterator[tuple[Cursor, datetime]]:
    """Yield each window to read: where to begin (or go on) and its end.

    `first`: where the first of all windows begins. A window that was begun is ended first, and so
    are the windows up to `goal` that it is one of: were each run to begin with what may be late
    again, one that cannot read all of that in its time would never come further. What the provider
    no longer keeps is not asked for. A caller that carries `kept` on from window to window puts it
    into the cursor.
    """
    if cursor is not None and cursor.until is not None:
        yield cursor, cursor.until
    if cursor is not None and cursor.goal is not None:
        since = _kept(stream, cursor.until or cursor.since, now)
        rest = Cursor(since, None, {}, cursor.kept, cursor.first)
        yield from windows_from(stream, rest, cursor.goal)
    begin = following(stream, cursor, now, first, always)
    yield from windows_from(stream, begin, now - stream.settle)


def following(
    stream: Stream, cursor: Cursor | None, now: datetime, first: datetime, always: bool = False
) -> Cursor:
    """Return where the first new window begins, after those that `cursor` may lie in."""
    begin, kept, start = first, dict[str, Any](), first
    if cursor is not None:
        kept, start = dict(cursor.kept), cursor.first or _EPOCH
        begin = cursor.goal or cursor.until or cursor.since
        begin -= overlap(stream.lag, begin, now - stream.settle, always)
        begin = max(begin, start)
    return Cursor(_kept(stream, begin, now), None, {}, kept, start)


def windows_from(
    stream: Stream, begin: Cursor, newest: datetime
) -> Iterator[tuple[Cursor, datetime]]:
    """Yield the windows from `begin` up to `newest`."""
    since = begin.since
    while since < newest:
        end = min(newest, since + stream.window) if stream.window else newest
        yield replace(begin, since=since, goal=newest if end < newest else None), end
        since = end


def _kept(stream: Stream, begin: datetime, now: datetime) -> datetime:
    """Return the time from which the provider still has something."""
    return begin if stream.look_back is None else max(begin, now - stream.look_back)


def _tiers(lag: timedelta) -> Iterator[timedelta]:
    reach = SHORTEST
    yield reach
    while reach < lag * 4 / 3:
        reach = min(reach * _GROWTH, lag * 4 / 3)
        yield reach


def _passed(step: timedelta, before: datetime, until: datetime) -> bool:
    return (until - _EPOCH) // step > (before - _EPOCH) // step
