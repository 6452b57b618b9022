"""Which findings of earlier days a run takes back."""

import pyarrow as pa

from jobs import health, verdict
from lake.lake import Lake
from models.findings import Run
from models.window import Window
from models.withdrawal import withdrawn


def rows(lake: Lake, flagged: pa.Table, window: Window, run: Run, days: int) -> pa.Table:
    """Return the rows of `anomalies` that take back what runs of earlier days of the window wrote.

    `flagged`: what the run itself writes, quiet rows included; `days`: how many it looks at.
    """
    table = lake.table("anomalies")
    earlier = table.arrow(live=table.files(run.tenant, window.first_day, run.last_day)).to_pylist()
    longer = health.longer_runs(lake, run.tenant, days)
    before = [row for row in earlier if row["date"] < run.last_day and row["run_id"] not in longer]
    return withdrawn(
        set(flagged["id"].to_pylist()), before, verdict.given(lake, run.tenant), window, run
    )
