"""Applies what analysts said of anomalies to what a run flags.

A *benign* verdict keeps the same pattern quiet, until it expires. The same pattern is

- the same place, and
- no network but those that were judged: for one person the same network numbers, or, where a number
  says too little, the same blocks of addresses (/24, /48). That is so for VPN, hosting and relay
  networks, which attackers rent as well; for places known no better than a region or country; and
  for every verdict that holds for the whole company; and
- a severity no higher than the one that was judged.

So an attacker from the same city through another network is flagged, and so is one who adds another
network to the one that was judged, or does graver things. Quiet rows are written as withdrawn, with
the reason, not left out.

A *malicious* verdict has whatever it meets flagged, whatever its score (`models/accused.py`), and
makes it critical: for one person, the same place; for the company, any use from one of the blocks.

Of several verdicts on one anomaly the newest stands; `undecided` takes back what was said. A
verdict about the person goes before one about the company, malicious before benign. Rows that are
not of this form say nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from models.company import prefix
from models.findings import SEVERITIES
from models.network_kinds import HIDING
from schemas.event import ANOMALY
from schemas.feedback import BENIGN, BLOCK, COMPANY, MALICIOUS, NETWORK, PERSON, UNDECIDED

Row = Mapping[str, Any]


def applied(rows: pa.Table, verdicts: Iterable[Row], day: date) -> pa.Table:
    """Return rows of `anomalies` with the verdicts that hold on `day`, the last day looked at."""
    standing = in_force(verdicts, day)
    if not standing or not rows.num_rows:
        return rows
    return pa.Table.from_pylist([judged(row, standing) for row in rows.to_pylist()], ANOMALY)


def judged(row: Row, standing: Sequence[Row]) -> dict[str, Any]:
    """Return one row with the verdict on it, if there is one."""
    meant = sorted((verdict for verdict in standing if meets(verdict, row)), key=_rank)
    if not meant:
        return dict(row)
    verdict = meant[0]
    reasons = [*row["reasons"], sentence(verdict)]
    if verdict["verdict"] == BENIGN:
        return {**row, "withdrawn": True, "reasons": reasons}
    return {**row, "severity": SEVERITIES[-1], "reasons": reasons}


def newest(verdicts: Iterable[Row]) -> list[Row]:
    """Return the newest verdict on each anomaly, without those taken back."""
    known: dict[str, Row] = {}
    for verdict in verdicts:
        if _well_formed(verdict):
            before = known.get(verdict["id"])
            if before is None or before["time"] <= verdict["time"]:
                known[verdict["id"]] = verdict
    return [verdict for verdict in known.values() if verdict["verdict"] != UNDECIDED]


def in_force(verdicts: Iterable[Row], day: date) -> list[Row]:
    """Return the newest verdict on each anomaly, as far as it still holds on a day."""
    return [
        verdict
        for verdict in newest(verdicts)
        if verdict["until"] is None or day <= verdict["until"]
    ]


def malicious(verdicts: Iterable[Row], day: date) -> list[Row]:
    """Return the verdicts in force on a day that call something malicious."""
    return [verdict for verdict in in_force(verdicts, day) if verdict["verdict"] == MALICIOUS]


def meets(verdict: Row, row: Row) -> bool:
    """Say whether a row of `anomalies` is what a verdict speaks of."""
    if verdict["verdict"] == MALICIOUS and verdict["scope"] == COMPANY:
        return bool(blocks(row["ips"]) & set(verdict["blocks"] or ()))
    if verdict["scope"] == PERSON and verdict["user"] != row["user"]:
        return False
    if any(verdict[part] != row[part] for part in ("country", "region", "city")):
        return False
    if verdict["verdict"] == MALICIOUS:
        return True
    graver = _severity(row["severity"]) > _severity(verdict["severity"])
    return not graver and _same_networks(verdict, row)


def _same_networks(verdict: Row, row: Row) -> bool:
    numbers = set(row["asns"] or ())
    if verdict["same"] == NETWORK and verdict["scope"] == PERSON and numbers:
        return numbers <= set(verdict["networks"] or ())
    used = blocks(row["ips"])
    return bool(used) and used <= set(verdict["blocks"] or ())


def what_is_same(row: Row, kinds: Iterable[str | None], scope: str) -> str:
    """Return what a verdict on an anomaly has to compare: `network` or `block`.

    `kinds`: of the networks that its events came from.
    """
    vague = row["city"] is None or not row["asns"] or bool(HIDING & set(kinds))
    return BLOCK if vague or scope == COMPANY else NETWORK


def blocks(ips: Iterable[str] | None) -> set[str]:
    """Return the blocks that addresses lie in, as text."""
    return {prefix(ip) for ip in ips or ()}


def sentence(verdict: Row) -> str:
    """Say in plain words what was decided, for whom and for how long."""
    whom = "the whole company" if verdict["scope"] == COMPANY else "this person"
    until = f" until {verdict['until']}" if verdict["until"] else ""
    note = f": {verdict['note']}" if verdict["note"] else ""
    return f"Judged {verdict['verdict']} for {whom} on {verdict['time']:%Y-%m-%d}{until}{note}"


def meaning(verdict: Row) -> str:
    """Say what follows from it, from the next run on."""
    company = verdict["scope"] == COMPANY
    if verdict["verdict"] == UNDECIDED:
        return "What was said of it before is taken back; the next run judges it as it finds it."
    if verdict["verdict"] == MALICIOUS:
        what = "use by anybody from the same blocks of addresses, wherever they lie,"
        if not company:
            what = "this person's use of the same place, over whatever network,"
        return f"From the next run on {what} is flagged as critical, whatever its score."
    whose = "anybody's" if company else "this person's"
    block = verdict["same"] == BLOCK or company
    same = "from the same blocks of addresses" if block else "over the same networks"
    return (
        f"From the next run on {whose} use of the same place {same} stays quiet, unless something "
        "graver is found there."
    )


def _rank(verdict: Row) -> tuple[bool, bool, str]:
    return (
        verdict["scope"] != PERSON,
        verdict["verdict"] != MALICIOUS,
        verdict["id"],
    )


def _severity(name: str | None) -> int:
    return SEVERITIES.index(name) if name in SEVERITIES else -1


def _well_formed(verdict: Row) -> bool:
    return (
        bool(verdict["id"])
        and verdict["time"] is not None
        and verdict["verdict"] in (BENIGN, MALICIOUS, UNDECIDED)
        and verdict["scope"] in (PERSON, COMPANY)
    )
