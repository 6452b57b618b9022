"""What published rules find, and how many false alarms they bring, beside Antipode.

    python -m bench.peers --seeds 401-403

Simulates a company for each seed, takes its raw logs to a lake, detects as `antipode detect` does,
and runs the rules of `models/published_rules` on the very same events, judged by the same truth: an
attack is found when a row of its user holds one of its events, a row that holds none is false; a
row is a (user, place). Companies are kept for the next time. Each rule is run twice: on sign-ins
only, as most are published, and on every event, which is what Antipode sees. `--lake URI --truth
FILE` (again for each company) measures lakes that exist instead.
"""

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import duckdb
import pyarrow as pa

from bench.seeds import seeds
from conf.settings import Settings
from jobs import detect, evaluate
from jobs.normalize import Target, normalize
from jobs.simulate import simulate
from lake.lake import Lake
from lake.sql import define_view
from models import published
from models.evaluation import pooled
from models.outcome import Outcome
from models.simulator import write

TENANT = "bench"
LAST_DAY = date(2026, 4, 10)
CLOCK = datetime(2026, 4, 11, tzinfo=UTC)
DAYS = 30
OURS = "antipode"
DIFFERENT = ("buffalogs", "elastic")  # publishers whose rules look at different things


@dataclass(frozen=True)
class Peer:
    """One line of the table: what was flagged in each company, and the processor time."""

    name: str
    outcomes: Sequence[Outcome]
    seconds: float


def company(folder: Path, seed: int, users: int, events: int, days: int = DAYS) -> tuple[str, Path]:
    """Return the lake and the truth of a simulated company, making them if they are not there."""
    raw = folder / f"company-{users}-{events}-{days}-{seed}"
    lake = str(raw) + ".lake"
    done = raw.with_name(f"{raw.name}.done")
    if not done.exists():
        settings = Settings()
        simulate(raw, users, events, days, seed, LAST_DAY, settings)
        normalize(raw, Target(lake, TENANT, CLOCK, settings), workers=1)
        done.touch()
    return lake, write.truth_file(raw)


def ours(companies: Sequence[tuple[str, Path]]) -> Peer:
    """Detect in each lake."""
    outcomes, taken = [], 0.0
    for lake, truth in companies:
        started = time.monotonic()
        detect.run(lake, Settings(), days=DAYS)
        taken += time.monotonic() - started
        outcomes.append(evaluate.read(lake, truth, Settings()))
    return Peer(OURS, outcomes, taken)


def peers(ours: Peer, lakes: Sequence[str], sign_ins: bool) -> list[Peer]:
    """Run every published rule on every lake; each publisher's rules also together."""
    found: dict[str, list[pa.Table]] = {}
    seconds: dict[str, float] = {}
    for uri in lakes:
        connection = duckdb.connect()
        lake = Lake(uri, Settings())
        define_view(connection, lake.table("events"))
        (tenant,) = detect.known_tenants(lake)  # a company a lake
        published.prepare(connection, tenant, sign_ins)
        for name, rows, taken in _of_rules(connection):
            found.setdefault(name, []).append(rows)
            seconds[name] = seconds.get(name, 0.0) + taken
    return [
        Peer(name, _outcomes(ours.outcomes, tables), seconds[name])
        for name, tables in found.items()
    ]


def _of_rules(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, pa.Table, float]]:
    lines = []
    for publisher, rules in published.rules().items():
        found = []
        for rule in rules:
            started = time.process_time()
            found.append(published.flagged(connection, rule))
            lines.append((rule.name, found[-1], time.process_time() - started))
        if publisher in DIFFERENT:
            together = published.together(found)
            lines.append(
                (f"{publisher}: any", together, sum(line[2] for line in lines[-len(rules) :]))
            )
    return lines


def _outcomes(ours: Sequence[Outcome], tables: Sequence[pa.Table]) -> list[Outcome]:
    """Judge each company's rows by the truth that ours are judged by; rules give no score."""
    return [
        replace(
            outcome,
            rows=[
                row | {"id": str(number), "score": 1.0}
                for number, row in enumerate(table.to_pylist())
            ],
            history=(),
        )
        for outcome, table in zip(ours, tables, strict=True)
    ]


def line(peer: Peer) -> Mapping[str, Any]:
    """Return what the table says of one rule."""
    report = pooled(peer.outcomes)
    kinds = {kind: found["found"] for kind, found in report["by_kind"].items()}
    return {
        "rule": peer.name,
        "found": report["attacks_found"],
        "planted": report["attacks"],
        "rows": report["flagged"],
        "false": report["false"],
        "false_per_1000_user_days": report["false_per_1000_user_days"],
        "seconds": round(peer.seconds, 2),
        "found_by_kind": kinds,
    }


def show(title: str, lines: Sequence[Mapping[str, Any]]) -> None:
    print(f"\n{title}")
    head = f"{'rule':<34}{'found':>9}{'rows':>8}{'false':>8}{'per 1,000 user-days':>21}{'s':>8}"
    print(head)
    for each in lines:
        print(
            f"{each['rule']:<34}{each['found']:>4} /{each['planted']:>3}{each['rows']:>8}"
            f"{each['false']:>8}{each['false_per_1000_user_days']:>21.2f}{each['seconds']:>8.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=seeds, default=[401], help="such as 401-403 or 401,405")
    parser.add_argument("--users", type=int, default=500)
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--folder", type=Path, default=Path(gettempdir()) / "antipode-bench")
    parser.add_argument("--lake", action="append", default=[])
    parser.add_argument("--truth", action="append", default=[], type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON object, last")
    options = parser.parse_args()
    companies = list(zip(options.lake, options.truth, strict=True)) or [
        company(options.folder, seed, options.users, options.events) for seed in options.seeds
    ]
    mine = ours(companies)
    lakes = [lake for lake, _ in companies]
    report = {}
    for title, sign_ins in (("Every event", False), ("Sign-ins only", True)):
        lines = [line(peer) for peer in peers(mine, lakes, sign_ins)]
        lines = [line(mine), *lines] if not sign_ins else lines
        show(title, lines)
        report[title] = lines
    if options.json:
        print(json.dumps(report))


if __name__ == "__main__":
    main()
