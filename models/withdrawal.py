"""Takes back what earlier runs flagged and a later one, which knows more, no longer does.

A run by day sees the first evening of a trip that a month explains. What it flagged is not deleted:
the run that knows better writes the row again, marked as withdrawn, with its reason. Not taken
back is

- what has left the memory: the first event of the row must lie in the window looked at, so that
  nothing is withdrawn only because it was forgotten;
- what an analyst has judged malicious;
- what a run with a longer memory flagged.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyarrow as pa

from models import feedback
from models.findings import Run
from models.window import Window
from schemas.event import ANOMALY

Row = Mapping[str, Any]


def withdrawn(
    flagged: Collection[str],
    earlier: Iterable[Row],
    verdicts: Iterable[Row],
    window: Window,
    run: Run,
) -> pa.Table:
    """Return the rows of `anomalies` that take back earlier ones, of the schema ANOMALY.

    `flagged`: the ids that the run itself writes; `earlier`: rows of runs of earlier days, of which
    the newest of each id stands; `verdicts`: what analysts said of the tenant's anomalies.
    """
    malicious = feedback.malicious(verdicts, run.last_day)
    rows = [
        taken_back(row, run)
        for row in newest(earlier)
        if row["id"] not in flagged
        and not row["withdrawn"]
        and row["first_time"] >= window.start
        and not any(feedback.meets(verdict, row) for verdict in malicious)
    ]
    return pa.Table.from_pylist(rows, ANOMALY)


def newest(rows: Iterable[Row]) -> list[Row]:
    """Return the row of the last day for each id, sorted by id."""
    known: dict[str, Row] = {}
    for row in sorted(rows, key=lambda row: (row["id"], row["date"])):
        known[row["id"]] = row
    return list(known.values())


def taken_back(row: Row, run: Run) -> dict[str, Any]:
    """Return a row as the run writes it: as it was, but withdrawn, with the reason."""
    reason = (
        f"Withdrawn: with what is known up to {run.last_day}, it is not sure enough to be flagged"
    )
    return {
        **row,
        "date": run.last_day,
        "run_id": run.run_id,
        "withdrawn": True,
        "reasons": [*(row["reasons"] or ()), reason],
    }
