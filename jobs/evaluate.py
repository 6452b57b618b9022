"""Measures the anomalies of a lake against a truth file."""

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from conf.errors import UsageError
from conf.settings import Settings
from lake.lake import Lake
from models import evaluation


def evaluate(
    lake_uri: str,
    truth: Path,
    settings: Settings,
    tenant: str | None = None,
    noise: Path | None = None,
) -> dict[str, Any]:
    """Return the report of `models.evaluation.evaluate` about the newest row of each anomaly.

    Users and user-days are those with events in the lake. `noise`: a file of honest
    peculiarities; where it is not given, the one beside the truth, if there is one.
    """
    if not truth.is_file():
        raise UsageError(f"truth: no file {str(truth)!r}; `antipode simulate` writes one")
    lake = Lake(lake_uri, settings)
    if lake.table("events").version() < 0:
        raise UsageError(f"lake: {lake_uri!r} holds no events; run `antipode normalize` first")
    users, user_days, days = _people(lake, tenant)
    beside = noise or truth.with_name(truth.name.replace(".truth.", ".noise."))
    peculiar = evaluation.read_noise(beside) if beside.is_file() and beside != truth else []
    return evaluation.evaluate(
        _newest(lake, tenant), evaluation.read_truth(truth), users, user_days, days, peculiar
    )


def _people(lake: Lake, tenant: str | None) -> tuple[int, int, int]:
    """Return (users, pairs of user and day, days) of the events."""
    events = lake.table("events")
    pairs: set[tuple[str, str, date]] = set()
    for live in events.files(tenant):
        rows = events.dataset([live]).to_table(columns=["tenant", "person", "date"])
        for row in rows.group_by(["tenant", "person", "date"]).aggregate([]).to_pylist():
            if row["person"]:
                pairs.add((row["tenant"], row["person"], row["date"]))
    users = {(owner, person) for owner, person, _ in pairs}
    return len(users), len(pairs), len({day for _, _, day in pairs})


def _newest(lake: Lake, tenant: str | None) -> pa.Table:
    """Return the newest row of each anomaly."""
    table = lake.table("anomalies")
    rows = table.arrow(live=table.files(tenant)).sort_by([("date", "descending")])
    return rows.take(pc.index_in(pc.unique(rows["id"]), rows["id"]))
