"""How good a list of anomalies is, measured against the truth about planted attacks.

An attack is found when a row of its user holds one of its event ids; a row that holds none of any
attack of its user is false. Rows are ranked by score, the highest first.

A truth file is NDJSON, a line for each account attacked:
`{"attack": …, "kind": …, "user": …, "event_uids": […]}`; lines of the same attack belong together.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from conf.errors import Damaged

RANKS = (1, 5, 10, 20, 50, 100)


@dataclass(frozen=True)
class Truth:
    """One attack on one account."""

    attack: str
    kind: str
    user: str
    event_uids: frozenset[str]


@dataclass(frozen=True)
class Noise:
    """An honest peculiarity of one account, and the addresses that it shows itself by."""

    noise: str
    user: str
    ips: frozenset[str]


def read_truth(path: Path) -> list[Truth]:
    """Read a truth file; a line that is none is Damaged."""
    return [
        Truth(
            str(line["attack"]), str(line["kind"]), str(line["user"]).lower(),
            frozenset(line["event_uids"]),
        )
        for line in _lines(path, ("attack", "kind", "user", "event_uids"))
    ]  # fmt: skip


def read_noise(path: Path) -> list[Noise]:
    """Read a file of honest peculiarities, as `antipode simulate` writes it."""
    return [
        Noise(str(line["noise"]), str(line["user"]).lower(), frozenset(line["ips"]))
        for line in _lines(path, ("noise", "user", "ips"))
    ]


def _lines(path: Path, keys: Sequence[str]) -> Iterable[dict[str, Any]]:
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except ValueError as error:
            raise Damaged(f"{path}, line {number}: no JSON ({error})") from None
        missing = [key for key in keys if not isinstance(line, dict) or key not in line]
        if missing:
            raise Damaged(f"{path}, line {number}: {missing[0]!r} is missing")
        yield line


def evaluate(
    anomalies: pa.Table,
    truth: Sequence[Truth],
    users: int,
    user_days: int,
    days: int,
    noise: Sequence[Noise] = (),
) -> dict[str, Any]:
    """Return the report, ready for JSON.

    `anomalies` as `schemas.event.ANOMALY`, one row for each (user, place), withdrawn ones left
    out here. `user_days`: how many pairs of account and day have events. Shares are null where
    there is nothing to take a share of.
    """
    rows = [row for row in anomalies.to_pylist() if not row["withdrawn"]]
    rows.sort(key=lambda row: (-row["score"], row["id"]))
    hits = [_hits(row, truth) for row in rows]
    found = {line for row_hits in hits for line in row_hits}
    right = [bool(row_hits) for row_hits in hits]
    false_rows = [row for row, true in zip(rows, right, strict=True) if not true]
    attacks = {line.attack for line in truth}
    attacks_found = {line.attack for line in found}
    false = len(false_rows)
    return {
        "flagged": len(rows),
        "true": len(rows) - false,
        "false": false,
        "attacks": len(attacks),
        "attacks_found": len(attacks_found),
        "accounts": len(truth),
        "accounts_found": len(found),
        "precision": _share(len(rows) - false, len(rows)),
        "recall": _share(len(attacks_found), len(attacks)),
        "average_precision": _average_precision(hits, len(attacks)),
        "precision_at": {str(k): _share(sum(right[:k]), k) for k in RANKS if k <= len(rows)},
        "false_per_1000_user_days": _share(1000 * false, user_days),
        "alerts_per_1000_users_a_day": _share(1000 * len(rows), users * days),
        "users": users,
        "user_days": user_days,
        "days": days,
        "by_kind": _by_kind(truth, found),
        "false_by_noise": _by_noise(false_rows, noise),
        "missed": sorted(f"{line.attack} {line.kind} {line.user}" for line in set(truth) - found),
    }


def _hits(row: Mapping[str, Any], truth: Sequence[Truth]) -> list[Truth]:
    """Return what of the truth the row has found."""
    user, uids = row["user"].lower(), set(row["event_uids"] or ())
    return [line for line in truth if line.user == user and line.event_uids & uids]


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _average_precision(hits: Sequence[Sequence[Truth]], attacks: int) -> float | None:
    """Return the mean, over all attacks, of the precision at the rank that first finds each.

    An attack that is never found counts as 0.
    """
    if not attacks:
        return None
    known: set[str] = set()
    right, total = 0, 0.0
    for rank, row_hits in enumerate(hits, 1):
        right += bool(row_hits)
        new = {line.attack for line in row_hits} - known
        known |= new
        total += len(new) * right / rank
    return total / attacks


def _by_kind(truth: Sequence[Truth], found: set[Truth]) -> dict[str, dict[str, int]]:
    kinds: dict[str, dict[str, int]] = {}
    for kind in sorted({line.kind for line in truth}):
        planted = {line.attack for line in truth if line.kind == kind}
        seen = {line.attack for line in found if line.kind == kind}
        kinds[kind] = {"attacks": len(planted), "found": len(seen)}
    return kinds


def _by_noise(false_rows: Sequence[Mapping[str, Any]], noise: Sequence[Noise]) -> dict[str, int]:
    """Return how many false rows each honest peculiarity brought; `none`: no known one."""
    labels: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in noise:
        for address in line.ips:
            labels[line.user, address].add(line.noise)
    counts: Counter[str] = Counter()
    for row in false_rows:
        met = set().union(*(labels[row["user"].lower(), ip] for ip in row["ips"] or ()), set())
        counts.update(met or {"none"})
    return dict(sorted(counts.items()))
