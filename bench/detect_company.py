"""Makes an events table for the bench: a company's month, already in the standard event's columns.

Only the columns that detection reads are written, straight to Parquet, so that 4 million events
take seconds. It is a yardstick for speed with honest noise and planted attacks in it; quality is
measured on the companies of `antipode simulate`, which go through raw logs.
"""

import argparse
import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.detect_places import CITIES, KINDS, OFFICES, Line

FIRST = date(2026, 1, 5)
DAYS = 30


@dataclass
class Log:
    """Columns as they grow."""

    person: list[int] = field(default_factory=list)
    second: list[np.ndarray] = field(default_factory=list)
    line: list[tuple[Line, int]] = field(default_factory=list)  # line and how many
    attack: list[tuple[int, int]] = field(default_factory=list)

    def add(self, person: int, line: Line, seconds: np.ndarray, attack: int = 0) -> None:
        if len(seconds):
            self.person.append(person)
            self.second.append(seconds)
            self.line.append((line, len(seconds)))
            self.attack.append((attack, len(seconds)))


class Month:
    """Draws one company's days."""

    def __init__(self, people: int, per_day: float, days: int, seed: int) -> None:
        self.draw = np.random.default_rng(seed)
        self.people, self.per_day, self.days = people, per_day, days
        self.log = Log()
        self.truth: list[tuple[int, int, str]] = []
        self.last = 10_000

    def new_line(self, city: int, network: int) -> Line:
        self.last += 1
        return Line(city, network, self.last)

    def work(self, city: int, day: int, rate: float) -> np.ndarray:
        """Seconds of one working day's events, in the office hours of a city's longitude."""
        noon = 12.5 * 3600 - CITIES[city][4] / 15 * 3600
        count = self.draw.poisson(rate)
        seconds = day * 86400 + noon + self.draw.normal(0, 2.6 * 3600, count)
        return np.sort(np.clip(seconds, 0, self.days * 86400 - 1)).astype(np.int64)

    def person(self, index: int) -> None:
        draw = self.draw
        office = OFFICES[index % 3]
        home = office if draw.random() < 0.85 else int(draw.integers(0, 24))
        where = np.full(self.days, home)
        kind = draw.random()
        if kind < 0.25:  # a trip
            start, length = int(draw.integers(0, self.days)), int(1 + draw.geometric(0.25))
            where[start : start + length] = int(draw.integers(0, 24))
        elif kind < 0.27:  # a move
            where[int(draw.integers(5, self.days - 5)) :] = int(draw.integers(0, 24))
        elif kind < 0.29:  # a second home, at weekends
            where[[day for day in range(self.days) if day % 7 > 4]] = int(draw.integers(0, 24))
        exits = int(draw.integers(0, 24)) if draw.random() < 0.04 else None
        lines: dict[int, Line] = {}
        for day in range(self.days):
            self.day(index, day, int(where[day]), office, home, lines, exits)

    def day(
        self,
        index: int,
        day: int,
        city: int,
        office: int,
        home: int,
        lines: dict[int, Line],
        exits: int | None,
    ) -> None:
        draw = self.draw
        if draw.random() > (0.25 if day % 7 > 4 else 0.93):
            return
        seconds = self.work(city, day, self.per_day * draw.gamma(4, 0.25))
        if city not in lines or draw.random() < 0.08:
            lines[city] = self.new_line(city, int(draw.integers(0, 2)))
        local = lines[city]
        if city == home == office and draw.random() < 0.5:
            local = Line(office, 0, 1)
        phone = draw.random(len(seconds)) < 0.15
        gateway = next(i for i, c in enumerate(CITIES) if c[0] == CITIES[city][0])
        phone_line = Line(gateway, 2, 100 + int(draw.integers(0, 40)))
        hidden = ~phone & (draw.random() < 0.4) & (exits is not None)
        self.log.add(index, phone_line, seconds[phone])
        if exits is not None:
            self.log.add(index, Line(exits, 4, 300 + index % 4), seconds[hidden])
        self.log.add(index, local, seconds[~phone & ~hidden])

    def attacks(self, count: int) -> None:
        """Plant attacks on people in turn: far, near, hosting, vpn, patient, single event."""
        kinds = ("far", "near", "hosting", "vpn", "patient", "single", "bulk")
        for number in range(1, count + 1):
            kind = kinds[(number - 1) % len(kinds)]
            person = int(self.draw.integers(0, self.people))
            near = kind == "near"
            city = int(self.draw.integers(1, 5)) if near else int(self.draw.integers(24, 30))
            network = {"hosting": 3, "vpn": 4}.get(kind, 0)
            line = self.new_line(city, network)
            days = 12 if kind == "patient" else 1
            size = {"single": 1, "bulk": 400, "patient": 2}.get(kind, 12)
            first = int(self.draw.integers(2, self.days - days))
            for day in range(first, first + days):
                start = day * 86400 + int(self.draw.integers(0, 80000))
                seconds = start + np.sort(self.draw.integers(0, 5400, size))
                self.log.add(person, line, seconds, number)
            self.truth.append((number, person, kind))


