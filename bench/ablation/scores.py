"""From scored rows of several companies to a line of the table: at equal false alarms.

At a fixed threshold whatever raises every score seems to find more. So each line is also read at
thresholds of its own, as low as so many false rows allow.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import inf, log
from typing import Any

from models import ranking

RATES = (0.03, 0.1, 0.3)  # false rows each 1,000 user-days


@dataclass(frozen=True)
class Row:
    """One (person, place): its log-odds, and the attacks that flagging it would find."""

    log_odds: float
    hits: frozenset[str]


@dataclass(frozen=True)
class Scored:
    """A company's rows, how many attacks there were, and its pairs of account and day."""

    rows: Sequence[Row]
    planted: int
    user_days: int


@dataclass(frozen=True)
class Line:
    """One line of the table; `found_at`: rate of false rows -> attacks found."""

    name: str
    planted: int
    found_at: Mapping[float, int]
    found: int
    false: int
    false_per_1000_user_days: float
    average_precision: float | None

    def report(self) -> dict[str, Any]:
        """Return the line ready for JSON."""
        return asdict(self) | {"found_at": {str(k): v for k, v in self.found_at.items()}}


def line(name: str, companies: Sequence[Scored], flagged_from: float) -> Line:
    """Pool companies; `flagged_from`: the product's own threshold, a score between 0 and 1."""
    rows = [
        (row.log_odds, frozenset((number, attack) for attack in row.hits))
        for number, company in enumerate(companies)
        for row in company.rows
    ]
    rows.sort(key=lambda row: -row[0])
    planted = sum(company.planted for company in companies)
    user_days = sum(company.user_days for company in companies)
    false = [odds for odds, hits in rows if not hits]
    bar = log(flagged_from / (1 - flagged_from))

    def found(above: float, too: bool = False) -> int:
        hits = [hits for odds, hits in rows if odds > above or (too and odds == above)]
        return len(frozenset[tuple[int, str]]().union(*hits))

    alarms = sum(odds >= bar for odds in false)
    return Line(
        name=name,
        planted=planted,
        found_at={rate: found(_bar(false, int(rate * user_days / 1000))) for rate in RATES},
        found=found(bar, too=True),
        false=alarms,
        false_per_1000_user_days=1000 * alarms / max(1, user_days),
        average_precision=ranking.average_precision([hits for _, hits in rows], planted),
    )


def _bar(false: Sequence[float], allowed: int) -> float:
    """Return the log-odds above which lie at most so many false rows (given highest first)."""
    return false[allowed] if allowed < len(false) else -inf
