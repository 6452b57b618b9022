"""The settled past of a stream: what may be read in any order, because nothing more comes of it.

A first run, or one after a long pause, reaches far back, page after page, and each page names the
next: it takes as long as the provider takes to answer, so many times. But only of the newest part
may something still come late. What happened before that (`Stream.settled`) is set apart, cut into
spans of time and read side by side.

Why nothing is lost: where the settled past ends is fixed, and stored, before any of it is asked
for, and stays where it is however often and however long the run is interrupted. Every event from
before that end is at the provider by then, so a span by time holds it whenever it is read. What
lies after is not touched until the spans are done; then it is read as ever, in order, with its
overlap, or by the provider's own position. For a log with such a position (Okta, Box) even an
event from before the end that is stored later than promised is found: the position is entered by
the time of storing, at the end of the settled past, and leads to all that was stored since.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from collectors.contract import Stream
from collectors.cursor import Cursor, Part
from collectors.windows import SHORTEST

SHORTEST_PART = timedelta(hours=3)
PARTS = 16  # of a past that the provider takes as a whole; so many requests more, at most


def set_apart(
    stream: Stream, begin: Cursor, now: datetime, read: datetime | None = None
) -> Cursor | None:
    """Return the position at the end of the settled past, with that past behind it.

    `begin`: where the next window would begin; `read`: up to which time all was read once. None
    when the past was read, or is too short to be cut, when the stream has none that is settled, or
    when it is followed by a position that is kept.
    """
    if stream.settled is None or begin.kept:
        return None
    # A provider's clock may be off by minutes.
    past = Part(begin.since, now - stream.settled - SHORTEST)
    if (read or past.since) >= past.until or len(list(cut(stream, [past]))) < 2:
        return None
    return replace(begin, since=past.until, behind=(past,))


def cut(stream: Stream, behind: Iterable[Part]) -> Iterator[Part]:
    """Yield the spans to ask for; those that were begun stay as they are."""
    parts = list(behind)
    whole = sum((part.until - part.since for part in parts), timedelta(0))
    length = stream.window or max(SHORTEST_PART, whole / PARTS)
    for part in parts:
        since = part.since
        while not part.page and part.until - since > length:
            yield Part(since, since + length)
            since += length
        if since < part.until:
            yield replace(part, since=since)


def joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Return spans as they are stored: those not begun that follow each other are one."""
    found: list[Part] = []
    for part in parts:
        before = found[-1] if found else None
        if before and not before.page and not part.page and before.until == part.since:
            found[-1] = Part(before.since, part.until)
        else:
            found.append(part)
    return tuple(found)


def asked(stream: Stream, part: Part, position: Cursor) -> Cursor:
    """Return what a provider is asked with for a span."""
    again = not stream.lag  # else a log that has a position would go by it
    return Cursor(part.since, part.until, part.page, first=position.first, again=again)
