"""Takes one raw object to `events/` and `quarantine/`: map, enrich, drop what is known, commit.

The same raw object always gives the same rows, and each table takes them in one commit that bears
the object's transaction (application: its stream; version: its number in it). So a run that was
killed between any two writes is mended by running it again. `quarantine` is committed first: once
`events` holds the transaction, the object is done.
"""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from conf.settings import Settings
from enrichment import (
    assemble,
    geo,
    lines,
    network,
    quarantine,
    reputation,
    sensitive,
    unwrapping,
)
from enrichment.assemble import Lookups, Origin
from enrichment.counts import Counts
from enrichment.prepared import Prepared
from enrichment.publish import Publisher
from enrichment.quarantine import Refused
from lake.lake import Lake
from lake.log import AlreadyCommitted
from lake.pieces import Bad, Chunk
from schemas import versions
from schemas.connection import connection
from schemas.event import EVENT
from schemas.mapper import Mapper
from schemas.mapping import Bounds

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST_AHEAD = timedelta(hours=24)
OF_THE_FILE = {
    *("truncated", "corrupt", "ragged_row", "too_large", "unreadable_file", "unknown_form"),
}


@dataclass(frozen=True)
class RawObject:
    """A raw object that is to be taken in; `application` and `sequence` are its transaction."""

    origin: Origin
    application: str
    sequence: int


