"""Jobs that are run for a date, one file each, found by name.

Each has `arguments(work) -> list[str]`, the words of its command, and `done(lake, work) -> bool`,
whether the lake shows that it was run for that date.
"""

import hashlib
import sys
from dataclasses import dataclass
from datetime import date
from typing import Protocol, cast

from conf import plugins
from conf.errors import UsageError
from lake.lake import Lake

LONGEST_NAME = 256  # of a step, a cluster and a job run


@dataclass(frozen=True)
class Work:
    """A job for one date: the last day that it looks at. `tenant` None: every one."""

    job: str
    day: date
    lake: str
    tenant: str | None = None
    days: int = 30

    @property
    def name(self) -> str:
        """What it is called wherever it runs: the same for the same work, another for other."""
        whose = self.tenant or "all tenants"
        whole = f"antipode {self.job} {self.day} {self.days} days {whose} {self.lake}"
        if len(whole) <= LONGEST_NAME:
            return whole
        digest = hashlib.sha256(whole.encode()).hexdigest()[:16]
        return f"{whole[: LONGEST_NAME - 17]} {digest}"


class Dated(Protocol):
    """What each file of this folder offers."""

    def arguments(self, work: Work) -> list[str]:
        """Return the words of the command that does the work."""
        ...

    def done(self, lake: Lake, work: Work) -> bool:
        """Return whether the work has been done for its date."""
        ...


def job(name: str) -> Dated:
    """Return the job of that name."""
    this = sys.modules[__name__]
    known = plugins.names(this)
    if name not in known:
        raise UsageError(f"{name!r} is no job that is run for a date: choose {', '.join(known)}")
    return cast(Dated, plugins.load(this, name))
