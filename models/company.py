"""A company as the models see it: people, addresses, places, and who was active where and when.

Everything is held in numpy columns on the driver. 4 million events of 5,000 people are some hundred
thousand cells and one to two million active hours.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from models import places as precision
from models.active_hours import DAY, EVENT_BITS, EVENT_MASK, HOUR, SECOND_BITS, SECOND_MASK
from models.cells import Cells
from models.columns import Booleans, Floats, Integers
from models.places import Places
from models.user_agents import Devices
from models.window import Window


@dataclass(frozen=True)
class Addresses:
    """One entry an address: an IP where one state of the databases put it."""

    id: Integers  # Spark's hash
    ip: list[str]
    prefix: Integers  # index of the /24 or /48 that it lies in
    asn: Integers  # -1 where unknown
    organisation: list[str | None]
    kind: list[str | None]
    place: Integers
    latitude: Floats
    longitude: Floats

    def of(self, kinds: Collection[str | None]) -> Booleans:
        """Say of each address whether its network is of one of the kinds."""
        return np.array([kind in kinds for kind in self.kind], np.bool_)


@dataclass(frozen=True)
class CellColumns:
    """One entry a (person, address)."""

    person: Integers
    address: Integers
    successes: Integers
    failures: Integers
    sensitive: Booleans
    reputation: Floats


@dataclass(frozen=True)
class Presences:
    """One entry an active hour: a (person, address, hour) with a success. Sorted by person, start.

    `first` and `last` are seconds since the window's start, `events` the successes in between.
    """

    person: Integers
    cell: Integers
    address: Integers
    first: Integers
    last: Integers
    events: Integers

    @cached_property
    def day(self) -> Integers:
        """Day of the window, from 0."""
        return self.first // DAY


@dataclass(frozen=True)
class Company:
    """All that the models know of one tenant in one window."""

    window: Window
    people: list[str]
    addresses: Addresses
    places: Places
    cells: CellColumns
    presences: Presences
    devices: Devices
    refused: dict[str, int]  # filter -> events it kept out

    @cached_property
    def place_of_presence(self) -> Integers:
        return self.addresses.place[self.presences.address]

    @cached_property
    def first_use(self) -> int:
        """Second of the window in which anybody was first seen; asked for by every case."""
        return int(self.presences.first.min())

    @cached_property
    def _tried(self) -> tuple[Integers, Integers]:
        """Cells with failures only, and their people."""
        cells = np.flatnonzero(self.cells.successes == 0)
        return cells, self.cells.person[cells]

    def tried_by(self, person: int) -> Integers:
        """Return the cells of a person with failures only."""
        cells, people = self._tried
        low, high = people.searchsorted([person, person + 1]).tolist()
        return cells[low:high]

    def slice_of(self, person: int) -> slice:
        """Return where a person's presences lie."""
        bounds = np.searchsorted(self.presences.person, [person, person + 1])
        return slice(int(bounds[0]), int(bounds[1]))


def company(cells: Cells) -> Company:
    """Build the company from what Spark returned."""
    table = cells.cells
    kept = table.filter(pc.is_null(table["refused"]))
    # Sorted, so that a person's cells lie together.
    kept = kept.sort_by("person")
    refused = table.filter(pc.is_valid(table["refused"]))
    events = pc.add(refused["successes"], refused["failures"]).to_pylist()
    counts: dict[str, int] = {}
    for reason, number in zip(refused["refused"].to_pylist(), events, strict=True):
        counts[reason] = counts.get(reason, 0) + number
    people = pc.unique(kept["person"])
    person = _integers(pc.index_in(kept["person"], people))
    ids, address = _indexed(cells.addresses["address_id"], kept["address_id"])
    columns = CellColumns(
        person=person,
        address=address,
        successes=_integers(kept["successes"]),
        failures=_integers(kept["failures"]),
        sensitive=_integers(kept["sensitive"]) > 0,
        reputation=kept["reputation"].to_numpy().astype(np.float64),
    )
    weight = np.zeros(len(ids))
    np.add.at(weight, address, columns.successes + columns.failures)
    located, places = _addresses(cells.addresses.take(pa.array(ids)), weight)
    return Company(
        window=cells.window,
        people=people.to_pylist(),
        addresses=located,
        places=places,
        cells=columns,
        presences=_presences(kept["hours"], columns),
        devices=_devices(cells, people),
        refused=counts,
    )


