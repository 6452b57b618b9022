"""Detection in one piece: events of one tenant in, rows of `anomalies` and a report of health out.

Spark makes cells of events; the rest is numpy on the driver. See docs/detection.md.
"""

from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from math import log
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from models import evidence, findings, patience, rarity
from models.accused import NOBODY, Accused
from models.carriers import carriers, coarsened
from models.cells import Cells
from models.company import Company, company
from models.context import Context
from models.ensemble import scores
from models.findings import Finding, Run
from models.groundwork import Groundwork
from models.judge import Verdict, judge_all, logistic
from models.learned import learn
from models.params import Params
from models.set_apart import kinds, set_apart
from models.stages import Stages
from models.uncollected import uncollected
from models.votes import Votes, support, votes

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Detection:
    """`rows` of the schema ANOMALY; `health`: what was seen, filtered and found."""

    rows: pa.Table
    health: dict[str, Any]


def prepared(known: Company) -> tuple[Context, int]:
    """Learn from the company, fix what carriers misplace, learn again; return that many fixed."""
    ground = Groundwork.of(known)
    learned = learn(known, ground)
    spread = carriers(known, learned)
    if spread.any():
        known = coarsened(known, spread)
        learned = learn(known, ground)
    apart = kinds(known, learned)
    if apart.any():
        known = set_apart(known, apart)
        learned = learn(known, ground)
    return Context.of(known, learned), int(spread.sum())


def detect(
    events: "DataFrame",
    cells: Cells,
    run: Run,
    params: Params,
    stages: Stages | None = None,
    accused: Accused = NOBODY,
) -> Detection:
    """Return what is abnormal in one tenant's events, of which `cells` are the cells.

    `accused`: what analysts called malicious before.
    """
    stages = stages or Stages()
    with stages.stage("learn"):
        context, fixed = prepared(company(cells))
    # The members wait for Spark while the explanations compute.
    with ThreadPoolExecutor(1) as pool:
        scoring = pool.submit(scores, context, params, stages)
        with stages.stage("explain"), uncollected():
            verdicts = judge_all(context, params.threshold)
        cast = votes(scoring.result(), verdicts)
    scored = findings_of(verdicts, cast)
    rare = rarity.needed(context.known, believed(context.known, scored))
    found = flagged(context.known, scored, params, rare, accused)
    with stages.stage("evidence"):
        pairs = [(finding.verdict.case.person, finding.place) for finding in found]
        behind = evidence.fetch(events, context.known, pairs, params.event_uids)
    rows = findings.rows(context, found, behind, run)
    report = health(context, fixed, verdicts, rows.num_rows, params.threshold)
    return Detection(rows, report | {"rarity": rare})


def findings_of(verdicts: list[Verdict], cast: Votes) -> list[Finding]:
    """Return a finding for each place that was judged, abnormal or not."""
    return [
        finding(verdict, place, cast.of(verdict.case.person, place))
        for verdict in verdicts
        for place in verdict.case.places
    ]


def believed(known: Company, scored: list[Finding]) -> list[float]:
    """Return the scores less what patience asks: what has only just begun is not believed yet."""
    return [
        logistic(
            one.verdict.log_odds + support(one.votes.values()) - patience.needed(known, one.verdict)
        )
        for one in scored
    ]


def flagged(
    known: Company,
    scored: list[Finding],
    params: Params,
    rare: float = 0.0,
    accused: Accused = NOBODY,
) -> list[Finding]:
    """Return the findings that an attack explains best, and those that analysts called so.

    `rare`: by how much their log-odds must exceed those that suffice where attacks are usual.
    """
    asked = [
        replace(one, needed=needed_score(params, rare + patience.needed(known, one.verdict)))
        for one in scored
    ]
    return [
        one
        for one in asked
        if one.score >= one.needed or accused.holds(known, one.verdict.case, one.place)
    ]


def needed_score(params: Params, more: float) -> float:
    """Return the score from which a finding is flagged, by so much more log-odds than usual."""
    usual = params.flagged_from
    return logistic(log(usual / (1 - usual)) + more)


def finding(verdict: Verdict, place: int, cast: Mapping[str, float]) -> Finding:
    """Join what the explanations and the members say about a place."""
    return Finding(verdict, place, logistic(verdict.log_odds + support(cast.values())), cast)


def health(
    context: Context, fixed: int, verdicts: list[Verdict], flagged: int, threshold: float
) -> dict[str, Any]:
    """Report how much was looked at, and what kept how much of it from being flagged.

    `fixed`: addresses of carriers; `threshold`: the score from which an attack explains a case.
    """
    known, learned = context.known, context.learned
    honest = Counter(verdict.best_benign for verdict in verdicts if verdict.score < threshold)
    return {
        "people": len(known.people),
        "cells": len(known.cells.person),
        "addresses": len(known.addresses.ip),
        "places": len(known.places),
        "active_hours": len(known.presences.person),
        "cases": len(verdicts),
        "flagged": flagged,
        "filtered": {
            **{f"{reason}_events": number for reason, number in sorted(known.refused.items())},
            "failed_events": int(known.cells.failures.sum()),
            "carrier_addresses": fixed,
            "placeless_addresses": int((~learned.physical).sum()),
        },
        "explained": dict(sorted(honest.items())),
    }
