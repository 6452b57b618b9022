"""The ids that the records of raw objects have in `events`, by the project's own mappers."""

import io
from collections.abc import Iterable
from datetime import datetime

import pyarrow as pa

from lake.pieces import Chunk
from lake.records import records
from schemas import versions
from schemas.mapper import Mapper
from schemas.mapping import Bounds

BOUNDS = Bounds(datetime(2000, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - UTC without saying so


def uids(source: str, objects: Iterable[tuple[bytes, str]]) -> set[str]:
    """Return the ids of all events of raw objects, given as text and form; all must be mapped."""
    lines: list[str] = []
    for text, form in objects:
        for chunk in records(io.BytesIO(text), f"raw.{form}", versions.envelope(source)):
            assert isinstance(chunk, Chunk)
            lines += chunk.data.decode().splitlines()
    table = pa.table(
        {
            "record_ordinal": pa.array(range(len(lines)), pa.int64()),
            "record_text": pa.array(lines, pa.string()),
        }
    )
    mapped = Mapper(source, BOUNDS).map(table)
    assert mapped.refused == []
    return {uid for _, events in mapped.events for uid in events["metadata.uid"].to_pylist()}
