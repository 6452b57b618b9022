"""Collects one stream: window by window, page by page, stored before the cursor moves."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

from collectors.contract import Collector, Cursor, Http
from collectors.errors import CollectError, CursorLost, Retry, Unusable
from collectors.resuming import afresh
from collectors.settled import set_apart
from collectors.side_by_side import TRIES, SideBySide
from collectors.storing import OutOfTime, Place, Stored, Storing
from collectors.turns import Turns
from collectors.windows import following, windows, windows_from


@dataclass
class StreamRun:
    """One run of one stream."""

    place: Place
    collector: Collector
    http: Http
    stored: Stored = field(default_factory=Stored)
    began: datetime | None = None  # up to when the stream was read before; None: it never was

    def __post_init__(self) -> None:
        """Have received nothing yet."""
        self._storing = Storing(self.place, self.stored)

    def run(self, first: datetime, always: bool) -> None:
        """Read everything from where the stream was up to now; raises CollectError, Conflict.

        `first`: where a stream begins that was never read. `always`: see `windows.overlap`.
        """
        position = self._storing.read_position()
        now = self.place.clock.now()
        if position is not None:
            self.began = min([position.since, *(part.since for part in position.behind)])
        self._tell_lost(now)
        with suppress(OutOfTime):
            for begin, until in self._windows(position, now, first, always):
                # Notes made in an earlier window of this run hold for the later ones.
                position = self._storing.position
                kept = position.kept if position is not None else begin.kept
                self._window(replace(begin, kept=kept), until)
                self.stored.until = until
                self._storing.on_time()

    def reread(self, since: datetime, until: datetime) -> None:
        """Read a span again, outside the order of windows; the stream's position stays."""
        self._storing.aside = True
        self._storing.read_position()
        step = self.place.stream.window or until - since
        with suppress(OutOfTime):
            while since < until:
                end = min(until, since + step)
                self._window(Cursor(since, end, again=True), end)
                since = end

    def _windows(
        self, position: Cursor | None, now: datetime, first: datetime, always: bool
    ) -> Iterator[tuple[Cursor, datetime]]:
        """Yield the windows to read in order, once what is settled was read side by side."""
        done = self._settled(position, following(self.place.stream, position, now, first), now)
        if done is None:
            yield from windows(self.place.stream, position, now, first, always)
        else:
            yield from windows_from(self.place.stream, done, now - self.place.stream.settle)

    def _settled(self, position: Cursor | None, begin: Cursor, now: datetime) -> Cursor | None:
        """Read the settled past, if there is any; return the position after it."""
        if position is not None and (position.until or position.goal):
            return None
        behind = position is not None and position.behind
        read = position.since if position is not None else None
        apart = position if behind else set_apart(self.place.stream, begin, now, read)
        if apart is None:
            return None
        with self.place.slots.lent() as more:
            if not behind:
                if not more and self.place.stream.window is None:
                    return None  # nothing to gain, and a request for each span
                # Before anything is asked, so that its end stays where it is.
                self._storing.move(apart)
            work = SideBySide(self._storing, apart, self.collector, self.http, 1 + more)
            return work.run()

    def _window(self, begin: Cursor, until: datetime) -> None:
        cursor, tries, lost = begin, 0, False
        while True:
            try:
                self._pages(cursor, until)
                return
            except CursorLost as error:
                self._storing.drop()
                if lost:
                    raise Retry(f"{error} Again, from the start of the window.") from None
                lost = True
                self.place.told.warning("cursor lost", what=str(error))
                cursor = afresh(begin, until, self._storing.aside)
            except Unusable as error:
                tries += 1
                if tries >= TRIES:
                    raise
                self.place.told.warning("reading again", what=str(error))
                self.place.clock.sleep(float(tries))
                # What was received of this window so far is received again.
                self._storing.drop()
                cursor = self._resumable(cursor, until)
            except CollectError:
                self._storing.store()
                raise

    def _resumable(self, cursor: Cursor, until: datetime) -> Cursor:
        position = self._storing.position
        return position if position is not None and position.until == until else cursor

    def _pages(self, begin: Cursor, until: datetime) -> None:
        last = begin
        turns = Turns()
        for page in self.collector.pages(self.http, self.place.stream, begin, until):
            last = replace(
                page.cursor, since=begin.since, until=until, first=begin.first, goal=begin.goal
            )
            turns.check(last)
            self._storing.add(page, last)
        closed = Cursor(until, None, {}, last.kept, begin.first, goal=begin.goal)
        self._storing.close(begin, closed)

    def _tell_lost(self, now: datetime) -> None:
        keeps = self.place.stream.look_back
        if self.began is not None and keeps is not None and self.began < now - keeps:
            self.place.told.error(
                "the provider no longer keeps what was not read",
                since=self.began.isoformat(),
                until=(now - keeps).isoformat(),
            )
