"""Stores what one run of a stream received, and moves the stream's position with it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from collectors import metrics
from collectors.batch import RAW_BYTES, Batch
from collectors.clock import Clock
from collectors.contract import Cursor, Page, Stream
from collectors.errors import CollectError
from collectors.position import from_json, to_json
from collectors.recent import Recent
from collectors.resuming import unread, worth_storing
from collectors.slots import Slots
from collectors.told import Told
from conf.errors import Conflict
from lake import streams
from lake.objects import Objects
from lake.raw import Raw, compress
from lake.streams import Stream as LakeStream


class OutOfTime(Exception):
    """The run is to end; what was received is stored."""


@dataclass
class Place:
    """Where and how one stream is collected.

    `deadline`  when the run is to end.
    `alive`     called now and then; raises when the lease was lost.
    `recent`    what this process stored a moment ago.
    `most`      tells how many bytes may be gathered now, before they are stored.
    `slots`     how many spans of its past may be read at the same time, beside the first.
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
    slots: Slots = field(default_factory=lambda: Slots(3))


@dataclass
class Stored:
    """What one run of a stream stored."""

    records: int = 0
    objects: int = 0
    stored_bytes: int = 0
    until: datetime | None = None


@dataclass
class Storing:
    """What one run has received and not yet stored, and where the stream stands in the lake.

    `aside`: what is read is out of turn, and the position stays.
    """

    place: Place
    stored: Stored = field(default_factory=Stored)
    position: Cursor | None = None
    aside: bool = False
    _batch: Batch = field(default_factory=Batch)

    def read_position(self) -> Cursor | None:
        """Read where the stream stands."""
        position = self.place.raw.position(self.place.key)
        self.position = from_json(position) if position is not None else None
        return self.position

    def add(self, page: Page, cursor: Cursor, again: bool = True) -> None:
        """Take a page and the position after it; raises OutOfTime when the run is to end.

        `again`: the page's time will be read again, so what was stored a moment ago is left out.
        """
        place = self.place
        page, hashes = self._new(page) if again and not self.aside else (page, [])
        if not self._batch.takes(page):
            self.store()
        self._batch.add(replace(page, cursor=cursor), place.clock.now(), hashes)
        place.alive()
        if self._batch.due(place.clock.now(), place.most()):
            self.store()
        self.on_time()

    def on_time(self) -> None:
        """Store, and raise OutOfTime, when the run is to end."""
        deadline = self.place.deadline
        if deadline is not None and self.place.clock.now() >= deadline:
            self.store()
            raise OutOfTime

    def drop(self) -> None:
        """Forget what is not stored: it is received again."""
        self._batch = Batch()

    def store(self) -> None:
        """Store what was gathered, and move the position in the same swap. Raises Conflict."""
        batch, self._batch = self._batch, Batch()
        parts = list(batch.parts())
        for number, part in enumerate(parts, start=1):
            # Only with its last part is a page stored.
            moved = batch.cursor if number == len(parts) else self.position
            self._append(part, batch.form, None if self.aside else moved or unread(batch.cursor))
        if not parts and batch.cursor is not None and not self.aside:
            self.move(batch.cursor)
        self.stored.records += batch.count
        if batch.hashes:
            self.place.recent.add(self.place.key, batch.hashes)
        for acknowledge in batch.acknowledge:
            try:
                acknowledge()
            except CollectError as error:  # it is announced again, and known again by its id
                self.place.told.warning("not acknowledged", what=str(error))

    def close(self, begin: Cursor, closed: Cursor) -> None:
        """Store what is left of a window that is done: `closed` is the position after it."""
        if self._batch.bodies or self._batch.acknowledge:
            self._batch.cursor = closed
            self.store()
            return
        self._batch = Batch()
        if not self.aside and worth_storing(self.position, begin, closed):
            self.move(closed)

    def move(self, cursor: Cursor) -> None:
        """Move the position though nothing was received. Raises Conflict."""
        place = self.place
        state, etag = streams.read(place.objects, place.key)
        known = to_json(self.position) if self.position else None
        if state.position != known:
            raise Conflict(f"{place.key.application} has moved on; read its position again.")
        streams.swap(place.objects, place.key, replace(state, position=to_json(cursor)), etag)
        self.position = cursor

    def _new(self, page: Page) -> tuple[Page, list[int]]:
        """Leave out what was stored a moment ago, of a log that is read again and again."""
        if not self.place.stream.lag:
            return page, []
        return self.place.recent.new(self.place.key, page)

    def _append(self, part: tuple[bytes, ...], form: str, moved: Cursor | None) -> None:
        place = self.place
        body = compress(*part)
        added = place.raw.append(
            place.key,
            body,
            form,
            place.clock.now(),
            position=to_json(moved) if moved else None,
            after=to_json(self.position) if self.position else None,
        )
        self.position = moved or self.position
        self.stored.objects += 1
        self.stored.stored_bytes += len(body)
        metrics.STORED.labels(place.key.tenant, place.key.source).inc(len(body))
        place.told.debug("stored", object=added.key, bytes=len(body))