def table(month: Month, first: date, tenant_people: int, offset: int) -> pa.Table:
    """Lay the log out in the standard event's columns."""
    log = month.log
    sizes = np.array([count for _, count in log.line])
    lines = list(dict.fromkeys((line.city, line.network, line.number) for line, _ in log.line))
    number = {key: index for index, key in enumerate(lines)}
    of_row = np.repeat(
        [number[(line.city, line.network, line.number)] for line, _ in log.line], sizes
    )
    made = [Line(*key) for key in lines]

    def spread(values: list, kind: pa.DataType) -> pa.Array:
        return pa.array(values, kind).take(pa.array(of_row))

    person = np.repeat(log.person, sizes) + offset
    seconds = np.concatenate(log.second)
    start = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp())
    names = pa.array([f"user{i}@example.com" for i in range(offset, offset + tenant_people)])
    cities = [CITIES[line.city] for line in made]
    rows = len(person)
    text = pa.string()
    location = {
        "country": spread([c[0] for c in cities], text),
        "region": spread([c[1] for c in cities], text),
        "city": spread([c[2] for c in cities], text),
        "lat": spread([c[3] for c in cities], pa.float64()),
        "long": spread([c[4] for c in cities], pa.float64()),
    }
    system = {
        "number": spread([line.asn for line in made], pa.int64()),
        "name": spread([f"Network {line.asn}" for line in made], text),
    }
    uids = [f"{offset}-{row}" for row in range(rows)]
    columns = {
        "time": pa.array((seconds + start) * 1_000_000, pa.timestamp("us", tz="UTC")),
        "status_id": pa.array(np.ones(rows, np.int32)),
        "metadata": nested({"uid": pa.array(uids)}),
        "actor": nested({"user": nested({"type_id": pa.array(np.ones(rows, np.int32))})}),
        "src_endpoint": nested(
            {
                "ip": spread([line.ip() for line in made], text),
                "location": nested(location),
                "autonomous_system": nested(system),
            }
        ),
        "network": nested({"kind": spread([KINDS[line.network] for line in made], text)}),
        "place": nested({"precision": spread(["city"] * len(made), text)}),
        "source": pa.array(np.where(np.arange(rows) % 3, "okta", "m365")),
        "person": names.take(pa.array(person - offset)),
    }
    return pa.table(columns)


def nested(fields: dict[str, pa.Array]) -> pa.StructArray:
    return pa.StructArray.from_arrays(list(fields.values()), list(fields))


def write(folder: Path, people: int, events: int, days: int, seed: int, attacks: int) -> Path:
    """Write `events` events or so of `people` people, a file for each 5,000; return the truth."""
    truth = folder.with_suffix(".truth.ndjson")
    folder.mkdir(parents=True, exist_ok=True)
    with truth.open("w") as lines:
        for part, offset in enumerate(range(0, people, 5000)):
            size = min(5000, people - offset)
            # A person works some 0.73 of the days.
            month = Month(size, events / people / days / 0.73, days, seed + part)
            for index in range(size):
                month.person(index)
            month.attacks(max(1, attacks * size // people))
            rows = table(month, FIRST, size, offset)
            planted = np.repeat(
                [a for a, _ in month.log.attack], [count for _, count in month.log.attack]
            )
            uids = rows["metadata"].combine_chunks().field("uid")
            for number, person, kind in month.truth:
                held = uids.filter(pa.array(planted == number)).to_pylist()
                user = f"user{person + offset}@example.com"
                record = {"attack": f"{part}-{number}", "kind": kind, "user": user}
                lines.write(json.dumps({**record, "event_uids": held}) + "\n")
            pq.write_table(
                rows.sort_by("time"),
                folder / f"part-{part}.parquet",
                compression="zstd",
                row_group_size=500_000,
            )
    return truth


def made(folder: Path, people: int, events: int) -> Path:
    """Return the truth of a company in `folder`, making the company if it is not there yet."""
    truth = folder.with_suffix(".truth.ndjson")
    if not truth.exists():
        write(folder, people, events, DAYS, seed=1, attacks=max(7, people * 14 // 1000))
    return truth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--attacks", type=int, default=14)
    options = parser.parse_args()
    write(**vars(options))
    print(FIRST + timedelta(days=options.days))


if __name__ == "__main__":
    main()
