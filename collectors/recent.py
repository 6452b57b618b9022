"""What was stored of a log a moment ago, so that reading it again does not store it again.

The last minutes of a log are read at every poll, for what comes late. Their records are mostly
those of the poll before; what this very process has stored, and the cursor counts, is left out.
That saves space and work and nothing else: a process that begins knows nothing, stores what it
reads, and the ids see to it that each event is there once.

Records are known by 64 bits of Python's keyed hash of their bytes. One in 10^19 is mistaken; all
together hold a bounded number, those used longest ago go first.
"""

from array import array
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from threading import Lock

from collectors.contract import NDJSON, Page
from lake.streams import Stream

MOST_OF_ONE = 4_096  # records of a stream: ten minutes of 4 a second
MOST = 3_000_000  # records of all streams: 24 MB


class Recent:
    """The records of many streams. Make one for a process."""

    def __init__(self, most: int = MOST, most_of_one: int = MOST_OF_ONE) -> None:
        """Know nothing."""
        self._most, self._most_of_one = most, most_of_one
        self._streams: OrderedDict[Stream, array[int]] = OrderedDict()
        self._size = 0
        self._alone = Lock()

    def new(self, stream: Stream, page: Page) -> tuple[Page, list[int]]:
        """Return a page without the records that were stored before, and what to `add` of it."""
        if page.form != NDJSON or not page.body:
            return page, []
        lines = page.body.splitlines(keepends=True)
        hashes = [hash(line) for line in lines]
        with self._alone:
            known = set(self._streams.get(stream, ()))
        if known.isdisjoint(hashes):
            return page, hashes
        new = [pair for pair in zip(lines, hashes, strict=True) if pair[1] not in known]
        body = b"".join(line for line, _ in new)
        return replace(page, body=body, count=len(new)), [one for _, one in new]

    def add(self, stream: Stream, hashes: Iterable[int]) -> None:
        """Remember records: they are stored and counted."""
        with self._alone:
            known = self._streams.pop(stream, array("q"))
            self._size -= len(known)
            kept = (known + array("q", hashes))[-self._most_of_one :]
            self._streams[stream] = kept
            self._size += len(kept)
            while self._size > self._most:
                _, gone = self._streams.popitem(last=False)
                self._size -= len(gone)
