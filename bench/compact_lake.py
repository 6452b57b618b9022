"""A company's month as a lake that nobody has tidied: each day's events in many small files.

Time, people, addresses and places are those of a company of the bench. What detection does not read
(programs, resources, sessions, ...) is drawn from events of a simulated company that went through
raw logs, so that a row has all columns and weighs what a real one does.
"""

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds

from bench.detect_company import DAYS, FIRST
from bench.peers import company as simulated
from conf.settings import Settings
from lake.lake import Lake
from schemas.event import EVENT

TENANT = "bench"
SEED, USERS, EVENTS = 1, 50, 40_000  # of the simulated company


def lake(folder: Path, company: Path, commits: int, days: int = DAYS) -> Path:
    """Return a lake of a company's first days, `commits` a day; made if it is not there."""
    found = company.with_name(f"{company.name}-{commits}-{days}.lake")
    if not found.exists():
        uri, _ = simulated(folder, SEED, USERS, EVENTS)
        pattern = Lake(uri, Settings()).table("events").arrow()
        laid_out(found, batches(company, pattern, commits, days))
    return found


def laid_out(place: Path, commits: Iterable[pa.Table]) -> None:
    """Write rows to the events of a new lake, a commit each; whole or not at all."""
    new = place.with_name(f"{place.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    table = Lake(str(new), Settings()).table("events")
    for number, rows in enumerate(commits, 1):
        version = table.version()
        table.commit(table.write_files(rows, version), "bench", number, version)
    new.rename(place)


def untidied(found: Path) -> Path:
    """Return a copy of a lake, to be merged; it shares its Parquet files, which nobody changes."""
    copy = found.with_name(f"{found.name}.copy")
    shutil.rmtree(copy, ignore_errors=True)

    def put(source: str, target: str) -> None:
        of_the_log = "_delta_log" in Path(source).parts
        (shutil.copyfile if of_the_log else os.link)(source, target)

    shutil.copytree(found, copy, copy_function=put)
    return copy


def batches(company: Path, pattern: pa.Table, commits: int, days: int = DAYS) -> Iterator[pa.Table]:
    """Yield the rows of each commit, in the order of time; a day has as many as `commits`."""
    draw = np.random.default_rng(SEED)
    for number in range(days):
        day = FIRST + timedelta(days=number)
        rows = _of_day(company, day)
        moments = rows["time"].cast(pa.int64()).to_numpy()
        begins = int(datetime.combine(day, datetime.min.time(), UTC).timestamp()) * 1_000_000
        bounds = begins + np.arange(commits + 1) * (86_400_000_000 // commits)
        places = [*np.searchsorted(moments, bounds[:-1]).tolist(), len(moments)]
        for first, last in pairwise(places):
            if first < last:
                drawn = pattern.take(draw.integers(0, pattern.num_rows, last - first))
                yield whole(rows.slice(first, last - first), drawn, day)


def _of_day(company: Path, day: date) -> pa.Table:
    begins = datetime.combine(day, datetime.min.time(), UTC)
    time = ds.field("time")
    inside = (time >= begins) & (time < begins + timedelta(days=1))
    return ds.dataset(company, format="parquet").to_table(filter=inside).sort_by("time")


def whole(rows: pa.Table, drawn: pa.Table, day: date) -> pa.Table:
    """Return rows with all columns of the standard event: what they lack is as in `drawn`."""
    count = rows.num_rows
    name = secrets.token_hex(16 * count)
    uids = [name[at : at + 32] for at in range(0, 32 * count, 32)]  # as hard to press as real ones
    given: dict[str, Any] = {
        **{column: rows[column].combine_chunks() for column in rows.schema.names},
        "metadata": pa.StructArray.from_arrays([pa.array(uids)], ["uid"]),
        "tenant": pa.repeat(TENANT, count),
        "date": pa.repeat(pa.scalar(day, pa.date32()), count),
    }
    columns = [
        _laid_over(given.get(field.name), drawn[field.name].combine_chunks()) for field in EVENT
    ]
    return pa.Table.from_arrays(columns, schema=EVENT)


def _laid_over(given: "pa.Array[Any] | None", drawn: "pa.Array[Any]") -> "pa.Array[Any]":
    if given is None:
        return drawn
    if not pa.types.is_struct(drawn.type):
        return given.cast(drawn.type)
    has = {field.name for field in given.type}
    fields = [
        _laid_over(given.field(field.name) if field.name in has else None, drawn.field(field.name))
        for field in drawn.type
    ]
    return pa.StructArray.from_arrays(fields, fields=list(drawn.type))
