"""Active hours to days of use and back, on the driver: the rows that `daily_use` keeps.

Days are put together into the same active hours that their events would give at once: nothing is
rounded, dropped or ordered by chance on the way.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from models.active_hours import SECOND_BITS, SECOND_MASK, Keyed, integers
from models.columns import Integers
from models.runs import begins, ordered
from schemas.daily_use import ACTIVE_HOUR, DAILY_USE

HOURS = 24  # of a day
OF_THE_LAKE = ("tenant", "made_from")
USE = pa.schema([field for field in DAILY_USE if field.name not in OF_THE_LAKE])


def by_day(rows: pa.Table, people: pa.Table, addresses: pa.Table, first_day: date) -> pa.Table:
    """Return one row for each (day, person, address) and each (day, filter), of the schema USE.

    `rows`: refused, person_id, address_id, device_id, packed (hour from the first midnight, first
    and last second in it; without hour -1 - day), events, sensitive, reputation. `people`:
    person_id, person. `addresses`: day, address_id and what is known of it.
    """
    kept = rows.filter(pc.is_null(rows["refused"]))
    used = _uses(kept, Keyed.of(kept, people), addresses, first_day)
    return pa.concat_tables([used, _kept_out(rows, first_day)])


def _uses(rows: pa.Table, keyed: Keyed, addresses: pa.Table, first_day: date) -> pa.Table:
    packed, events = integers(rows["packed"]), integers(rows["events"])
    hour = packed >> (2 * SECOND_BITS)
    day = np.where(packed < 0, -1 - packed, hour // HOURS)
    span = max(1, len(keyed.people)) * max(1, len(keyed.addresses))
    key = day * span + keyed.cell
    # An hour may have several devices, which Spark brings in an order of chance.
    device = integers(pc.fill_null(rows["device_id"], np.iinfo(np.int64).min))
    order = ordered(key * (HOURS + 1) + np.where(packed < 0, 0, 1 + hour % HOURS), device)
    first = begins(key[order])
    heads, active, events = order[first], packed[order] >= 0, events[order]
    made = {
        "date": _dates(key[heads] // span, first_day),
        **keyed.columns(keyed.cell[heads]),
        **_known(keyed, key[heads], span, addresses),
        "events": pa.array(_sums(events, first)),
        "failures": pa.array(_sums(np.where(active, 0, events), first)),
        "sensitive": pa.array(_greatest(integers(rows["sensitive"])[order], first)),
        "reputation": pa.array(_greatest(rows["reputation"].to_numpy()[order], first)),
        "hours": _lists(rows, order[active], _sums(active.astype(np.int64), first)),
    }
    return _as_use(made, len(first))


def _kept_out(rows: pa.Table, first_day: date) -> pa.Table:
    out = rows.filter(pc.is_valid(rows["refused"])).select(["refused", "packed", "events"])
    sums = out.group_by(["refused", "packed"], use_threads=False).aggregate([("events", "sum")])
    made = {
        "date": _dates(-1 - integers(sums["packed"]), first_day),
        "refused": sums["refused"],
        "events": sums["events_sum"],
        "failures": pa.array(np.zeros(len(sums), np.int64)),
    }
    return _as_use(made, len(sums))


def _known(keyed: Keyed, key: Integers, span: int, addresses: pa.Table) -> dict[str, pa.Array]:
    """Return what is known of the address of each row, as it was that day."""
    each = one_each(addresses, ("day", "address_id"))
    count = max(1, len(keyed.addresses))
    number = np.searchsorted(keyed.addresses, integers(each["address_id"]))
    known = integers(each["day"]) * count + number
    at = np.searchsorted(known, key // span * count + key % span % count)
    columns = each.drop_columns(["day", "address_id"]).take(pa.array(at))
    return {name: columns[name] for name in columns.column_names}


def _lists(rows: pa.Table, order: Integers, sizes: Integers) -> pa.ListArray:
    active = rows.select(["packed", "device_id", "events"]).take(pa.array(order))
    packed = integers(active["packed"])
    columns = {
        "hour": pa.array((packed >> (2 * SECOND_BITS)) % HOURS, pa.int32()),
        "first": pa.array(packed >> SECOND_BITS & SECOND_MASK, pa.int32()),
        "last": pa.array(packed & SECOND_MASK, pa.int32()),
        "device_id": active["device_id"].combine_chunks(),
        "events": active["events"].cast(pa.int32()).combine_chunks(),
    }
    hours = pa.StructArray.from_arrays(
        [columns[field.name] for field in ACTIVE_HOUR], fields=list(ACTIVE_HOUR)
    )
    ends = np.concatenate([[0], np.cumsum(sizes)])
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), hours)


def _as_use(made: dict[str, pa.Array], rows: int) -> pa.Table:
    columns = [
        made[field.name].cast(field.type) if field.name in made else pa.nulls(rows, field.type)
        for field in USE
    ]
    return pa.table(columns, schema=USE)


def active_hours(use: pa.Table, first_day: date) -> tuple[pa.Table, pa.Table]:
    """Return rows and people for `models.active_hours.to_cells`.

    `use`: rows of the schema USE, of days from `first_day` on.
    """
    kept = use.filter(pc.is_null(use["refused"]))
    named = pc.unique(kept["person"])
    whose = integers(pc.index_in(kept["person"], named))
    lists = kept["hours"].combine_chunks()
    sizes = integers(pa.chunked_array([pc.list_value_length(lists)]))
    row = np.repeat(np.arange(len(kept)), sizes)
    hours = lists.flatten()
    packed = integers(kept["date"].cast(pa.int32())) - _number(first_day)
    packed = packed[row] * HOURS + np.asarray(hours.field("hour"))
    for name in ("first", "last"):
        packed = packed << SECOND_BITS | np.asarray(hours.field(name))
    failed = np.flatnonzero(integers(kept["failures"]))
    both = np.concatenate([row, failed])
    events = [hours.field("events").cast(pa.int64()), *kept["failures"].take(failed).chunks]
    used = {
        "person_id": pa.array(whose[both]),
        "address_id": kept["address_id"].take(both),
        "device_id": pa.chunked_array(
            [hours.field("device_id"), pa.nulls(len(failed), pa.int64())]
        ),
        "packed": pa.chunked_array([pa.array(packed), pa.nulls(len(failed), pa.int64())]),
        "events": pa.chunked_array(events),
        "sensitive": kept["sensitive"].take(both),
        "reputation": kept["reputation"].take(both),
    }
    out = use.filter(pc.is_valid(use["refused"]))
    rows = [pa.table(used), out.select(["refused", "events"])]
    people = pa.table({"person_id": pa.array(np.arange(len(named))), "person": named})
    return pa.concat_tables(rows, promote_options="default"), people


def addresses(use: pa.Table, names: Sequence[str]) -> pa.Table:
    """Return the columns `names` of each address in rows of the schema USE, sorted."""
    kept = use.filter(pc.is_null(use["refused"])).select(list(names))
    return one_each(kept.group_by(list(names)).aggregate([]), ("address_id",))


def one_each(rows: pa.Table, keys: Sequence[str]) -> pa.Table:
    """Return the first row of each value of the whole-numbered `keys`, in the order of all columns.

    `keys` are the first columns.
    """
    ordered = rows.sort_by([(name, "ascending") for name in rows.column_names])
    columns = [integers(ordered[name]) for name in keys]
    first = np.zeros(len(ordered), np.bool_)
    first[:1] = True
    for column in columns:
        first[1:] |= column[1:] != column[:-1]
    return ordered.filter(pa.array(first))


def _dates(days: Integers, first_day: date) -> pa.Array:
    return pa.array((days + _number(first_day)).astype(np.int32)).cast(pa.date32())


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _sums(values: Integers, first: Integers) -> Integers:
    return np.add.reduceat(values, first) if len(first) else values[:0]


def _greatest(values: npt.NDArray[Any], first: Integers) -> npt.NDArray[Any]:
    return np.maximum.reduceat(values, first) if len(first) else values[:0]
