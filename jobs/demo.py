"""The main job, shown on a company that does not exist: raw logs in, flagged places out.

Simulates a month of 500 people at four providers, with two accounts used from where they do not
belong, normalises and enriches it, detects, and shows what was found. It needs no account, no
network and no other geo database than the one that ships.
"""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
from rich.console import Console
from rich.table import Table
from rich.text import Text

from conf.errors import UsageError
from conf.settings import Settings
from jobs import detect, evaluate
from jobs.normalize import Target, normalize
from jobs.simulate import simulate
from lake.lake import Lake
from models.simulator import write

TENANT = "demo"
PEOPLE, EVENTS, DAYS = 500, 200_000, 30
OWN = {"raw", "raw.truth.ndjson", "raw.noise.ndjson", "lake"}  # what a demo leaves in its folder
QUERY = (
    'SELECT "user", country, city, event_count, round(score, 2) AS score '
    "FROM read_parquet('LAKE/anomalies/tenant=*/date=*/*.parquet') ORDER BY score DESC"
)
T = TypeVar("T")


class Stages:
    """How long each stage took."""

    def __init__(self, console: Console) -> None:
        """Tell `console` what begins and how long it took."""
        self.seconds: dict[str, float] = {}
        self._console = console

    def run(self, name: str, doing: str, work: Callable[[], T]) -> T:
        """Do the work, as the stage `name`."""
        started = monotonic()
        with self._console.status(f"{doing} ..."):
            result = work()
        self.seconds[name] = round(monotonic() - started, 2)
        self._console.print(f"{doing}: {self.seconds[name]:.1f} s", highlight=False)
        return result


def demo(
    folder: Path,
    last_day: date,
    settings: Settings,
    console: Console,
    seed: int = 1,
    people: int = PEOPLE,
    events: int = EVENTS,
) -> dict[str, Any]:
    """Run the demo in `folder`, which is made anew if it holds nothing but an earlier demo.

    `last_day` is the last day of the month (UTC). Returns counts, the seconds of each stage, and
    the report of `models.evaluation`; shows all that a person wants to know on `console`.
    """
    _clear(folder)
    raw, lake_folder = folder / "raw", (folder / "lake").resolve()
    day_after = last_day + timedelta(days=1)
    lake = str(lake_folder)
    stages = Stages(console)
    simulated = stages.run(
        "simulate",
        f"Simulating {events:,} records about {people} people",
        lambda: simulate(raw, people, events, DAYS, seed, last_day, settings, plan="demo"),
    )
    target = Target(lake, TENANT, datetime.combine(day_after, time(), UTC), settings)
    counts = stages.run("normalize", "Normalising and enriching", lambda: normalize(raw, target))
    stages.run("detect", "Detecting", lambda: detect.run(lake, settings, TENANT, DAYS, day_after))
    report = evaluate.evaluate(lake, write.truth_file(raw), settings, TENANT)
    result = {
        "simulated": simulated,
        "read": counts.read,
        "mapped": counts.mapped,
        "duplicates": counts.duplicates,
        "quarantined": counts.quarantined,
        "reasons": dict(counts.reasons),
        "events": counts.events,
        "flagged": report["flagged"],
        "evaluation": report,
        "seconds": stages.seconds,
    }
    _show(console, result, Lake(lake, settings).table("anomalies").arrow(), lake_folder)
    return result


def _clear(folder: Path) -> None:
    if not folder.exists():
        return
    strange = sorted(path.name for path in folder.iterdir() if path.name not in OWN)
    if strange:
        raise UsageError(
            f"folder: {str(folder)!r} holds {strange[0]!r}, which no demo made: name another one"
        )
    shutil.rmtree(folder)


def _show(console: Console, result: dict[str, Any], anomalies: pa.Table, lake: Path) -> None:
    say = partial(console.print, highlight=False, soft_wrap=True, markup=False)
    report = result["evaluation"]
    say()
    say(
        f"{result['read']:,} records read = {result['mapped']:,} mapped "
        f"+ {result['duplicates']:,} duplicates + {result['quarantined']:,} quarantined; "
        f"{result['events']:,} events of {report['users']:,} accounts."
    )
    for row in anomalies.sort_by([("score", "descending")]).to_pylist():
        _show_place(say, row)
    say()
    say(
        f"Flagged: {report['flagged']}. Planted: {report['attacks']}, "
        f"found: {report['attacks_found']}; false: {report['false']}."
    )
    query = QUERY.replace("LAKE", str(lake).replace("'", "''"))
    say(f"The Parquet lies in {lake / 'events'} and {lake / 'anomalies'}.")
    say(f"To query it with DuckDB:\n  {query}")
    console.print(_table(duckdb.connect().execute(query)))


def _show_place(say: Callable[..., None], row: dict[str, Any]) -> None:
    place = ", ".join(part for part in (row["city"], row["region"], row["country"]) if part)
    say()
    say(Text(f"{row['user']} from {place}", style="bold"))
    say(
        f"  {row['severity']}, score {row['score']:.2f}: {row['event_count']} events, "
        f"{row['first_time']:%Y-%m-%d %H:%M} to {row['last_time']:%Y-%m-%d %H:%M} UTC"
    )
    for reason in row["reasons"]:
        say(f"  - {reason}")


def _table(found: duckdb.DuckDBPyConnection) -> Table:
    table = Table(*(column[0] for column in found.description or ()))
    for row in found.fetchall():
        table.add_row(*("" if value is None else str(value) for value in row))
    return table
