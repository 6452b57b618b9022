"""What benign verdicts cost: the attacks that they hide.

    python -m bench.feedback --seeds 411-413

Simulates companies of two months. An analyst judges every false row of the first month benign; what
is then flagged in the second month is compared with what would be flagged without. The analysts:

  for the person     judges each false row of ours, for that person
  for the company    the same, for the whole company
  tireless           judges whatever a published rule (Elastic's atypical travel) flags falsely,
                     hundreds of rows a company, each for its person and up to the gravest severity:
                     far more than anybody would ever be shown, so a bound on what can be hidden
  in hindsight       judges each false row of ours of the second month itself, for the person
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import duckdb
import pyarrow as pa

from bench.peers import LAST_DAY, TENANT, company
from bench.seeds import seeds
from conf.settings import Settings
from jobs import detect
from jobs.verdict import Said, kinds, verdict
from lake.lake import Lake
from lake.sql import define_view
from models import feedback, published
from models.outcome import Outcome
from models.truth import Truth, read_truth
from schemas.feedback import BENIGN, COMPANY

MONTH = 30
FIRST = LAST_DAY - timedelta(days=MONTH)  # the last day of the first month
RULE = "elastic_atypical_travel"
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Company:
    """What was flagged in either month, by what truth it is judged, and false rows to judge."""

    lake: Lake
    truth: Sequence[Truth]
    first: pa.Table
    second: pa.Table
    elsewhere: Rows  # false rows of the published rule in the first month

    def outcome(self, rows: pa.Table) -> Outcome:
        flagged = [row for row in rows.to_pylist() if not row["withdrawn"]]
        return Outcome(flagged, self.truth, 0, 0, MONTH)

    def after(self, verdicts: Rows) -> Outcome:
        """Return what is flagged in the second month with verdicts on it."""
        return self.outcome(feedback.applied(self.second, verdicts, LAST_DAY))


def examined(lake_uri: str, truth: Path, reuse: bool) -> Company:
    """Detect in both months."""
    lake = Lake(lake_uri, Settings())
    table = lake.table("anomalies")
    for day in (FIRST, LAST_DAY):
        if not reuse or not table.files(TENANT, day, day):
            detect.run(lake_uri, Settings(), days=MONTH, as_of=day + timedelta(days=1))
    first, second = (table.arrow(live=table.files(TENANT, day, day)) for day in (FIRST, LAST_DAY))
    known = read_truth(truth)
    seen = Outcome(_published(lake), known, 0, 0, MONTH)
    return Company(lake, known, first, second, [dict(row) for row in seen.false_rows])


def _published(lake: Lake) -> Rows:
    """Return the rows of the published rule in the first month, as rows of `anomalies`."""
    connection = duckdb.connect()
    events = lake.table("events")
    define_view(connection, events, events.files(TENANT, last_date=FIRST))
    published.prepare(connection, TENANT, sign_ins=False)
    (rule,) = [rule for rules in published.rules().values() for rule in rules if rule.name == RULE]
    return [
        row
        | {"id": f"{RULE}-{number}", "tenant": TENANT, "severity": "critical"}
        | {part: row[part] or None for part in ("region", "city")}
        for number, row in enumerate(published.flagged(connection, rule).to_pylist())
    ]


def said(rows: Rows, lake: Lake | None, scope: str) -> Rows:
    """Return benign verdicts on rows; networks' kinds are the row's own or those in the lake."""
    words = Said(BENIGN, scope, until=date(2100, 1, 1))
    now = datetime.combine(FIRST, time(), UTC)
    return [
        verdict(
            row, kinds(lake, row) if lake else [kind or None for kind in row["kinds"]], words, now
        )
        for row in rows
    ]


def analysts(company: Company) -> dict[str, Rows]:
    """Return the verdicts of each analyst."""
    false = [dict(row) for row in company.outcome(company.first).false_rows]
    return {
        "nobody": [],
        "for the person": said(false, company.lake, "person"),
        "for the company": said(false, company.lake, COMPANY),
        "tireless": said(company.elsewhere, None, "person"),
        "in hindsight": said(
            [dict(row) for row in company.outcome(company.second).false_rows],
            company.lake,
            "person",
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=seeds, default=[411], help="such as 411-413 or 411,415")
    parser.add_argument("--users", type=int, default=300)
    parser.add_argument("--events", type=int, default=240_000)
    parser.add_argument("--folder", type=Path, default=Path(gettempdir()) / "antipode-bench")
    parser.add_argument("--reuse", action="store_true", help="what was flagged the last time")
    options = parser.parse_args()
    totals: dict[str, list[int]] = {}
    for seed in options.seeds:
        lake, truth = company(options.folder, seed, options.users, options.events, 2 * MONTH)
        one = examined(lake, truth, options.reuse)
        for name, verdicts in analysts(one).items():
            left = one.after(verdicts)
            line = (len(verdicts), len(left.rows), len(left.false_rows), len(left.found))
            total = totals.setdefault(name, [0] * len(line))
            totals[name] = [old + new for old, new in zip(total, line, strict=True)]
    print(
        f"{'benign verdicts by':<20}{'verdicts':>10}{'rows':>7}{'false':>7}{'accounts found':>16}"
    )
    for name, (given, rows, false, found) in totals.items():
        print(f"{name:<20}{given:>10}{rows:>7}{false:>7}{found:>16}")


if __name__ == "__main__":
    main()
