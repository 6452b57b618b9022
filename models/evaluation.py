"""How good lists of anomalies are, measured against the truth about planted attacks.

What an attack found and a false row are is said in `models.outcome`. Several companies are pooled:
counts are summed, and their rows ranked together by score, the highest first.
"""

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

import pyarrow as pa

from models import ranking
from models.outcome import Outcome
from models.truth import Noise, Truth


def evaluate(
    anomalies: pa.Table,
    truth: Sequence[Truth],
    users: int,
    user_days: int,
    days: int,
    noise: Sequence[Noise] = (),
) -> dict[str, Any]:
    """Return the report about one company, ready for JSON.

    `anomalies` as `schemas.event.ANOMALY`, one row for each (user, place), withdrawn ones left
    out here. `user_days`: how many pairs of account and day have events.
    """
    rows = [row for row in anomalies.to_pylist() if not row["withdrawn"]]
    return pooled([Outcome(rows, truth, users, user_days, days, noise)])


def pooled(companies: Sequence[Outcome]) -> dict[str, Any]:
    """Return the report about all companies together, ready for JSON.

    Shares are null where there is nothing to take a share of.
    """
    hits = _ranked(companies)
    flagged, false = len(hits), sum(not found for found in hits)
    attacks = sum(len({line.attack for line in company.truth}) for company in companies)
    found = sum(len({line.attack for line in company.found}) for company in companies)
    user_days = sum(company.user_days for company in companies)
    report = {
        "companies": len(companies),
        "flagged": flagged,
        "true": flagged - false,
        "false": false,
        "attacks": attacks,
        "attacks_found": found,
        "accounts": sum(len(company.truth) for company in companies),
        "accounts_found": sum(len(company.found) for company in companies),
        "precision": _share(flagged - false, flagged),
        "recall": _share(found, attacks),
        "average_precision": ranking.average_precision(hits, attacks),
        "precision_at": ranking.precision_at(hits),
        "false_per_1000_user_days": _share(1000 * false, user_days),
        "alerts_per_1000_users_a_day": _share(
            1000 * flagged, sum(company.users * company.days for company in companies)
        ),
        "users": sum(company.users for company in companies),
        "user_days": user_days,
        "days": sum(company.days for company in companies),
        "hours_to_flag": _spread([h for c in companies for h in c.hours_to_flag().values()]),
        "by_kind": _by_kind(companies),
        "by_noise": _by_noise(companies),
        "missed": _missed(companies),
    }
    if any(company.history for company in companies):
        report["ever_flagged"] = _ever(companies, attacks, user_days)
    return report


def _ranked(companies: Sequence[Outcome]) -> list[frozenset[tuple[int, str]]]:
    """Return the attacks that each row finds, the rows of all companies in the order of scores."""
    rows = [
        (-row["score"], row["id"], number, hit)
        for number, company in enumerate(companies)
        for row, hit in zip(company.rows, company.hits, strict=True)
    ]
    rows.sort(key=lambda row: row[:3])
    return [frozenset((number, line.attack) for line in hit) for _, _, number, hit in rows]


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _spread(hours: Sequence[float]) -> dict[str, Any]:
    if not hours:
        return {"accounts": 0, "median": None, "longest": None}
    return {"accounts": len(hours), "median": median(hours), "longest": max(hours)}


def _by_kind(companies: Sequence[Outcome]) -> dict[str, dict[str, Any]]:
    planted: dict[str, set[tuple[int, str]]] = {}
    found: dict[str, set[tuple[int, str]]] = {}
    hours: dict[str, list[float]] = {}
    for number, company in enumerate(companies):
        for line in company.truth:
            planted.setdefault(line.kind, set()).add((number, line.attack))
        for line in company.found:
            found.setdefault(line.kind, set()).add((number, line.attack))
        for line, taken in company.hours_to_flag().items():
            hours.setdefault(line.kind, []).append(taken)
    return {
        kind: {
            "attacks": len(attacks),
            "found": len(found.get(kind, ())),
            "median_hours_to_flag": median(hours[kind]) if kind in hours else None,
        }
        for kind, attacks in sorted(planted.items())
    }


def _by_noise(companies: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """Return the accounts that show each honest peculiarity, and the false rows it brought."""
    accounts: Counter[str] = Counter()
    false: Counter[str] = Counter()
    for company in companies:
        accounts.update(company.accounts_by_noise())
        false.update(company.false_by_noise())
    return {
        label: {"accounts": accounts[label], "false": false[label]}
        for label in sorted(accounts | false)
    }


def _missed(companies: Sequence[Outcome]) -> list[str]:
    return sorted(
        f"{line.attack} {line.kind} {line.user}"
        for company in companies
        for line in set(company.truth) - company.found
    )


def _ever(companies: Sequence[Outcome], attacks: int, user_days: int) -> dict[str, Any]:
    """Return what all runs flagged between them, what was withdrawn later included."""
    flagged, false, found = 0, 0, 0
    for company in companies:
        rows, wrong, known = company.ever()
        flagged, false, found = flagged + rows, false + wrong, found + len(known)
    return {
        "flagged": flagged,
        "false": false,
        "recall": _share(found, attacks),
        "false_per_1000_user_days": _share(1000 * false, user_days),
    }
