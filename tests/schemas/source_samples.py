"""Reads the sample folders beside the mappers and runs the engine over them.

A folder `schemas/sources/samples/<source>_v<N>/` holds `records.ndjson` (or .json, .csv: the
provider's form), `expected.ndjson`, one line an event with the ordinal of its record and the
columns it asserts, and where some records must be refused `quarantined.ndjson`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from enrichment import assemble, sensitive
from lake import records as raw
from schemas import sources, versions
from schemas.event import EVENT
from schemas.mapper import Mapper
from schemas.mapping import Bounds, column_type
from schemas.refusal import Refusal

FOLDER = Path(sources.__path__[0]) / "samples"
# In the engine times are UTC without saying so.
BOUNDS = Bounds(
    datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None),
    datetime(2026, 12, 31, tzinfo=UTC).replace(tzinfo=None),
)


@dataclass(frozen=True)
class Event:
    """A row of the standard event, the ordinal of its record and its own in the record."""

    record: int
    item: int
    row: dict[str, Any]

    def column(self, dotted: str) -> Any:
        """Return the value of a dotted column; null where a part of the way is null."""
        column_type(dotted)  # a name that is no column is a mistake of the sample
        value: Any = self.row
        for name in dotted.split("."):
            if value is None:
                return None
            value = value[name]
        return value


@dataclass(frozen=True)
class Outcome:
    """What the engine made of some records, in the order of the records."""

    events: list[Event]
    refused: list[Refusal]


def folders() -> list[str]:
    """Return the names of the sample folders, which are those of their mappers."""
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def source_of(mapper: str) -> str:
    match = versions.NAME.fullmatch(mapper)
    assert match, f"{mapper}: a sample folder is named <source>_v<N>"
    return match["source"]


def replacement_of(mapper: str) -> str | None:
    """Return the mapper that replaces another, None where none does."""
    every = versions.of(source_of(mapper))
    return next((other for other in every if versions.load(other).replaces == mapper), None)


def lines(mapper: str, name: str) -> list[Any]:
    """Return the objects of an NDJSON file of the folder; none where there is no such file."""
    path = FOLDER / mapper / name
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def records(mapper: str) -> list[str]:
    """Return the sample records of a mapper as the texts that the engine is given."""
    (path,) = (FOLDER / mapper).glob("records.*")
    texts: list[str] = []
    with path.open("rb") as stream:
        for piece in raw.records(stream, path.name, versions.envelope(source_of(mapper))):
            assert isinstance(piece, raw.Chunk), f"{path.name}: {piece}"
            texts += piece.data.decode().split("\n")[:-1]
    return texts


def run(source: str, texts: list[str], only: str | None = None) -> Outcome:
    """Map records, numbered from 0, with every current version of their source, or with one.

    The events have the columns of the standard event under dotted names; nothing is known here of
    any address, so that place and network are null.
    """
    mapped = engine(source, only).map(
        pa.table(
            {
                "record_ordinal": pa.array(range(len(texts)), pa.int64()),
                "record_text": pa.array(texts, pa.string()),
            }
        )
    )
    outcome = Outcome([], mapped.refused)
    for mapper, flat in mapped.events:
        product = versions.load(mapper).product
        origin = assemble.Origin("example", source, "raw/object")
        found = assemble.columns(flat, mapper, product, origin, NOTHING_KNOWN)
        nested = assemble.nest(found)
        judged = sensitive.judge(nested, CONNECTION).to_pylist()
        for row, event in enumerate(nested.to_pylist()):
            event |= judged[row]
            outcome.events.append(
                Event(found["record_ordinal"][row].as_py(), found["item_index"][row].as_py(), event)
            )
    outcome.events.sort(key=lambda event: (event.record, event.item))
    return outcome


CONNECTION = duckdb.connect()


@cache
def engine(source: str, only: str | None = None) -> Mapper:
    return Mapper(source, BOUNDS, (only,) if only else None)


class _NothingKnown:
    """Stands for the look-ups by address: a null for each column that is asked for."""

    def __init__(self, columns: dict[str, pa.DataType]) -> None:
        self._columns = columns

    def __call__(self, addresses: Sequence[str], numbers: object = None) -> pa.Table:
        return pa.table(
            {name: pa.nulls(len(addresses), kind) for name, kind in self._columns.items()}
        )

    def kinds(self, addresses: Sequence[str]) -> pa.Array:
        return pa.nulls(len(addresses), pa.string())


NOTHING_KNOWN = assemble.Lookups(
    place=_NothingKnown(
        dict.fromkeys(("country", "region", "city", "precision", "database"), pa.string())
        | dict.fromkeys(("latitude", "longitude", "radius_km"), pa.float64())
    ),
    network=_NothingKnown({"number": pa.int64(), "organisation": pa.string(), "kind": pa.string()}),
    reputation=_NothingKnown({"reputation": EVENT.field("reputation").type}),
)