class Ingest:
    """Takes raw objects into one lake; keeps its databases open, so make one for a process."""

    def __init__(self, lake: Lake, settings: Settings, now: datetime) -> None:
        """`now` (UTC) bounds the times that are believed, and dates the quarantine."""
        self._settings = settings
        self._today: date = now.date()
        self._bounds = Bounds(
            EARLIEST.replace(tzinfo=None), (now + LATEST_AHEAD).replace(tzinfo=None)
        )
        self._events = Publisher(lake, "events", "metadata.uid", by_time=True)
        self._quarantine = Publisher(lake, "quarantine", "record_id", by_time=False)
        self._mappers: dict[str, Mapper] = {}
        self._connection = connection()

    def done(self, raw: RawObject) -> bool:
        """Tell whether the lake holds this raw object's events already."""
        return self._events.holds(raw.application, raw.sequence)

    def ingest(self, raw: RawObject, pieces: Iterable[Chunk | Bad] | Prepared) -> Counts:
        """Take in the records of a raw object and say what became of them."""
        rows = pieces if isinstance(pieces, Prepared) else self.prepare(raw.origin, pieces)
        counts = Counts(read=rows.read)
        self._publish_refused(raw, rows.refused, counts)
        self._publish_events(raw, rows, counts)
        counts.require_sum(raw.origin.raw_object)
        return counts

    def replay(self, raw: RawObject, pieces: Iterable[Chunk | Bad]) -> Counts:
        """Put what the records are today in the place of all rows that came of the raw object.

        `raw` bears the replay's own transaction, not that of the first ingest.
        """
        rows = self.prepare(raw.origin, pieces)
        counts = Counts(read=rows.read)
        refused = self._with_first_reasons(raw.origin, rows.refused)
        table = quarantine.rows(refused, raw.origin, self._today)
        with suppress(AlreadyCommitted):
            self._quarantine.publish(table, raw.application, raw.sequence, raw.origin)
        self._publish_events(raw, rows, counts, raw.origin)
        counts.reasons = self._quarantine.count_of(raw.origin.raw_object, "reason")
        counts.quarantined = counts.reasons.total()
        counts.duplicates = counts.read - counts.mapped - counts.quarantined
        return counts

    def _with_first_reasons(self, origin: Origin, refused: list[Refused]) -> list[Refused]:
        """What was wrong with the file itself is not seen in its raw object: keep that reason."""
        first = {
            row["line"]: Refused(row["line"], row["record"], row["reason"], row["detail"])
            for row in self._quarantine.of(origin.raw_object).to_pylist()
            if row["reason"] in OF_THE_FILE
        }
        return [
            one if one.reason in OF_THE_FILE else first.get(one.ordinal, one) for one in refused
        ]

    @cached_property
    def lookups(self) -> Lookups:
        """The enrichments by address; opened at first use, and a damaged database is named then."""
        return Lookups(
            geo.open(self._settings), network.open(self._settings), reputation.open(self._settings)
        )

    def _mapper(self, source: str) -> Mapper:
        if source not in self._mappers:
            self._mappers[source] = Mapper(source, self._bounds)
        return self._mappers[source]

    def prepare(self, origin: Origin, pieces: Iterable[Chunk | Bad]) -> Prepared:
        """Map and enrich records of a tenant's source, and change nothing in the lake."""
        rows = Prepared()
        for piece in pieces:
            if isinstance(piece, Bad):
                rows.refused.append(_of_the_file(piece))
                rows.read += 1
            elif origin.source in versions.mappers():
                refused, envelopes = unwrapping.parted(
                    self._map(origin, piece, rows), origin.source
                )
                rows.refused += refused
                rows.envelopes += envelopes
            else:
                rows.refused += _of_unknown_source(origin.source, piece)
                rows.read += piece.count
        if rows.envelopes:
            self._map_unwrapped(origin, rows)
        return rows

    def _map_unwrapped(self, origin: Origin, rows: Prepared) -> None:
        found = [inner for envelope in rows.envelopes for inner in envelope]
        first = rows.read
        for chunk in unwrapping.chunks(found, first):
            refused = self._map(origin, chunk, rows)
            rows.refused += [unwrapping.placed(one, found, first) for one in refused]
        rows.read -= len(rows.envelopes)

    def _map(self, origin: Origin, chunk: Chunk, rows: Prepared) -> list[Refused]:
        """Add the events of a chunk to the rows; return the records that became none."""
        rows.read += chunk.count
        found = lines.read(chunk)
        refused = [
            Refused(ordinal, record, "invalid_utf8", "not valid UTF-8")
            for ordinal, record in found.undecodable
        ]
        mapped = self._mapper(origin.source).map(found.table)
        for mapper, flat in mapped.events:
            product = versions.load(mapper).product
            columns = assemble.columns(flat, mapper, product, origin, self.lookups)
            rows.ordinals.append(columns.pop("record_ordinal"))
            rows.events.append(self._with_sensitive(assemble.nest(columns)))
        if mapped.refused:
            texts = _texts(found.table, [refusal.ordinal for refusal in mapped.refused])
            refused += [
                Refused(refusal.ordinal, text, refusal.reason, refusal.detail, refusal.mapper)
                for refusal, text in zip(mapped.refused, texts, strict=True)
            ]
        return refused

    def _with_sensitive(self, events: pa.Table) -> pa.Table:
        found = sensitive.judge(events, self._connection)
        for name in ("sensitive", "severity_id"):
            position = EVENT.get_field_index(name)
            events = events.set_column(position, EVENT.field(name), found[name])
        return events

    def _publish_refused(self, raw: RawObject, refused: list[Refused], counts: Counts) -> None:
        if not refused:
            return
        table = quarantine.rows(refused, raw.origin, self._today)
        try:
            new = self._quarantine.publish(table, raw.application, raw.sequence)
        except AlreadyCommitted:
            # Somebody came this far before: the rows there are this raw object's.
            counts.reasons = self._quarantine.count_of(raw.origin.raw_object, "reason")
        else:
            counts.reasons = Counter(
                one.reason for one, is_new in zip(refused, new, strict=True) if is_new
            )
        counts.quarantined = counts.reasons.total()
        counts.duplicates += len(refused) - counts.quarantined

    def _publish_events(
        self, raw: RawObject, rows: Prepared, counts: Counts, instead_of: Origin | None = None
    ) -> None:
        found = (array.to_numpy() for array in rows.ordinals)
        ordinals = np.concatenate([np.empty(0, np.int64), *found])
        records = _distinct(ordinals)
        events = rows.events_of(raw.origin.raw_object)
        try:
            new = self._events.publish(events, raw.application, raw.sequence, instead_of)
        except AlreadyCommitted:
            counts.duplicates += records
            return
        counts.events = int(new.sum())
        counts.mapped = _distinct(ordinals[new])
        counts.duplicates += records - counts.mapped


def _distinct(ordinals: NDArray[np.int64]) -> int:
    return int(np.count_nonzero(np.bincount(ordinals)))


def _of_the_file(bad: Bad) -> Refused:
    return Refused(bad.ordinal, bad.record, bad.reason, bad.detail, identity=bad.identity)


def _of_unknown_source(source: str, chunk: Chunk) -> list[Refused]:
    known = ", ".join(versions.mappers())
    detail = f"no mapper for the source {source!r}; name the folder as one of {known}"
    return [
        Refused(ordinal, record, "unknown_source", detail)
        for ordinal, record in enumerate(chunk.data.split(b"\n")[:-1], start=chunk.first)
    ]


def _texts(records: pa.Table, ordinals: list[int]) -> list[bytes]:
    rows = np.searchsorted(records["record_ordinal"].to_numpy(), ordinals)
    texts = records["record_text"].take(pa.array(rows)).cast(pa.binary())
    return [bytes(text) for text in texts.to_pylist()]
