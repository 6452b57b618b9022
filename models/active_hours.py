"""Active hours to cells, on the driver: numbers only, some 40 bytes an active hour.

The days of `models/daily_use.py` hold one row for each (person, address, device, hour) with
successes, and one for each (person, address) with failures. Here they are sorted once; everything
else is sums over runs.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models.columns import Integers
from models.runs import begins

HOUR = 3600
DAY = 24 * HOUR
# One active hour of a cell in one number: hour of the window, first and last second in it, events.
EVENT_BITS, SECOND_BITS = 16, 12
EVENT_MASK = 2**EVENT_BITS - 1
SECOND_MASK = 2**SECOND_BITS - 1


@dataclass(frozen=True)
class Keyed:
    """Where each row belongs: `cell` numbers (person, address) by name, then by address."""

    people: pa.Array  # names, sorted
    addresses: Integers  # ids, sorted
    cell: Integers

    @classmethod
    def of(cls, rows: pa.Table, people: pa.Table) -> "Keyed":
        """Number the cells of `rows`; `people` holds each person_id with its name (person)."""
        named = people.sort_by("person")
        person = integers(pc.index_in(rows["person_id"], named["person_id"]))
        addresses, address = numbered(rows["address_id"])
        cell = person * max(1, len(addresses)) + address
        return cls(named["person"].combine_chunks(), addresses, cell)

    def columns(self, cell: Integers) -> dict[str, pa.Array]:
        """Return the columns `person` and `address_id` of numbered cells."""
        span = max(1, len(self.addresses))
        return {
            "person": self.people.take(pa.array(cell // span)),
            "address_id": pa.array(self.addresses[cell % span]),
        }


def to_cells(rows: pa.Table, people: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return the tables `cells` and `devices` of models.cells.Cells.

    `rows`: refused, person_id, address_id, device_id, packed (hour, first and last second in it;
    null for failures), events, sensitive, reputation. `people`: person_id, person.
    """
    kept = rows.filter(pc.is_null(rows["refused"]))
    keyed = Keyed.of(kept, people)
    cells = by_cell(kept, keyed)
    return pa.concat_tables([cells, refused(rows, cells.schema)]), by_device(kept, keyed)


def refused(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return what was kept out, as cells of nobody: the filter and its events, as successes."""
    out = rows.filter(pc.is_valid(rows["refused"])).select(["refused", "events"])
    known = {
        "refused": out["refused"],
        "successes": out["events"].cast(pa.int64()),
        "failures": pa.array(np.zeros(len(out), np.int64)),
    }
    columns = [known.get(field.name, pa.nulls(len(out), field.type)) for field in schema]
    return pa.table(columns, schema=schema)


def by_cell(rows: pa.Table, keyed: Keyed) -> pa.Table:
    """Return one row for each (person, address), its active hours packed into a list."""
    packed = integers(pc.fill_null(rows["packed"], -1))
    hour = packed >> (2 * SECOND_BITS)  # -1: failures
    key = keyed.cell * (int(hour.max(initial=0)) + 2) + hour + 1
    order = np.argsort(key)
    runs = begins(key[order])
    packed, cell, events = packed[order], keyed.cell[order], integers(rows["events"])[order]
    active = packed >= 0
    hours = (packed[runs] >> (2 * SECOND_BITS)) << SECOND_BITS
    hours |= np.minimum.reduceat((packed >> SECOND_BITS) & SECOND_MASK, runs)
    hours = hours << SECOND_BITS | np.maximum.reduceat(packed & SECOND_MASK, runs)
    many = np.minimum(np.add.reduceat(events, runs), EVENT_MASK)  # an hour of more has so many
    hours = (hours << EVENT_BITS | many)[active[runs]]
    first = begins(cell)
    sizes = np.add.reduceat(active[runs].astype(np.int64), np.searchsorted(runs, first))
    sensitive = integers(rows["sensitive"])[order]
    reputation = rows["reputation"].to_numpy()[order]
    return pa.table(
        {
            "refused": pa.nulls(len(first), pa.string()),
            **keyed.columns(cell[first]),
            "successes": pa.array(np.add.reduceat(np.where(active, events, 0), first)),
            "failures": pa.array(np.add.reduceat(np.where(active, 0, events), first)),
            "sensitive": pa.array(np.maximum.reduceat(sensitive, first)),
            "reputation": pa.array(np.maximum.reduceat(reputation, first)),
            "hours": pa.ListArray.from_arrays(
                pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int32()), pa.array(hours)
            ),
        }
    )


def by_device(rows: pa.Table, keyed: Keyed) -> pa.Table:
    """Return one row for each (person, address, device): by what the successes were made."""
    known = pc.is_valid(rows["device_id"]).to_numpy()
    devices, device = numbered(rows["device_id"].drop_null())
    span = max(1, len(devices))
    keys, index = np.unique(keyed.cell[known] * span + device, return_inverse=True)
    events = np.bincount(index, weights=integers(rows["events"])[known], minlength=len(keys))
    return pa.table(
        {
            **keyed.columns(keys // span),
            "device_id": pa.array(devices[keys % span], pa.int64()),
            "events": pa.array(events.astype(np.int64)),
        }
    )


def numbered(values: pa.ChunkedArray) -> tuple[Integers, Integers]:
    """Return the distinct whole numbers of a column, sorted, and which of them each is.

    By Arrow's hashes: sorting millions for the sake of some thousands takes several times as long.
    """
    each = pc.unique(values)
    order = np.argsort(integers(pa.chunked_array([each])))
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    index = integers(pc.index_in(values, each))
    return integers(pa.chunked_array([each]))[order], rank[index]


def integers(values: pa.ChunkedArray) -> Integers:
    """Return a column without nulls as 64-bit integers."""
    return np.asarray(values.to_numpy(), np.int64)
