"""Keeps how each run of the detection went, and warns when a run is not like those before."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from jobs.publishing import publish
from lake.lake import Lake
from models import health
from schemas.health import HEALTH

TABLE = "health"


def record(
    lake: Lake,
    tenant: str,
    day: date,
    run_id: str,
    days: int,
    events: int,
    report: Mapping[str, Any],
) -> list[str]:
    """Write the row of a run, in place of that of the same day, and return its warnings.

    `report`: the `health` of a `models.detection.Detection`; `events`: how many were read.
    Compared are the last runs before that day that looked at as many days.
    """
    row = {name: report.get(name, 0) for name in HEALTH.names} | {
        "tenant": tenant,
        "date": day,
        "run_id": run_id,
        "days": days,
        "events": events,
        "filtered": sorted(report["filtered"].items()),
        "explained": sorted(report["explained"].items()),
    }
    row["warnings"] = health.jumps(row, past(lake, tenant, day, days))
    publish(lake.table(TABLE), pa.Table.from_pylist([row], HEALTH), tenant, [day])
    return list(row["warnings"])


def forget(lake: Lake, tenant: str, day: date) -> None:
    """Take out the row of a day, whose run is then to be done again."""
    table = lake.table(TABLE)
    if table.files(tenant, day, day):
        publish(table, HEALTH.empty_table(), tenant, [day])


def past(lake: Lake, tenant: str, day: date, days: int) -> list[dict[str, Any]]:
    """Return the rows of the last runs before `day`, the newest last."""
    table = lake.table(TABLE)
    rows = table.arrow(live=table.files(tenant)).to_pylist()
    like = [row for row in rows if row["date"] < day and row["days"] == days]
    return sorted(like, key=lambda row: row["date"])[-health.RUNS_MOST :]


def longer_runs(lake: Lake, tenant: str, days: int) -> set[str]:
    """Return the names of the runs that looked at more than `days` days."""
    table = lake.table(TABLE)
    runs = table.arrow(["run_id", "days"], table.files(tenant)).to_pylist()
    return {run["run_id"] for run in runs if run["days"] > days}
