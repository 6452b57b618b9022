"""Reads the settled past of a stream: several spans at a time, each page by page.

Pages of all spans go into the same raw objects, and the one position says of each span how far it
is stored: whoever is killed repeats of each what was not stored yet, and nothing else. All
requests are the account's, within its one budget.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace

from collectors.contract import Collector, Cursor, Http, Page
from collectors.cursor import Part
from collectors.errors import CollectError, CursorLost, Retry, Unusable
from collectors.settled import asked, cut, joined
from collectors.storing import Storing
from collectors.turns import Turns

TRIES = 3  # of a span's rest, when an answer made no sense


@dataclass
class _Reading:
    """A span under way; `part.page` is where it is gone on with once what came is stored."""

    part: Part
    pages: Iterator[Page]
    turns: Turns = field(default_factory=Turns)
    tries: int = 0
    lost: bool = False


class SideBySide:
    """Reads what a stream's position has behind it."""

    def __init__(
        self, storing: Storing, position: Cursor, collector: Collector, http: Http, width: int
    ) -> None:
        """Read `width` spans at a time of what is behind `position`, which is stored."""
        self._storing, self._position = storing, position
        self._collector, self._http, self._width = collector, http, width
        self._waiting = deque(cut(storing.place.stream, position.behind))
        self._under_way: dict[Future[Page | None], _Reading] = {}

    def run(self) -> Cursor:
        """Return the position with nothing behind it; raises CollectError, Conflict, OutOfTime."""
        with ThreadPoolExecutor(self._width) as pool:  # greenlets, where gevent patched threads
            try:
                while self._waiting or self._under_way:
                    self._begin(pool)
                    for done in wait(self._under_way, return_when=FIRST_COMPLETED).done:
                        self._take(pool, done)
            except CollectError:
                self._storing.store()
                raise
        end = replace(self._position, behind=())
        self._storing.close(end, end)
        return end

    def _begin(self, pool: ThreadPoolExecutor) -> None:
        while self._waiting and len(self._under_way) < self._width:
            part = self._waiting.popleft()
            self._ask(pool, _Reading(part, self._pages(part)))

    def _pages(self, part: Part) -> Iterator[Page]:
        stream = self._storing.place.stream
        since = asked(stream, part, self._position)
        return self._collector.pages(self._http, stream, since, part.until)

    def _ask(self, pool: ThreadPoolExecutor, reading: _Reading) -> None:
        self._under_way[pool.submit(next, reading.pages, None)] = reading

    def _take(self, pool: ThreadPoolExecutor, done: Future[Page | None]) -> None:
        reading = self._under_way.pop(done)
        try:
            page = done.result()
            if page is not None:
                reading.turns.check(page.cursor)
        except (CursorLost, Unusable) as error:
            self._again(reading, error)
            self._ask(pool, reading)
            return
        if page is None:
            return
        self._ask(pool, reading)  # the next one is on its way while this one is stored
        reading.part = replace(reading.part, page=page.cursor.page)
        self._storing.add(page, self._reached(), again=False)

    def _again(self, reading: _Reading, error: CursorLost | Unusable) -> None:
        """Go on after the last page that came; from the start when the way on was lost."""
        place = self._storing.place
        if isinstance(error, CursorLost):
            if reading.lost:
                raise Retry(f"{error} Again, from the start of the window.") from None
            reading.lost = True
            reading.part, reading.turns = replace(reading.part, page={}), Turns()
            place.told.warning("cursor lost", what=str(error))
        else:
            reading.tries += 1
            if reading.tries >= TRIES:
                raise error
            place.told.warning("reading again", what=str(error))
            place.clock.sleep(float(reading.tries))
        reading.pages = self._pages(reading.part)

    def _reached(self) -> Cursor:
        """Return the position once all pages that were taken are stored."""
        under_way = [reading.part for reading in self._under_way.values()]
        return replace(self._position, behind=joined([*under_way, *self._waiting]))
