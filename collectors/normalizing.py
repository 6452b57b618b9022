"""Takes what was collected to `events/`, stream by stream, and counts what each hour holds.

The next step after collecting, in other processes than those on gevent: it needs the processor,
and libraries whose threads stall gevent's hub.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from collectors import completeness_store, counting, metrics
from collectors.told import Told
from conf.settings import Settings
from enrichment.counts import Counts
from enrichment.drain import drain
from enrichment.ingest import Ingest
from lake.lake import Lake
from lake.streams import Entry, Stream

RELOAD = timedelta(hours=1)


class Normalizing:
    """Takes streams of one lake. It keeps databases open: make one for a process."""

    def __init__(self, uri: str, settings: Settings) -> None:
        """Open the lake at `uri`."""
        self.lake = Lake(uri, settings)
        self._settings = settings
        self._ingest: tuple[datetime, Ingest] | None = None

    def normalize(
        self, stream: Stream, now: datetime, go_on: Callable[[], bool] = lambda: True
    ) -> Counts:
        """Take in what is pending of a stream; return what became of its records.

        `now` (UTC) bounds the times that are believed; `go_on` is asked between two objects.
        """
        counts = Counts()
        keys: list[str] = []

        def taken(entry: Entry, found: Counts) -> None:
            counts.add(found)
            keys.append(entry.key)

        pending = [entry.key for entry in self.lake.raw.pending(stream)]
        drain(self.lake.raw, stream, self._fresh(now), taken, go_on=go_on)
        if pending:
            # Also of what somebody else took in and, it may be, did not come to count.
            self._count(stream, {*pending, *keys}, now)
            self._tell(stream, counts, len(keys))
        return counts

    def _fresh(self, now: datetime) -> Ingest:
        """Open the databases anew now and then: updates of them are found, and time goes on."""
        if self._ingest is None or now - self._ingest[0] > RELOAD:
            self._ingest = now, Ingest(self.lake, self._settings, now)
        return self._ingest[1]

    def _count(self, stream: Stream, keys: Iterable[str], now: datetime) -> None:
        days = counting.days_of(self.lake, keys)
        found = counting.received(self.lake, stream.tenant, stream.source, days)
        completeness_store.update(self.lake.objects, stream.tenant, stream.source, days, found, now)

    def _tell(self, stream: Stream, counts: Counts, objects: int) -> None:
        told = Told(tenant=stream.tenant, source=stream.source, stream=stream.name)
        told.info("normalized", read=counts.read, events=counts.events, objects=objects)
        for outcome in ("mapped", "duplicates", "quarantined"):
            metrics.EVENTS.labels(stream.tenant, stream.source, outcome).inc(
                getattr(counts, outcome)
            )


def pending(lake: Lake, tenants_and_sources: Iterable[tuple[str, str]]) -> list[Stream]:
    """Return the streams of some tenants and sources of which something waits to be taken in."""
    return [
        stream
        for tenant, source in sorted(set(tenants_and_sources))
        for stream in lake.raw.streams(tenant, source)
        if lake.raw.pending(stream)
    ]
