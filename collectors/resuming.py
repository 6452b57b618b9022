"""Where a stream is gone on with: after a part, after a lost cursor, after a window of nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

from collectors.contract import Cursor
from collectors.windows import SHORTEST

MOVED = timedelta(minutes=10)  # how far a position goes ahead before it is stored without records
RECOVERY = timedelta(hours=1)  # read again when a provider forgot its own cursor


def unread(cursor: Cursor | None) -> Cursor | None:
    """Return where a window begins of which nothing is stored yet."""
    return replace(cursor, until=None, page={}, kept={}) if cursor else None


def afresh(begin: Cursor, until: datetime, aside: bool) -> Cursor:
    """Return where to begin anew when the provider refused its own cursor."""
    if aside:
        return Cursor(begin.since, until, again=True)
    since = begin.since if begin.page else begin.since - RECOVERY
    return Cursor(since, first=begin.first, goal=begin.goal)


def worth_storing(position: Cursor | None, begin: Cursor, closed: Cursor) -> bool:
    """Tell whether a window without records is worth a write: not at each poll of a quiet log."""
    if position is None or position.until or position.behind or position.goal != closed.goal:
        return True
    if dict(position.kept) != dict(closed.kept):
        return True
    # A tier that was read is not due again: that stands nowhere but in the position.
    read_more = position.since - begin.since > SHORTEST
    return read_more or abs(closed.since - position.since) >= MOVED
