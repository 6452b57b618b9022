"""Measures the anomalies of lakes against what is known to have happened in them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from conf.errors import UsageError
from conf.settings import Settings
from lake.lake import Lake
from lake.sql import define_view
from models import evaluation
from models.outcome import Outcome
from models.truth import Noise, Truth, read_noise, read_truth

HISTORY = ("id", "user", "date", "event_uids", "withdrawn")


def evaluate(
    lake_uri: str,
    truth: Path,
    settings: Settings,
    tenant: str | None = None,
    noise: Path | None = None,
) -> dict[str, Any]:
    """Return the report of `models.evaluation` about one lake."""
    return evaluation.pooled([read(lake_uri, truth, settings, tenant, noise)])


def evaluate_all(
    companies: Sequence[tuple[str, Path]], settings: Settings, tenant: str | None = None
) -> dict[str, Any]:
    """Return the report about several lakes, each with its truth file, pooled."""
    return evaluation.pooled([read(uri, truth, settings, tenant) for uri, truth in companies])


def read(
    lake_uri: str,
    truth: Path,
    settings: Settings,
    tenant: str | None = None,
    noise: Path | None = None,
) -> Outcome:
    """Return what was flagged in a lake beside what its files of truth and noise say.

    `noise`: a file of honest peculiarities; where it is not given, the one beside the truth, if
    there is one.
    """
    if not truth.is_file():
        raise UsageError(f"truth: no file {str(truth)!r}; `antipode simulate` writes one")
    beside = noise or truth.with_name(truth.name.replace(".truth.", ".noise."))
    peculiar = read_noise(beside) if beside.is_file() and beside != truth else []
    return outcome(Lake(lake_uri, settings), read_truth(truth), peculiar, tenant)


def outcome(
    lake: Lake, truth: Sequence[Truth], noise: Sequence[Noise] = (), tenant: str | None = None
) -> Outcome:
    """Return what was flagged in a lake beside what there was.

    Users and user-days are those with events in the lake; what counts is the newest row of each
    anomaly.
    """
    if lake.table("events").version() < 0:
        raise UsageError(f"lake: {lake.uri!r} holds no events; run `antipode normalize` first")
    connection = duckdb.connect()
    define_view(connection, lake.table("events"), lake.table("events").files(tenant))
    users, user_days, days = connection.execute(PEOPLE).fetchall()[0]
    anomalies = lake.table("anomalies")
    every = anomalies.arrow(live=anomalies.files(tenant)).sort_by([("date", "descending")])
    newest = every.take(pc.index_in(pc.unique(every["id"]), every["id"]))
    return Outcome(
        rows=[row for row in newest.to_pylist() if not row["withdrawn"]],
        truth=truth,
        users=users,
        user_days=user_days,
        days=days,
        noise=noise,
        history=every.select(HISTORY).to_pylist(),
        began=_began(connection, truth),
    )


PEOPLE = """
SELECT
    (SELECT count(*) FROM (SELECT DISTINCT tenant, person FROM events WHERE person <> '')),
    (SELECT count(*) FROM (SELECT DISTINCT tenant, person, date FROM events WHERE person <> '')),
    (SELECT count(DISTINCT date) FROM events WHERE person <> '')
"""
BEGAN = """
SELECT line, min(time) AS began
FROM events JOIN attacked ON attacked.uid = events.metadata.uid AND attacked.person = events.person
GROUP BY line
"""


def _began(
    connection: duckdb.DuckDBPyConnection, truth: Sequence[Truth]
) -> Mapping[Truth, datetime]:
    """Return when the first event of each attack on an account was, as far as they are there."""
    attacked = [
        {"line": number, "person": line.user, "uid": uid}
        for number, line in enumerate(truth)
        for uid in line.event_uids
    ]
    schema = pa.schema({"line": pa.int64(), "person": pa.string(), "uid": pa.string()})
    connection.register("attacked", pa.Table.from_pylist(attacked, schema))
    connection.execute("SET TimeZone = 'UTC'")
    return {truth[line]: began for line, began in connection.execute(BEGAN).fetchall()}
