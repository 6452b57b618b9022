"""Collects one stream: window by window, page by page, stored before the cursor moves."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from collectors import metrics
from collectors.batch import RAW_BYTES, Batch
from collectors.clock import Clock
from collectors.contract import Collector, Cursor, Http, Page, Stream
from collectors.errors import CollectError, CursorLost, Retry, Unusable
from collectors.position import from_json, to_json
from collectors.recent import Recent
from collectors.resuming import afresh, unread, worth_storing
from collectors.told import Told
from collectors.turns import Turns
from collectors.windows import windows
from conf.errors import Conflict
from lake import streams
from lake.objects import Objects
from lake.raw import Raw, compress
from lake.streams import Stream as LakeStream

TRIES = 3  # of a window's rest, when an answer made no sense


class OutOfTime(Exception):
    """The run is to end; what was received is stored."""


@dataclass
class Place:
    """Where and how one stream is collected.

    `deadline`  when the run is to end.
    `alive`     called now and then; raises when the lease was lost.
    `recent`    what this process stored a moment ago.
    `most`      tells how many bytes may be gathered now, before they are stored.
    """

    objects: Objects
    raw: Raw
    key: LakeStream
    stream: Stream
    clock: Clock
    told: Told
    deadline: datetime | None = None
    alive: Callable[[], None] = lambda: None
    recent: Recent = field(default_factory=Recent)
    most: Callable[[], int] = lambda: RAW_BYTES


@dataclass
class Stored:
    """What one run of a stream stored."""

    records: int = 0
    objects: int = 0
    stored_bytes: int = 0
    until: datetime | None = None


@dataclass
class StreamRun:
    """One run of one stream."""

    place: Place
    collector: Collector
    http: Http
    stored: Stored = field(default_factory=Stored)
    _batch: Batch = field(default_factory=Batch)
    _position: Cursor | None = None

    def run(self, first: datetime, always: bool) -> None:
        """Read everything from where the stream was up to now; raises CollectError, Conflict.

        `first`: where a stream begins that was never read. `always`: see `windows.overlap`.
        """
        place = self.place
        position = place.raw.position(place.key)
        self._position = from_json(position) if position is not None else None
        now = place.clock.now()
        self._tell_lost(now)
        with suppress(OutOfTime):
            for begin, until in windows(place.stream, self._position, now, first, always):
                # Notes made in an earlier window of this run hold for the later ones.
                kept = self._position.kept if self._position is not None else begin.kept
                self._window(replace(begin, kept=kept), until)
                self.stored.until = until
                self._on_time()

    def reread(self, since: datetime, until: datetime) -> None:
        """Read a span again, outside the order of windows; the stream's position stays."""
        place = self.place
        self._position = _position(place)
        step = place.stream.window or until - since
        with suppress(OutOfTime):
            while since < until:
                end = min(until, since + step)
                self._window(Cursor(since, end, again=True), end, aside=True)
                since = end

    def _window(self, begin: Cursor, until: datetime, aside: bool = False) -> None:
        cursor, tries, lost = begin, 0, False
        while True:
            try:
                self._pages(cursor, until, aside)
                return
            except CursorLost as error:
                self._batch = Batch()
                if lost:
                    raise Retry(f"{error} Again, from the start of the window.") from None
                lost = True
                self.place.told.warning("cursor lost", what=str(error))
                cursor = afresh(begin, until, aside)
            except Unusable as error:
                tries += 1
                if tries >= TRIES:
                    raise
                self.place.told.warning("reading again", what=str(error))
                self.place.clock.sleep(float(tries))
                # What was received of this window so far is received again.
                cursor, self._batch = self._resumable(cursor, until), Batch()
            except CollectError:
                self._store(aside)
                raise

    def _resumable(self, cursor: Cursor, until: datetime) -> Cursor:
        position = self._position
        return position if position is not None and position.until == until else cursor

    def _pages(self, begin: Cursor, until: datetime, aside: bool) -> None:
        place = self.place
        last = begin
        turns = Turns()
        for page in self.collector.pages(self.http, place.stream, begin, until):
            cursor = replace(page.cursor, since=begin.since, until=until, first=begin.first)
            turns.check(cursor)
            page, hashes = self._new(page, aside)
            if not self._batch.takes(page):
                self._store(aside)
            self._batch.add(replace(page, cursor=cursor), place.clock.now(), hashes)
            last = cursor
            place.alive()
            if self._batch.due(place.clock.now(), place.most()):
                self._store(aside)
            if self._late():
                self._store(aside)
                raise OutOfTime
        self._close(begin, Cursor(until, None, {}, last.kept, begin.first), aside)

    def _new(self, page: Page, aside: bool) -> tuple[Page, list[int]]:
        """Leave out what was stored a moment ago, of a log that is read again and again."""
        if aside or not self.place.stream.lag:
            return page, []
        return self.place.recent.new(self.place.key, page)

    def _store(self, aside: bool) -> None:
        """Store what was gathered, and move the position in the same swap."""
        batch, self._batch = self._batch, Batch()
        parts = list(batch.parts())
        for number, part in enumerate(parts, start=1):
            # Only with its last part is a page stored.
            moved = batch.cursor if number == len(parts) else self._position
            self._append(part, batch.form, None if aside else moved or unread(batch.cursor))
        if not parts and batch.cursor is not None and not aside:
            self._move(batch.cursor)
        self.stored.records += batch.count
        if batch.hashes:
            self.place.recent.add(self.place.key, batch.hashes)
        for acknowledge in batch.acknowledge:
            try:
                acknowledge()
            except CollectError as error:  # it is announced again, and known again by its id
                self.place.told.warning("not acknowledged", what=str(error))

    def _append(self, part: tuple[bytes, ...], form: str, moved: Cursor | None) -> None:
        place = self.place
        body = compress(*part)
        added = place.raw.append(
            place.key,
            body,
            form,
            place.clock.now(),
            position=to_json(moved) if moved else None,
            after=to_json(self._position) if self._position else None,
        )
        self._position = moved or self._position
        self.stored.objects += 1
        self.stored.stored_bytes += len(body)
        metrics.STORED.labels(place.key.tenant, place.key.source).inc(len(body))
        place.told.debug("stored", object=added.key, bytes=len(body))

    def _close(self, begin: Cursor, closed: Cursor, aside: bool) -> None:
        if self._batch.bodies or self._batch.acknowledge:
            self._batch.cursor = closed
            self._store(aside)
            return
        self._batch = Batch()
        if not aside and worth_storing(self._position, begin, closed):
            self._move(closed)

    def _move(self, cursor: Cursor) -> None:
        """Move the position though nothing was received. Raises Conflict."""
        place = self.place
        state, etag = streams.read(place.objects, place.key)
        known = to_json(self._position) if self._position else None
        if state.position != known:
            raise Conflict(f"{place.key.application} has moved on; read its position again.")
        streams.swap(place.objects, place.key, replace(state, position=to_json(cursor)), etag)
        self._position = cursor

    def _tell_lost(self, now: datetime) -> None:
        keeps = self.place.stream.look_back
        if self._position and keeps and self._position.since < now - keeps:
            self.place.told.error(
                "the provider no longer keeps what was not read",
                since=self._position.since.isoformat(),
                until=(now - keeps).isoformat(),
            )

    def _late(self) -> bool:
        deadline = self.place.deadline
        return deadline is not None and self.place.clock.now() >= deadline

    def _on_time(self) -> None:
        if self._late():
            raise OutOfTime


def _position(place: Place) -> Cursor | None:
    position = place.raw.position(place.key)
    return from_json(position) if position is not None else None
