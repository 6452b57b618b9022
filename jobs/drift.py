"""`antipode drift`: counts, in the raw objects of a lake, the fields that nobody described."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from conf.settings import Settings
from enrichment import lines, unwrapping
from lake import records
from lake.lake import Lake
from lake.pieces import Chunk
from schemas import drift as fields
from schemas import versions
from schemas.mapper import Mapper
from schemas.mapping import Bounds

EVER = Bounds(datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC))


@dataclass(frozen=True)
class Drift:
    """An unknown field of a source, or a known one of another type than promised, which is said.

    How many records hold it, the first day and the last.
    """

    source: str
    field: str
    records: int
    first_day: date
    last_day: date


def drift(
    uri: str,
    settings: Settings,
    tenant: str,
    source: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Drift]:
    """Return what nobody described in a tenant's raw objects, the most frequent first."""
    lake = Lake(uri, settings)
    counts: Counter[tuple[str, str]] = Counter()
    days: dict[tuple[str, str], list[date]] = {}
    work = [
        (stream.source, entry.key)
        for stream in lake.raw.streams(tenant, source)
        if stream.source in versions.mappers()
        for entry in lake.raw.entries(stream)
    ]
    mappers = {name: Mapper(name, EVER) for name in {of_source for of_source, _ in work}}
    for done, (of_source, key) in enumerate(work):
        progress(done, len(work))
        for piece in records.pieces(lake.raw, key):
            if isinstance(piece, Chunk):
                whole = unwrapping.unwrapped(piece, of_source)
                table = lines.read(whole).table
                found = (
                    fields.unknown_fields(of_source, table) + mappers[of_source].map(table).mended
                )
                for field, count in found.items():
                    counts[of_source, field] += count
                    days.setdefault((of_source, field), []).append(_day(key))
    progress(len(work), len(work))
    return [
        Drift(*name, count, min(days[name]), max(days[name]))
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _day(key: str) -> date:
    """Return the day of ingest that a raw object's key tells."""
    (day,) = (part for part in key.split("/") if part.startswith("date="))
    return date.fromisoformat(day.removeprefix("date="))
