"""`antipode normalize --replay`: maps the raw objects of a lake anew, under today's mappers.

What an object gave before goes, and what it gives now comes, in one commit for each table. The
transaction of a replay is named after the mappers it used: killed half-way and run again it goes
on where it was, and run once more it finds nothing to do.
"""

import hashlib
import logging
from collections.abc import Callable
from importlib import resources

from conf.errors import KeyDestroyed
from enrichment.assemble import Origin
from enrichment.counts import Counts
from enrichment.ingest import Ingest, RawObject
from jobs.normalize import Target
from lake import records
from lake.lake import Lake
from lake.streams import Stream
from schemas import sources, versions

_log = logging.getLogger("antipode.replay")


def replay(
    target: Target,
    source: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Counts:
    """Map again what the tenant's raw objects hold; return what became of their records.

    `source` limits it to one. `progress` is told of objects done and in all.
    """
    lake = Lake(target.uri, target.settings)
    ingest = Ingest(lake, target.settings, target.now)
    _ = ingest.lookups
    streams = lake.raw.streams(target.tenant, source)
    work = [(stream, entry) for stream in streams for entry in lake.raw.entries(stream)]
    counts = Counts()
    for done, (stream, entry) in enumerate(work):
        progress(done, len(work))
        origin = Origin(stream.tenant, stream.source, entry.key)
        first = RawObject(origin, stream.application, entry.sequence)
        again = RawObject(origin, f"{stream.application}/replay-{_edition(stream)}", entry.sequence)
        if ingest.done(first) and not ingest.done(again):
            try:
                counts.add(ingest.replay(again, records.pieces(lake.raw, entry.key)))
            except KeyDestroyed as gone:
                _log.warning("Left as it is: %s", gone)
    progress(len(work), len(work))
    return counts


def _edition(stream: Stream) -> str:
    """Name the mappers of a stream's source as they are now, by their content."""
    content = hashlib.sha256()
    for mapper in versions.mappers().get(stream.source, ()):
        content.update((resources.files(sources) / f"{mapper}.py").read_bytes())
    return content.hexdigest()[:12]
