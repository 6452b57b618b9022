"""Builds rows of the standard event from a mapper's flat columns and what enrichment adds.

Names that follow from numbers (class, activity, status) are looked up in small tables; what is
known of an address is looked up once for each distinct address, then spread over the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from enrichment import address
from schemas.classes import CLASSES, STATUSES
from schemas.event import EVENT, OCSF_VERSION

Columns = dict[str, Any]  # dotted name -> Arrow array


class Lookup(Protocol):
    """A look-up by address: one row for each canonical IP text, in order."""

    def __call__(self, addresses: Sequence[str]) -> pa.Table:
        """Return the columns known of each address."""


class ReputationLookup(Protocol):
    """A look-up of what lists say of addresses and of their networks."""

    def __call__(
        self, addresses: Sequence[str], numbers: pa.ChunkedArray | None = None
    ) -> pa.Table:
        """Return one column, `reputation`."""

    def kinds(self, addresses: Sequence[str]) -> pa.Array:
        """Return the kind of network that the lists tell."""


@dataclass(frozen=True)
class Lookups:
    """The enrichments by address, opened once for a process."""

    place: Lookup
    network: Lookup
    reputation: ReputationLookup


@dataclass(frozen=True)
class Origin:
    """Where rows come from: the same for a whole batch."""

    tenant: str
    source: str
    raw_object: str


def columns(
    flat: pa.Table, mapper: str, product: tuple[str, str], origin: Origin, lookups: Lookups
) -> Columns:
    """Return the columns of the standard event that are known of a record itself, flat.

    Not known are `severity_id`, `sensitive`, `raw_object`, and what the mapper does not give.
    """
    rows = flat.num_rows
    found = {name: _single(flat[name]) for name in flat.column_names}
    constants = {
        "metadata.version": OCSF_VERSION,
        "metadata.product.name": product[0],
        "metadata.product.vendor_name": product[1],
        "tenant": origin.tenant,
        "source": origin.source,
        "mapper": mapper,
    }
    found |= {name: pa.repeat(pa.scalar(text), rows) for name, text in constants.items()}
    found["time"] = found["time"].cast(pa.timestamp("us", "UTC"))
    found["date"] = found["time"].cast(pa.date32())
    found |= _names(found["class_uid"], found["activity_id"], found["status_id"])
    found |= _address_columns(found.pop("src_endpoint.ip"), found["src_endpoint.hostname"], lookups)
    return found


def nest(found: Columns, schema: pa.Schema = EVENT) -> pa.Table:
    """Return the flat columns nested as `schema` wants them; absent ones are null."""
    rows = len(found["time"])
    arrays = [_nested(field.name, field.type, found, rows) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _nested(name: str, kind: pa.DataType, found: Columns, rows: int) -> pa.Array:
    if not pa.types.is_struct(kind):
        return found[name] if name in found else pa.nulls(rows, kind)
    fields = [kind.field(position) for position in range(kind.num_fields)]
    children = [_nested(f"{name}.{field.name}", field.type, found, rows) for field in fields]
    return pa.StructArray.from_arrays(children, fields=fields, mask=_empty(children))


def _empty(children: list[pa.Array]) -> pa.Array | None:
    """Return where a struct of these fields is null, None for nowhere.

    A struct with nothing in it is null: "no file" is not a file without a name.
    """
    if any(child.null_count == 0 for child in children):
        return None
    empty = children[0].is_null()
    for child in children[1:]:
        empty = pc.and_(empty, child.is_null())
    return empty


def _names(class_uid: pa.Array, activity_id: pa.Array, status_id: pa.Array) -> Columns:
    classes = {known.uid: known for known in CLASSES}
    activities = {
        known.uid * 100 + activity: name
        for known in CLASSES
        for activity, name in known.activities.items()
    }
    type_uid = pc.add(pc.multiply(class_uid.cast(pa.int64()), 100), activity_id.cast(pa.int64()))
    return {
        "class_name": _named(class_uid, {uid: known.name for uid, known in classes.items()}),
        "category_uid": _named(
            class_uid, {uid: known.category_uid for uid, known in classes.items()}, pa.int32()
        ),
        "type_uid": type_uid,
        "activity_name": _named(type_uid, activities),
        "status": _named(status_id, STATUSES),
    }


def _named(numbers: pa.Array, names: dict[int, Any], kind: pa.DataType | None = None) -> pa.Array:
    rows = pc.index_in(numbers, value_set=pa.array(list(names), numbers.type))
    return pc.take(pa.array(list(names.values()), kind), rows)


def _address_columns(texts: pa.Array, hostnames: pa.Array, lookups: Lookups) -> Columns:
    distinct = texts.dictionary_encode()
    read = address.table(distinct.dictionary.to_pylist())
    ips = pc.unique(read["ip"].drop_null())
    known = ips.to_pylist()
    place = lookups.place(known)
    network = lookups.network(known)
    reputation = lookups.reputation(known, network["number"])
    kind = pc.coalesce(lookups.reputation.kinds(known), network["kind"])

    row = distinct.indices
    of_ip = pc.take(pc.index_in(read["ip"], value_set=ips), row)

    def spread(values: Any, index: Any = of_ip) -> pa.Array:
        if values.null_count == len(values):  # as ports and host names mostly are
            return pa.nulls(len(index), values.type)
        return _single(pc.take(values, index))

    return {
        "src_endpoint.name": texts,
        "src_endpoint.ip": spread(read["ip"], row),
        "src_endpoint.port": spread(read["port"], row),
        "src_endpoint.hostname": pc.coalesce(hostnames, spread(read["hostname"], row)),
        "src_endpoint.svc_name": spread(read["svc_name"], row),
        "src_endpoint.location.country": spread(place["country"]),
        "src_endpoint.location.region": spread(place["region"]),
        "src_endpoint.location.city": spread(place["city"]),
        "src_endpoint.location.lat": spread(place["latitude"]),
        "src_endpoint.location.long": spread(place["longitude"]),
        "src_endpoint.autonomous_system.number": spread(network["number"]),
        "src_endpoint.autonomous_system.name": spread(network["organisation"]),
        "place.precision": spread(place["precision"]),
        "place.radius_km": spread(place["radius_km"]),
        "place.database": spread(place["database"]),
        "network.kind": spread(kind),
        "reputation": spread(reputation["reputation"]),
    }


def _single(values: Any) -> pa.Array:
    if not isinstance(values, pa.ChunkedArray):
        return values
    # One chunk is the usual case; to combine it would copy it.
    return values.chunk(0) if values.num_chunks == 1 else values.combine_chunks()
