"""Finds the day in the key of a log file, where writers put one, so that the past can be skipped.

Known ways: `2026/01/02/` (CloudTrail, VPC flow logs), `2026-01-02`, `20260102` and
`year=2026/month=01/day=02/` (Hive), in a folder's or a file's name. All sort in the order of time.
"""

import re
from dataclasses import dataclass
from datetime import date

_DAY = re.compile(
    r"(?:^|(?<=[/=_.-]))(?P<year>2\d{3})(?P<between>[/-]?)(?P<month>\d\d)(?P=between)(?P<day>\d\d)"
    r"(?=[/T_.-]|$)"
)
_HIVE = re.compile(
    r"(?:^|(?<=/))year=(?P<year>2\d{3})/month=(?P<month>\d\d)/day=(?P<day>\d\d)(?=/)"
)


@dataclass(frozen=True)
class Dated:
    """A key with a day in it: what stands before it, and how the day is written."""

    group: str
    day: date
    style: str  # of strftime

    def at(self, day: date) -> str:
        """Return where another day of the group begins, in the order of keys."""
        return self.group + day.strftime(self.style)


def dated(key: str) -> Dated | None:
    """Return the first day in a key, None when there is none."""
    for pattern in (_HIVE, _DAY):
        if found := pattern.search(key):
            try:
                day = date(int(found["year"]), int(found["month"]), int(found["day"]))
            except ValueError:
                continue  # digits that look like a day
            if pattern is _HIVE:
                style = "year=%Y/month=%m/day=%d"
            else:
                style = found["between"].join(("%Y", "%m", "%d"))
            return Dated(key[: found.start()], day, style)
    return None
