"""Gathers small pages into one raw object, and cuts large ones into several."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from collectors.contract import CSV, NDJSON, Cursor, Page

RAW_BYTES = 24 * 1024 * 1024  # uncompressed text in a raw object
HELD = 256 * 1024 * 1024  # of it that a process gathers at most, in all streams together
LONGEST_WAIT = timedelta(minutes=1)  # what was received is stored after this long, however little


def share(streams: int) -> int:
    """Return the bytes that one of so many streams, read side by side, may gather."""
    return min(RAW_BYTES, HELD // max(1, streams))


@dataclass
class Batch:
    """Pages that were received and not yet stored."""

    began: datetime | None = None
    cursor: Cursor | None = None
    form: str = NDJSON
    bodies: list[bytes] = field(default_factory=list, repr=False)
    size: int = 0
    count: int = 0
    acknowledge: list[Callable[[], None]] = field(default_factory=list)
    hashes: list[int] = field(default_factory=list, repr=False)

    def takes(self, page: Page) -> bool:
        """Tell whether the page can be stored together with what is here."""
        if not self.bodies:
            return True
        return page.form == self.form != CSV and self.size + len(page.body) <= RAW_BYTES

    def add(self, page: Page, now: datetime, hashes: Iterable[int] = ()) -> None:
        """Add a page; its cursor is the one to store. `hashes`: of its records."""
        self.began = self.began or now
        self.cursor = page.cursor
        if page.body:
            self.form = page.form
            self.bodies.append(page.body)
            self.size += len(page.body)
            self.count += page.count
        self.hashes += hashes
        if page.acknowledge:
            self.acknowledge.append(page.acknowledge)

    def due(self, now: datetime, most: int) -> bool:
        """Tell whether it is to be stored before more comes; `most`: bytes to gather."""
        waited = self.began is not None and now - self.began >= LONGEST_WAIT
        return self.size >= most or waited

    def parts(self) -> Iterator[tuple[bytes, ...]]:
        """Yield the texts of one raw object after the other."""
        if self.size <= RAW_BYTES:
            if self.bodies:
                yield tuple(self.bodies)
            return
        for body in self.bodies:
            cut = _csv_parts(body) if self.form == CSV else _line_parts(body)
            yield from ((part,) for part in cut)


def _line_parts(body: bytes, limit: int = RAW_BYTES) -> Iterator[bytes]:
    start = 0
    while start < len(body):
        end = _line_end(body, start, min(len(body), start + limit))
        yield body[start:end]
        start = end


def _line_end(body: bytes, start: int, wanted: int) -> int:
    """Return the last end of a line up to `wanted`, else the first after it."""
    if wanted == len(body):
        return wanted
    found = body.rfind(b"\n", start, wanted) + 1 or body.find(b"\n", wanted) + 1
    return found or len(body)


def _csv_parts(body: bytes, limit: int = RAW_BYTES) -> Iterator[bytes]:
    """Cut between rows and give each part the header; a line end within quotes is no row's end."""
    start = _row_end(body, 0, 0)
    header = body[:start]
    if start == len(body):
        yield body
    while start < len(body):
        end = _row_end(body, start, min(len(body), start + limit))
        yield header + body[start:end]
        start = end


def _row_end(body: bytes, start: int, wanted: int) -> int:
    """Return the first end of a row at or after `wanted`; quotes up to there come in pairs."""
    quotes, counted = 0, start
    end = wanted
    while (end := body.find(b"\n", end) + 1) > 0:
        quotes += body.count(b'"', counted, end)
        counted = end
        if quotes % 2 == 0:
            return end
    return len(body)