def _indexed(dictionary: pa.ChunkedArray, values: pa.ChunkedArray) -> tuple[Integers, Integers]:
    """Return the order that sorts the dictionary, and each value's position in that order."""
    keys = _integers(dictionary)
    order = np.argsort(keys, kind="stable").astype(np.int64)
    return order, np.searchsorted(keys[order], _integers(values)).astype(np.int64)


def _addresses(table: pa.Table, weight: Floats) -> tuple[Addresses, Places]:
    columns = {name: table[name].to_pylist() for name in ("country", "region", "city", "precision")}
    radius = _floats(table["radius_km"])
    finest = [
        precision.level(*row)
        for row in zip(
            columns["precision"], radius, columns["region"], columns["city"], strict=True
        )
    ]
    names = [
        precision.fixed(*row)
        for row in zip(columns["country"], columns["region"], columns["city"], finest, strict=True)
    ]
    assumed = np.array([precision.RADIUS_KM[name] for name in finest])
    latitude, longitude = _floats(table["latitude"]), _floats(table["longitude"])
    places, place = precision.gather(
        names, latitude, longitude, np.where(np.isnan(radius), assumed, radius), weight
    )
    ips = table["ip"].to_pylist()
    prefixes = [prefix(ip) for ip in ips]
    number = {text: index for index, text in enumerate(dict.fromkeys(prefixes))}
    return (
        Addresses(
            id=_integers(table["address_id"]),
            ip=ips,
            prefix=np.array([number[text] for text in prefixes], np.int64),
            asn=_integers(pc.fill_null(table["asn"], -1)),
            organisation=table["organisation"].to_pylist(),
            kind=table["kind"].to_pylist(),
            place=place,
            latitude=latitude,
            longitude=longitude,
        ),
        places,
    )


def prefix(ip: str) -> str:
    """Return the text of the block that one customer or gateway usually holds: /24, or /48 in IPv6.

    The text needs not be canonical: it is compared only with others made alike.
    """
    if ":" not in ip:
        return ip.rpartition(".")[0]
    head = ip.split("::")[0].split(":")
    return ":".join((head + ["0"] * 3)[:3])


def _presences(hours: pa.ChunkedArray, cells: CellColumns) -> Presences:
    lists = hours.combine_chunks()
    packed = _integers(lists.flatten())
    lengths = _integers(pc.list_value_length(lists))
    cell = np.repeat(np.arange(len(lengths)), lengths)
    start = (packed >> (2 * SECOND_BITS + EVENT_BITS)) * HOUR
    first = start + ((packed >> (SECOND_BITS + EVENT_BITS)) & SECOND_MASK)
    person = cells.person[cell]
    # A cell's hours are in order already, and a person's cells lie together: a sort that merges.
    order = np.argsort(person * (int(first.max(initial=0)) + 1) + first, kind="stable")
    last = start + ((packed >> EVENT_BITS) & SECOND_MASK)
    return Presences(
        person=person[order],
        cell=cell[order],
        address=cells.address[cell][order],
        first=first[order],
        last=last[order],
        events=(packed & EVENT_MASK)[order],
    )


def _devices(cells: Cells, people: pa.Array) -> Devices:
    table = cells.devices.filter(pc.is_valid(cells.devices["device_id"])).sort_by("person")
    person = _integers(pc.index_in(table["person"], people))
    _, address = _indexed(cells.addresses["address_id"], table["address_id"])
    numbers, events = _integers(table["device_id"]), _integers(table["events"])
    return Devices.of(person, address, numbers, events)


def _integers(values: pa.Array | pa.ChunkedArray) -> Integers:
    column = values if isinstance(values, pa.Array) else values.combine_chunks()
    return np.asarray(column.to_numpy(zero_copy_only=False), np.int64)


def _floats(values: pa.ChunkedArray) -> Floats:
    return np.asarray(pc.fill_null(values.cast(pa.float64()), float("nan")).to_numpy())
