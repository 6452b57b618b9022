"""From verdicts to rows of `anomalies`: one a (tenant, user, place)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa

from models.context import Context
from models.evidence import Evidence
from models.judge import Verdict
from models.linked import ALONE, Linked, linked
from models.marks import REPUTATION_LEAST
from models.reasons import reasons
from models.votes import support
from schemas.event import ANOMALY

SEVERITIES = ("low", "medium", "high", "critical")
SURE = (0.85, 0.95, 0.99)  # scores from which a finding is medium, high, critical


@dataclass(frozen=True)
class Run:
    """What marks the rows of one run; the same input gives the same `run_id`."""

    tenant: str
    last_day: date
    run_id: str


@dataclass(frozen=True)
class Finding:
    """One (person, place) that was judged, flagged or not."""

    verdict: Verdict
    place: int
    score: float
    votes: Mapping[str, float]
    needed: float = 0.0  # score from which it is flagged in this run; 0: not asked

    @property
    def person_place(self) -> tuple[int, int]:
        return self.verdict.case.person, self.place


def anomaly_id(tenant: str, user: str, place: Sequence[str | None]) -> str:
    """Return the identity of a finding: a hash of (tenant, user, country, region, city)."""
    text = "\x1f".join([tenant, user, *(part or "" for part in place)])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def rows(
    context: Context,
    findings: Sequence[Finding],
    evidence: Mapping[tuple[int, int], Evidence],
    run: Run,
) -> pa.Table:
    """Return the findings that have events, as a table of the schema ANOMALY."""
    known = [each for each in findings if each.person_place in evidence]
    pairs = [each.person_place for each in known]
    beside = linked(pairs, evidence, context.known.places, context.known.people)
    made = [
        row(context, each, evidence[pair], run, beside[pair])
        for each, pair in zip(known, pairs, strict=True)
    ]
    # A way out and the rest of its city bear one name: the surer finding speaks for both.
    surest = {row["id"]: row for row in sorted(made, key=lambda row: float(row["score"]))}
    kept = [row for row in made if surest[row["id"]] is row]
    return pa.Table.from_pylist(kept, schema=ANOMALY)


def row(
    context: Context, finding: Finding, evidence: Evidence, run: Run, beside: Linked = ALONE
) -> dict[str, Any]:
    """Return one finding as a row; `beside`: what was flagged beside it."""
    known, case = context.known, finding.verdict.case
    places = known.places
    name = (
        places.country[finding.place],
        places.region[finding.place],
        places.city[finding.place],
    )
    fastest = case.times.timeline.fastest
    user = known.people[case.person]
    return {
        "id": anomaly_id(run.tenant, user, name),
        "tenant": run.tenant,
        "date": run.last_day,
        "user": user,
        "country": name[0],
        "region": name[1],
        "city": name[2],
        "latitude": float(places.latitude[finding.place]),
        "longitude": float(places.longitude[finding.place]),
        "radius_km": float(places.radius_km[finding.place]),
        "first_time": evidence.first_time,
        "last_time": evidence.last_time,
        "event_count": evidence.count,
        "sources": evidence.sources,
        "ips": evidence.ips,
        "asns": evidence.asns,
        "score": finding.score,
        "severity": severity(finding),
        "reasons": [
            *reasons(context, finding.verdict, finding.place, evidence, beside),
            voted(finding),
        ],
        "votes": sorted(finding.votes.items()),
        "usual_place": places.name(case.usual),
        "distance_km": float(places.great_circle_km(finding.place, np.array([case.usual]))[0]),
        "speed_kmh": None if fastest is None else float(fastest.kmh),
        "event_uids": evidence.uids,
        "run_id": run.run_id,
        "withdrawn": False,
    }


def voted(finding: Finding) -> str:
    """Say what the members' votes add, so that a reader can recompute the score, and the bar."""
    needed = f", flagged from {finding.needed:.2f}" if finding.needed else ""
    return (
        f"The members' votes change the log-odds by {support(finding.votes.values()):+.2f}: "
        f"score {finding.score:.2f}{needed}"
    )


def severity(finding: Finding) -> str:
    """Return low, medium, high or critical: how sure it is, one step up for what was done there."""
    step = sum(finding.score >= sure for sure in SURE)
    case = finding.verdict.case
    grave = case.sensitive or case.reputation >= REPUTATION_LEAST
    return SEVERITIES[min(step + int(grave), len(SEVERITIES) - 1)]


def run_id(tenant: str, as_of: datetime | date, days: int, version: str) -> str:
    """Return a name of the run that depends on nothing but its inputs."""
    text = "\x1f".join([tenant, as_of.isoformat(), str(days), version])
    return hashlib.sha256(text.encode()).hexdigest()[:16]
