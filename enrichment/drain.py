"""Takes in, in order, the raw objects of a stream that the tables do not hold yet.

Order matters: a table remembers of a stream only the last number that it took, so number 6 before
number 5 would make 5 look taken. Whoever drains therefore takes in what others left behind, too.
"""

import logging
from collections.abc import Callable, Iterable

from conf.errors import KeyDestroyed
from enrichment.assemble import Origin
from enrichment.counts import Counts
from enrichment.ingest import Ingest, RawObject
from enrichment.prepared import Prepared
from lake import records
from lake.pieces import Bad, Chunk
from lake.raw import Raw
from lake.streams import Entry, Stream

_log = logging.getLogger("antipode.drain")
Taken = Callable[[Entry, Counts], None]
Settle = Callable[[Stream, int], None]
Pieces = Callable[[Entry], Iterable[Chunk | Bad] | Prepared | None]


def drain(
    raw: Raw,
    stream: Stream,
    ingest: Ingest,
    taken: Taken,
    at_hand: Pieces = lambda entry: None,
    go_on: Callable[[], bool] = lambda: True,
    settle: Settle | None = None,
) -> None:
    """Take in what is pending; `taken` is told of each object that this call took in.

    `at_hand` may give an entry's records, or what became of them, where that is in memory still;
    `go_on` is asked between two objects. `settle` in place of `raw.settle` may do that later.
    """
    settle = settle or raw.settle
    for entry in raw.pending(stream):
        origin = Origin(stream.tenant, stream.source, entry.key)
        item = RawObject(origin, stream.application, entry.sequence)
        if not ingest.done(item):
            pieces = at_hand(entry) or records.pieces(raw, entry.key)
            try:
                taken(entry, ingest.ingest(item, pieces))
            except KeyDestroyed as gone:
                _log.warning("Left out: %s", gone)  # or it would hold up its stream for ever
        settle(stream, entry.sequence)
        if not go_on():
            return
