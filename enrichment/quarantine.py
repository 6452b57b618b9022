"""Rows of the quarantine: the record, the reason, who refused it and where it lies."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from enrichment.assemble import Origin
from schemas.event import QUARANTINE

MOST_BYTES = 1 << 20  # of a record that are kept in the table; all of it stays in raw/


@dataclass(frozen=True)
class Refused:
    """A record that cannot become an event. `ordinal` counts the records of the raw object.

    `identity` is what it is known again by where its bytes do not tell it.
    """

    ordinal: int
    record: bytes
    reason: str
    detail: str
    mapper: str | None = None
    identity: str = ""


def rows(refused: Sequence[Refused], origin: Origin, day: date) -> pa.Table:
    """Return the rows of the quarantine table; `day` is the day of ingest."""
    count = len(refused)
    columns = {
        "tenant": [origin.tenant] * count,
        "date": [day] * count,
        "source": [origin.source] * count,
        "mapper": [one.mapper for one in refused],
        "reason": [one.reason for one in refused],
        "detail": [one.detail for one in refused],
        "record": [one.record[:MOST_BYTES] for one in refused],
        "record_id": [record_id(one.identity.encode() or one.record) for one in refused],
        "raw_object": [origin.raw_object] * count,
        "line": [one.ordinal for one in refused],
    }
    arrays = [pa.array(columns[field.name], field.type) for field in QUARANTINE]
    return pa.Table.from_arrays(arrays, schema=QUARANTINE)


def record_id(record: bytes) -> str:
    """Return what identifies a record: the hash of its bytes, whatever the line ended with."""
    return hashlib.blake2b(record.strip(), digest_size=16).hexdigest()
