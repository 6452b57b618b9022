"""Keeps what an analyst says of an anomaly, and applies it to what a run flags."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from conf.errors import Conflict, UsageError
from lake.lake import Lake
from models import feedback
from models.accused import Accused, accused
from models.detection import Detection
from schemas.feedback import BENIGN, COMPANY, MALICIOUS, PERSON, UNDECIDED, VERDICT

TABLE = "verdicts"
LASTS = timedelta(days=90)  # nothing is quiet for good unless somebody says so again
ATTEMPTS = 5


@dataclass(frozen=True)
class Said:
    """What an analyst says. `until` None: a benign verdict lasts 90 days, others for good."""

    verdict: str
    scope: str = PERSON
    note: str = ""
    until: date | None = None
    author: str = ""


def give(lake: Lake, row: Mapping[str, Any], said: Said, now: datetime) -> dict[str, Any]:
    """Write a verdict on an anomaly (its newest row), and return it.

    It holds from the next run of the detection on.
    """
    if said.verdict not in (BENIGN, MALICIOUS, UNDECIDED):
        raise UsageError(f"verdict: {said.verdict!r} is none of benign, malicious, undecided")
    if said.scope not in (PERSON, COMPANY):
        raise UsageError(f"for: {said.scope!r} is none of person, company")
    if said.until is not None and said.until < now.date():
        raise UsageError(f"until: {said.until} has passed; give a day to come")
    written = verdict(row, kinds(lake, row), said, now)
    rows = pa.Table.from_pylist([written], VERDICT)
    table = lake.table(TABLE)
    for attempt in range(ATTEMPTS):
        version = table.version()
        number = (table.transaction(TABLE) or 0) + 1
        try:
            table.commit(table.write_files(rows), TABLE, number, version)
        except Conflict:
            if attempt == ATTEMPTS - 1:
                raise
        else:
            break
    return written


def verdict(
    row: Mapping[str, Any], kinds: Iterable[str | None], said: Said, now: datetime
) -> dict[str, Any]:
    """Return the row of `verdicts` for an anomaly whose events came from such kinds of network."""
    until = said.until
    if until is None and said.verdict == BENIGN:
        until = (now + LASTS).date()
    return {
        "tenant": row["tenant"],
        "date": now.date(),
        "time": now,
        "id": row["id"],
        "verdict": said.verdict,
        "scope": said.scope,
        "same": feedback.what_is_same(row, kinds, said.scope),
        **{name: row[name] for name in ("user", "country", "region", "city", "severity")},
        "networks": row["asns"],
        "blocks": sorted(feedback.blocks(row["ips"])),
        "until": until,
        "note": said.note,
        "author": said.author,
    }


def kinds(lake: Lake, row: Mapping[str, Any]) -> Counter[str | None]:
    """Return of which kinds of network the anomaly's events are."""
    events = lake.table("events")
    live = events.files(row["tenant"], row["first_time"].date(), row["last_time"].date())
    theirs = ds.field("metadata", "uid").isin(row["event_uids"]) & (
        ds.field("person") == row["user"]
    )
    found = events.arrow(["network"], live, where=theirs)["network"].to_pylist()
    return Counter((network or {}).get("kind") for network in found)


def applied(lake: Lake, tenant: str, found: Detection, day: date) -> Detection:
    """Return what a run flags with the tenant's verdicts on it; `quiet` counts those kept quiet."""
    rows = feedback.applied(found.rows, given(lake, tenant), day)
    quiet = sum(rows["withdrawn"].to_pylist()) - sum(found.rows["withdrawn"].to_pylist())
    flagged = found.health["flagged"] - quiet
    return replace(found, rows=rows, health=found.health | {"flagged": flagged, "quiet": quiet})


def malicious(lake: Lake, tenant: str, day: date) -> Accused:
    """Return what was called malicious of a tenant's use, and is so on `day`."""
    return accused(given(lake, tenant), day)


def given(lake: Lake, tenant: str) -> list[dict[str, Any]]:
    """Return all that was said of a tenant's anomalies."""
    table = lake.table(TABLE)
    said: list[dict[str, Any]] = table.arrow(live=table.files(tenant)).to_pylist()
    return said
