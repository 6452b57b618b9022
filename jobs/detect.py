"""`antipode detect`: finds the accounts used from where they do not belong, and writes them down.

Idempotent for its date: the rows of (tenant, last day) are replaced in one commit.
"""

from collections.abc import Callable
from datetime import date, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from conf.errors import AntipodeError, UsageError
from conf.settings import Settings
from jobs import daily_use, damaged, health, s3a, verdict, withdrawal
from jobs.publishing import publish
from jobs.runner import read_events, session
from lake.lake import Lake
from lake.tables import Table
from models import findings
from models.cells import cells_of, collect_cells
from models.detection import Detection
from models.detection import detect as detect_tenant
from models.findings import Run
from models.params import Params
from models.stages import Stages
from models.window import Window
from schemas.event import ANOMALY

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Say = Callable[[str], None]


def detect(
    events: "DataFrame",
    tenant: str,
    as_of: date,
    days: int,
    params: Params | None = None,
    stages: Stages | None = None,
) -> Detection:
    """Return what is abnormal in one tenant's events of the `days` days before `as_of`."""
    stages = stages or Stages()
    with stages.stage("cells"):
        cells = collect_cells(events, Window.before(as_of, days))
    return detect_tenant(events, cells, this_run(tenant, as_of, days), params or Params(), stages)


def run(
    uri: str,
    settings: Settings,
    tenant: str | None = None,
    days: int = 30,
    as_of: date | None = None,
    master: str | None = None,
    params: Params | None = None,
    say: Say = lambda line: None,
) -> dict[str, Any]:
    """Detect in a lake, for one tenant or each, and write `anomalies`; return what was counted.

    `as_of` defaults to the day after the tenant's newest event. `say` is told what goes on.
    """
    if days < 1:
        raise UsageError(f"days: {days} is too few: give at least 1")
    lake = Lake(uri, settings)
    tenants = [tenant] if tenant else known_tenants(lake)
    if not tenants or not lake.table("events").files(tenant):
        raise UsageError(
            f"lake: {uri!r} holds no events{f' of {tenant!r}' if tenant else ''}; run "
            "`antipode normalize` first"
        )
    stages = Stages()
    reports: dict[str, Any] = {}
    events = sum(file.rows for file in lake.table("events").files(tenant))
    with session(master, stages, events, s3a.options(lake.uri, settings)) as spark:
        s3a.require(spark, lake.uri)
        for name in tenants:
            say(f"{name}: looking at {days} days")
            reports[name] = _tenant(lake, spark, name, days, as_of, params or Params(), stages)
            for key in reports[name]["skipped_files"]:
                say(f"{name}: skipped events/{key}, which cannot be read in whole")
            for warning in reports[name]["warnings"]:
                say(f"{name}: unlike the runs before: {warning}")
    return {
        "flagged": sum(report["flagged"] for report in reports.values()),
        "tenants": reports,
        "seconds": stages.seconds,
    }


def _tenant(
    lake: Lake,
    spark: Any,
    tenant: str,
    days: int,
    as_of: date | None,
    params: Params,
    stages: Stages,
) -> dict[str, Any]:
    table = lake.table("events")
    as_of = as_of or newest_day(table, tenant) + timedelta(days=1)
    base = f"{lake.uri}/events"
    live = table.files(tenant, as_of - timedelta(days=days), as_of - timedelta(days=1))
    live, skipped = damaged.whole(spark, live, base)
    if not live:
        raise UsageError(
            f"{tenant}: no events in the {days} days before {as_of}; give another --as-of"
            + (f" ({len(skipped)} files cannot be read)" if skipped else "")
        )
    events = read_events(spark, [file.path for file in live], base)
    window, this = Window.before(as_of, days), this_run(tenant, as_of, days)
    known_bad = verdict.malicious(lake, tenant, this.last_day)
    with damaged.named(spark, live, base):
        with stages.stage("cells"):
            use, made = daily_use.use(lake, spark, tenant, window, live)
            cells = cells_of(use, window)
        found = detect_tenant(events, cells, this, params, stages, known_bad)
    found = verdict.applied(lake, tenant, found, this.last_day)
    check(found.rows)
    with stages.stage("write"):
        # A run that lacks events takes nothing back, and is not done: `backfill` does it again.
        back = found.rows.slice(0, 0)
        if not skipped:
            back = withdrawal.rows(lake, found.rows, window, this, days)
        rows = pa.concat_tables([found.rows, back])
        publish(lake.table("anomalies"), rows, tenant, [this.last_day])
        report = found.health | {"withdrawn": back.num_rows}
        read = sum(file.rows for file in live)
        warnings = []
        if skipped:
            health.forget(lake, tenant, this.last_day)
        else:
            warnings = health.record(lake, tenant, this.last_day, this.run_id, days, read, report)
    return {
        "as_of": as_of.isoformat(),
        "days": days,
        "days_aggregated": made,
        **report,
        "skipped_files": skipped,
        "warnings": warnings,
    }


def this_run(tenant: str, as_of: date, days: int) -> Run:
    """Return what marks the rows of the run that looks at the `days` days before `as_of`."""
    run_id = findings.run_id(tenant, as_of, days, code_version())
    return Run(tenant, as_of - timedelta(days=1), run_id)


def known_tenants(lake: Lake) -> list[str]:
    """Return the tenants that have events."""
    return sorted({file.partition["tenant"] for file in lake.table("events").files()})


def newest_day(table: Table, tenant: str) -> date:
    """Return the day of the tenant's newest event."""
    newest: date = max(file.partition["date"] for file in table.files(tenant))
    return newest


def check(rows: pa.Table) -> None:
    """Raise AntipodeError when the models' rows are not rows of `anomalies`."""
    if not rows.schema.equals(ANOMALY):
        raise AntipodeError(f"detect made rows of another schema than anomalies': {rows.schema}")


def code_version() -> str:
    """Return the version of Antipode, part of what decides a run."""
    try:
        return version("antipode")
    except PackageNotFoundError:
        return "unknown"
