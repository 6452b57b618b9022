"""Keeps what people did day by day, so that a run aggregates only days whose events have changed.

Each day of `daily_use` bears the names of the files of events that it was made from. A day is made
again when those are no longer the day's live files: late events, a replay, files that were merged.
A month that was never looked at is one whose days are all missing, so a run by month and a run by
day go the same way, and end with the same rows.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa

from conf.errors import AntipodeError
from jobs.damaged import SKIP
from jobs.publishing import publish
from jobs.runner import read_events
from lake.files import LiveFile
from lake.lake import Lake
from models.cells import collect_use
from models.daily_use import USE
from models.window import Window
from schemas.daily_use import DAILY_USE

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TABLE = "daily_use"
FORM = "3"  # changes when the same events would give other rows: then every day is made again


def use(
    lake: Lake, spark: "SparkSession", tenant: str, window: Window, live: Sequence[LiveFile]
) -> tuple[pa.Table, int]:
    """Return the tenant's use in the window, of the schema USE, and how many days were made.

    `live`: the window's files of events. Days that were made are kept for the next time.
    """
    table = lake.table(TABLE)
    files = table.files(tenant, window.first_day, window.last_day)
    wanted = made_from(live)
    kept = up_to_date(files, wanted)
    known = table.arrow(USE.names, kept).cast(USE)
    missing = wanted.keys() - {file.partition["date"] for file in kept}
    gone = {file.partition["date"] for file in files} - wanted.keys()
    if not missing | gone:
        return known, 0
    made = DAILY_USE.empty_table()
    if missing:
        made = _aggregated(lake, spark, tenant, live, missing, wanted)
    publish(table, made, tenant, sorted(missing | gone))
    return pa.concat_tables([known, made.select(USE.names)]), len(missing)


def made_from(live: Iterable[LiveFile]) -> dict[date, str]:
    """Return for each day a hash of the names of its files, which never change what they hold."""
    names: dict[date, list[str]] = {}
    for file in live:
        names.setdefault(file.partition["date"], []).append(file.key)
    return {
        day: hashlib.sha256("\n".join([FORM, *sorted(keys)]).encode()).hexdigest()
        for day, keys in names.items()
    }


def up_to_date(files: Sequence[LiveFile], wanted: Mapping[date, str]) -> list[LiveFile]:
    """Return the files of `daily_use` of days that were made from what there is now."""
    stale = {
        day
        for file in files
        for day in [file.partition["date"]]
        if file.ranges.get("made_from") != (wanted.get(day), wanted.get(day))
    }
    return [file for file in files if file.partition["date"] not in stale]


def require_whole(made: pa.Table, live: Sequence[LiveFile]) -> None:
    """Raise AntipodeError when days lack events that their files should hold.

    Spark takes an empty file for one without rows. A day kept so would lack them for good.
    """
    wanted: dict[date, int] = {}
    for file in live:
        wanted[file.partition["date"]] = wanted.get(file.partition["date"], 0) + file.rows
    sums = made.group_by("date").aggregate([("events", "sum")])
    read = dict(zip(sums["date"].to_pylist(), sums["events_sum"].to_pylist(), strict=True))
    for day, rows in sorted(wanted.items()):
        if read.get(day, 0) != rows:
            names = [file.key for file in live if file.partition["date"] == day]
            raise AntipodeError(
                f"events of {day}: {read.get(day, 0):,} of {rows:,} could be read; look at "
                f"{', '.join(names[:5])}{' and others' if names[5:] else ''}, and put back what "
                f"is damaged, or leave it out with --conf {SKIP}=true"
            )


def _aggregated(
    lake: Lake,
    spark: "SparkSession",
    tenant: str,
    live: Sequence[LiveFile],
    days: Iterable[date],
    wanted: Mapping[date, str],
) -> pa.Table:
    of = set(days)
    paths = [file.path for file in live if file.partition["date"] in of]
    events = read_events(spark, paths, f"{lake.uri}/events")
    made = collect_use(events, Window.of(min(of), max(of)))
    require_whole(made, [file for file in live if file.partition["date"] in of])
    hashes = [wanted[day] for day in made["date"].to_pylist()]
    made = made.append_column("tenant", pa.array([tenant] * len(made), pa.string()))
    made = made.append_column("made_from", pa.array(hashes, pa.string()))
    return made.select(DAILY_USE.names).cast(DAILY_USE)
