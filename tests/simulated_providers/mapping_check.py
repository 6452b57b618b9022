"""Takes records of a simulated provider through the project's own mapper."""

import json
from datetime import datetime
from functools import cache
from typing import Any

import pyarrow as pa
from provider_simulator.client import Simulator

from schemas.mapper import Mapper
from schemas.mapping import Bounds

BOUNDS = Bounds(datetime(2000, 1, 1), datetime(2100, 1, 1))  # noqa: DTZ001 - UTC without saying so


@cache
def mapper(source: str) -> Mapper:
    return Mapper(source, BOUNDS)


def texts(records: list[Any]) -> list[str]:
    """Return records as a collector would keep them: each its own JSON on a line."""
    return [json.dumps(record, separators=(",", ":"), ensure_ascii=False) for record in records]


def uids(source: str, lines: list[str]) -> list[str]:
    """Return the ids of the events; every line must be mapped."""
    table = pa.table(
        {
            "record_ordinal": pa.array(range(len(lines)), pa.int64()),
            "record_text": pa.array(lines, pa.string()),
        }
    )
    mapped = mapper(source).map(table)
    assert mapped.refused == []
    found: list[tuple[int, int, str]] = []
    for _mapper, events in mapped.events:
        rows = events.select(["record_ordinal", "item_index", "metadata.uid"]).to_pylist()
        found += [(row["record_ordinal"], row["item_index"], row["metadata.uid"]) for row in rows]
    assert {ordinal for ordinal, _, _ in found} == set(range(len(lines)))
    return [uid for _, _, uid in sorted(found)]


def true_uids(
    simulator: Simulator, provider: str, tenant: str, stream: str | None = None, **window: str
) -> set[str]:
    return {event["uid"] for event in simulator.truth(provider, tenant, stream, **window)}
