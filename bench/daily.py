"""Detection day by day, from a tenant's first day on, beside detection by month.

    python -m bench.daily --seeds 421 --days 60

Simulates a company for each seed, takes its raw logs to a lake, and runs detection for every day of
it, each time with a memory of 30 days, as a nightly job would. Printed are, for the first 30 days
(a new tenant) and for those after them apart:

  found      attacks that began in these days and that any daily run flagged, whatever came later
  by month   those that runs by month find with hindsight: one after each 30 days
  false      (user, place) that any daily run flagged in these days and that hold no attack
  withdrawn  how many of either were taken back by a later day, and how many of these were false
  hours      from an attack's first event to the end of the first day whose run flagged it

and the seconds of processor time of a daily run against one that has no days kept, whose rows are
compared with those of the last daily run: they must be the same.
"""

import argparse
import json
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from tempfile import gettempdir
from typing import Any

import duckdb

from bench.meter import Meter
from bench.peers import LAST_DAY, TENANT, company
from bench.seeds import seeds
from conf.settings import Settings
from jobs import detect, evaluate
from jobs.runner import session
from lake.lake import Lake
from lake.sql import define_view
from models.outcome import Outcome
from models.truth import Truth

MEMORY = 30
WRITTEN = ("anomalies", "daily_use", "health")


@dataclass(frozen=True)
class Company:
    """What daily runs wrote about one company, and what they cost."""

    outcome: Outcome
    first_day: date
    users: Mapping[date, int]  # accounts with events, by day
    step_seconds: Sequence[float]  # processor time of each daily run
    month_seconds: float  # and of one without any day kept
    same: bool  # as that of the last day

    def flagged_first(self) -> dict[str, date]:
        """Return for each finding the day whose run flagged it first."""
        first: dict[str, date] = {}
        for row in self.outcome.history:
            first[row["id"]] = min(row["date"], first.get(row["id"], row["date"]))
        return first

    def true_ids(self) -> set[str]:
        return {row["id"] for row in self.outcome.history if self.outcome.found_by(row)}

    def part(self, day: date) -> str:
        return "new tenant" if day < self.first_day + timedelta(days=MEMORY) else "after"

    def of(self, part: str) -> dict[str, Any]:
        """Return what is printed of one part."""
        outcome, true = self.outcome, self.true_ids()
        planted = [line for line, began in outcome.began.items() if self.part(began.date()) == part]
        ids = {key for key, day in self.flagged_first().items() if self.part(day) == part}
        back = {row["id"] for row in outcome.history if row["withdrawn"]} & ids
        hours = outcome.hours_to_flag()
        monthly = self.by_month()
        return {
            "planted": len(planted),
            "found": sum(line in hours for line in planted),
            "by_month": sum(line in monthly for line in planted),
            "false": len(ids - true),
            "user_days": sum(n for day, n in self.users.items() if self.part(day) == part),
            "withdrawn": len(back),
            "withdrawn_false": len(back - true),
            "hours": [hours[line] for line in planted if line in hours],
        }

    def by_month(self) -> set[Truth]:
        """Return what the runs at the end of each MEMORY days found."""
        ends = {day for day in self.users if (day - self.first_day).days % MEMORY == MEMORY - 1}
        rows = [row for row in self.outcome.history if row["date"] in ends and not row["withdrawn"]]
        return {line for row in rows for line in self.outcome.found_by(row)}

    def false_by_day(self) -> Counter[int]:
        """Return how many false findings the run of each day brought, days counted from 1."""
        true = self.true_ids()
        return Counter(
            (day - self.first_day).days + 1
            for key, day in self.flagged_first().items()
            if key not in true
        )


def lived(uri: str, truth: Path, days: int) -> Company:
    """Run detection for every day of a lake, as if on that day."""
    for name in WRITTEN:
        shutil.rmtree(Path(uri) / name, ignore_errors=True)
    first = LAST_DAY - timedelta(days=days - 1)
    meter = Meter()
    with session():
        steps = [_seconds(meter, uri, first + timedelta(days=number)) for number in range(days)]
        rows = _rows(uri)
        shutil.rmtree(Path(uri) / "daily_use")
        month = _seconds(meter, uri, LAST_DAY)
    meter.stop()
    outcome = evaluate.read(uri, truth, Settings())
    return Company(outcome, first, _users(uri), steps, month, _rows(uri) == rows)


def _seconds(meter: Meter, uri: str, last_day: date) -> float:
    before = meter.seconds()
    as_of = last_day + timedelta(days=1)
    report = detect.run(uri, Settings(), days=MEMORY, as_of=as_of)["tenants"][TENANT]
    taken = meter.seconds() - before
    told = ("days_aggregated", "flagged", "withdrawn")
    print(last_day, *(f"{report[name]} {name}" for name in told), f"{taken:.1f} s", flush=True)
    return taken


def _rows(uri: str) -> list[dict[str, Any]]:
    table = Lake(uri, Settings()).table("anomalies")
    rows: list[dict[str, Any]] = table.arrow(live=table.files(TENANT, LAST_DAY)).to_pylist()
    return rows


def _users(uri: str) -> dict[date, int]:
    connection = duckdb.connect()
    define_view(connection, Lake(uri, Settings()).table("events"))
    found = connection.execute(
        "SELECT date, count(DISTINCT person) FROM events WHERE person <> '' GROUP BY date"
    )
    return dict(found.fetchall())


def pooled(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the sum of what several companies say of the same part."""
    total = {name: sum(part[name] for part in parts) for name in parts[0] if name != "hours"}
    hours = [taken for part in parts for taken in part["hours"]]
    return total | {
        "false_per_1000_user_days": 1000 * total["false"] / max(1, total["user_days"]),
        "median_hours": median(hours) if hours else None,
        "longest_hours": max(hours, default=None),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=seeds, default=[421], help="such as 421-423 or 421,425")
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--events", type=int, default=300_000)
    parser.add_argument("--days", type=int, default=2 * MEMORY)
    parser.add_argument("--folder", type=Path, default=Path(gettempdir()) / "antipode-bench")
    options = parser.parse_args()
    companies = [
        lived(
            *company(options.folder, seed, options.users, options.events, options.days),
            options.days,
        )
        for seed in options.seeds
    ]
    for part in ("new tenant", "after"):
        print(f"{part}: {json.dumps(pooled([one.of(part) for one in companies]))}")
    by_day = sum((one.false_by_day() for one in companies), Counter[int]())
    print("false findings by day:", {day: by_day[day] for day in sorted(by_day)})
    steps = [taken for one in companies for taken in one.step_seconds[1:]]
    print(
        f"processor seconds: a day {median(steps):.1f}, "
        f"without days kept {median(one.month_seconds for one in companies):.1f}; "
        f"the same rows: {all(one.same for one in companies)}"
    )


if __name__ == "__main__":
    main()
