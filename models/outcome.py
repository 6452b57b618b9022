"""What was flagged in one company beside what there was to flag: which row finds which attack.

An attack is found when a row of its user holds one of its event ids; a row that holds none of any
attack of its user is false.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import cached_property
from typing import Any

from models.truth import Noise, Truth

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """One company.

    `rows`       what is flagged, one row for each (user, place), withdrawn ones left out.
    `history`    what any run flagged, withdrawn later or not; with `date`, the last day looked at.
    `began`      when the first event of an attack on an account was, where that is known.
    `user_days`  how many pairs of account and day have events.
    """

    rows: Sequence[Row]
    truth: Sequence[Truth]
    users: int
    user_days: int
    days: int
    noise: Sequence[Noise] = ()
    history: Sequence[Row] = ()
    began: Mapping[Truth, datetime] = field(default_factory=dict)

    @cached_property
    def hits(self) -> list[frozenset[Truth]]:
        """Return for each row the attacks that it finds."""
        return [self.found_by(row) for row in self.rows]

    @cached_property
    def found(self) -> frozenset[Truth]:
        """Return the attacks, by account, that any row finds."""
        return frozenset[Truth]().union(*self.hits)

    @cached_property
    def false_rows(self) -> list[Row]:
        """Return the rows that find nothing."""
        return [row for row, hit in zip(self.rows, self.hits, strict=True) if not hit]

    @cached_property
    def _by_user(self) -> Mapping[str, list[Truth]]:
        lines: dict[str, list[Truth]] = defaultdict(list)
        for line in self.truth:
            lines[line.user].append(line)
        return lines

    def found_by(self, row: Row) -> frozenset[Truth]:
        """Return what of the truth a row finds."""
        lines = self._by_user.get(row["user"].lower(), ())
        if not lines:
            return frozenset()
        uids = set(row["event_uids"] or ())
        return frozenset(line for line in lines if line.event_uids & uids)

    def ever(self) -> tuple[int, int, frozenset[str]]:
        """Return of what any run flagged: rows, false ones, attacks found. One row for each id."""
        ids: dict[str, frozenset[Truth]] = {}
        for row in self.history:
            ids[row["id"]] = ids.get(row["id"], frozenset()) | self.found_by(row)
        found = {line.attack for lines in ids.values() for line in lines}
        return len(ids), sum(not lines for lines in ids.values()), frozenset(found)

    def hours_to_flag(self) -> dict[Truth, float]:
        """Return the hours from an attack's first event to the end of the first run that found it.

        A run knows the events up to midnight (UTC) of the last day that it looked at.
        """
        first: dict[Truth, datetime] = {}
        for row in self.history:
            seen = datetime.combine(row["date"] + timedelta(days=1), time(), UTC)
            for line in self.found_by(row):
                first[line] = min(seen, first.get(line, seen))
        return {
            line: (seen - self.began[line]).total_seconds() / 3600
            for line, seen in first.items()
            if line in self.began
        }

    def false_by_noise(self) -> Counter[str]:
        """Return how many false rows each honest peculiarity brought; `none`: no known one."""
        labels: dict[tuple[str, str], set[str]] = defaultdict(set)
        for line in self.noise:
            for address in line.ips:
                labels[line.user, address].add(line.noise)
        counts: Counter[str] = Counter()
        for row in self.false_rows:
            met = _united(labels.get((row["user"].lower(), ip), ()) for ip in row["ips"] or ())
            counts.update(met or {"none"})
        return counts

    def accounts_by_noise(self) -> Counter[str]:
        """Return how many accounts show each honest peculiarity."""
        return Counter(label for label, _ in {(line.noise, line.user) for line in self.noise})


def _united(sets: Iterable[Iterable[str]]) -> set[str]:
    return {label for labels in sets for label in labels}
