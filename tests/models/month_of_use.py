"""A small company's month, written down use by use, as cells (without Spark) or as events."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zlib import crc32

import pyarrow as pa

from models.active_hours import EVENT_BITS, HOUR, SECOND_BITS
from models.cells import Cells
from models.user_agents import (
    COMPUTER,
    DETAIL_BITS,
    KIND_BITS,
    TELEPHONE,
    TOOL,
    VERSION_MASK,
)
from models.window import Window

FIRST = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
DAYS = 28
WINDOW = Window(FIRST, FIRST + timedelta(days=DAYS))
AS_OF = date(2026, 3, 30)


@dataclass(frozen=True)
class Line:
    """Where an address comes from."""

    ip: str
    country: str
    region: str | None
    city: str | None
    latitude: float
    longitude: float
    asn: int
    kind: str | None = "isp"


def boston(ip: str = "20.0.1.5", asn: int = 700, kind: str | None = "isp") -> Line:
    return Line(ip, "US", "Massachusetts", "Boston", 42.36, -71.06, asn, kind)


def lagos(ip: str = "102.0.1.5", asn: int = 900, kind: str | None = "isp") -> Line:
    return Line(ip, "NG", "Lagos", "Lagos", 6.52, 3.38, asn, kind)


def paris(ip: str = "80.0.1.5", asn: int = 800, kind: str | None = "isp") -> Line:
    return Line(ip, "FR", "Ile-de-France", "Paris", 48.86, 2.35, asn, kind)


def chicago(ip: str = "23.0.1.5", asn: int = 710, kind: str | None = "mobile") -> Line:
    return Line(ip, "US", "Illinois", "Chicago", 41.88, -87.63, asn, kind)


@dataclass
class Month:
    """Who used what when; times are days from the first and hours (UTC)."""

    uses: list[tuple[str, Line, int, int, str | None]] = field(default_factory=list)
    failed: list[tuple[str, Line, int]] = field(default_factory=list)

    def use(
        self, person: str, line: Line, day: int, hour: float, events: int = 4,
        agent: str | None = None,
    ) -> None:  # fmt: skip
        """Write `events` uses, two minutes apart, from an hour of a day on."""
        for number in range(events):
            second = int(day * 86400 + hour * HOUR + number * 120)
            self.uses.append((person, line, second, 0, agent))

    def fail(self, person: str, line: Line, day: int, hour: float, events: int = 1) -> None:
        """Write failed attempts."""
        for number in range(events):
            self.failed.append((person, line, int(day * 86400 + hour * HOUR + number * 60)))

    def work(
        self, person: str, line: Line, days: range | list[int], agent: str | None = "laptop",
        hours: tuple[int, ...] = (13, 14, 15, 17, 18, 20),
    ) -> None:  # fmt: skip
        """Write working days: use in each of some hours, on Monday to Friday only."""
        for day in days:
            if day % 7 < 5:
                for hour in hours:
                    self.use(person, line, day, hour + 0.1, agent=agent)

    def colleagues(self, number: int, line: Line | None = None) -> None:
        """Let colleagues work the whole month, each at home near the same office."""
        for ordinal in range(number):
            home = boston(f"20.1.{ordinal}.5")
            self.work(f"colleague{ordinal}@example.com", line or home, range(DAYS))

    def cells(self) -> Cells:
        """Aggregate as Spark does."""
        lines = list(dict.fromkeys(line for _, line, *_ in [*self.uses, *self.failed]))
        people = list(dict.fromkeys(person for person, *_ in [*self.uses, *self.failed]))
        hours: dict[tuple[int, int], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        devices: dict[tuple[int, int, int], int] = defaultdict(int)
        failures: dict[tuple[int, int], int] = defaultdict(int)
        for person, line, second, _, agent in self.uses:
            key = people.index(person), lines.index(line)
            hours[key][second // HOUR].append(second % HOUR)
            if agent:
                devices[*key, device_number(agent)] += 1
        for person, line, _ in self.failed:
            failures[people.index(person), lines.index(line)] += 1
        rows = [
            {
                "refused": None,
                "person": people[person],
                "address_id": address,
                "successes": sum(map(len, hours[person, address].values())),
                "failures": failures[person, address],
                "sensitive": 0,
                "reputation": 0.0,
                "hours": [pack(h, at) for h, at in sorted(hours[person, address].items())],
            }
            for person, address in sorted({*hours, *failures})
        ]
        return Cells(
            window=WINDOW,
            cells=pa.Table.from_pylist(rows, CELLS),
            devices=pa.table(
                {
                    "person": pa.array([people[k[0]] for k in devices], pa.string()),
                    "address_id": pa.array([k[1] for k in devices], pa.int64()),
                    "device_id": pa.array([k[2] for k in devices], pa.int64()),
                    "events": pa.array(list(devices.values()), pa.int64()),
                }
            ),
            addresses=pa.Table.from_pylist(
                [address_row(number, line) for number, line in enumerate(lines)], ADDRESSES
            ),
        )

    def events(self, tenant: str = "acme") -> list[dict[str, object]]:
        """Return rows of the standard event, as far as detection reads them."""
        rows = [(p, line, s, 1, agent) for p, line, s, _, agent in self.uses]
        rows += [(p, line, s, 2, None) for p, line, s in self.failed]
        return [event_row(number, tenant, *row) for number, row in enumerate(rows)]


CELLS = pa.schema(
    {
        "refused": pa.string(),
        "person": pa.string(),
        "address_id": pa.int64(),
        "successes": pa.int64(),
        "failures": pa.int64(),
        "sensitive": pa.int32(),
        "reputation": pa.float64(),
        "hours": pa.list_(pa.int64()),
    }
)
ADDRESSES = pa.schema(
    {
        "address_id": pa.int64(),
        "ip": pa.string(),
        "country": pa.string(),
        "region": pa.string(),
        "city": pa.string(),
        "latitude": pa.float64(),
        "longitude": pa.float64(),
        "asn": pa.int64(),
        "organisation": pa.string(),
        "kind": pa.string(),
        "precision": pa.string(),
        "radius_km": pa.float64(),
    }
)


def device_number(agent: str) -> int:
    """Return the number of an agent "name/version": a telephone's or tool's if its name says so."""
    name, _, version = agent.partition("/")
    told = (kind for word, kind in (("phone", TELEPHONE), ("tool", TOOL)) if word in name)
    detail = crc32(version.encode()) << KIND_BITS & VERSION_MASK
    return crc32(name.encode()) << DETAIL_BITS | detail | next(told, COMPUTER)


def pack(hour: int, seconds: list[int]) -> int:
    """Pack an active hour as `models.cells.packed_hour` does."""
    packed = hour << SECOND_BITS | min(seconds)
    return (packed << SECOND_BITS | max(seconds)) << EVENT_BITS | len(seconds)


def address_row(number: int, line: Line) -> dict[str, object]:
    """Return an address as Spark would."""
    return {
        "address_id": number,
        "ip": line.ip,
        "country": line.country,
        "region": line.region,
        "city": line.city,
        "latitude": line.latitude,
        "longitude": line.longitude,
        "asn": line.asn,
        "organisation": f"Network {line.asn}",
        "kind": line.kind,
        "precision": "city" if line.city else "country",
        "radius_km": None,
    }


def event_row(
    number: int, tenant: str, person: str, line: Line, second: int, status: int, agent: str | None
) -> dict[str, object]:
    """Return a row of the standard event, its required columns and those detection reads."""
    time = FIRST + timedelta(seconds=second)
    return {
        "time": time,
        "class_uid": 3002,
        "class_name": "Authentication",
        "category_uid": 3,
        "activity_id": 1,
        "type_uid": 300201,
        "severity_id": 1,
        "status_id": status,
        "metadata": {
            "uid": f"event-{number}",
            "version": "1.3.0",
            "product": {"name": "Test", "vendor_name": "Test"},
        },
        "actor": {"user": {"uid": person, "email_addr": person, "type_id": 1}},
        "src_endpoint": {
            "name": line.ip,
            "ip": line.ip,
            "location": {
                "country": line.country,
                "region": line.region,
                "city": line.city,
                "lat": line.latitude,
                "long": line.longitude,
            },
            "autonomous_system": {"number": line.asn, "name": f"Network {line.asn}"},
        },
        "http_request": {"user_agent": agent},
        "tenant": tenant,
        "date": time.date(),
        "source": "okta",
        "mapper": "okta_v1",
        "raw_object": "raw/test",
        "person": person,
        "place": {"precision": "city" if line.city else "country"},
        "network": {"kind": line.kind},
    }
