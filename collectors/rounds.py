"""A round: collect some accounts, then take in what they gave; all in one process, no broker."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from collectors import configuration
from collectors.account_run import Asked
from collectors.collecting import Collecting
from collectors.configuration import Configured
from collectors.once import Target, normalize_all
from collectors.outcome import Outcome
from collectors.store import open_store
from enrichment.counts import Counts

Shown = Callable[[str, str], AbstractContextManager[Callable[[int, int], None]]]


@dataclass(frozen=True)
class Widths:
    """How many accounts are collected side by side; processes that normalise (0: none does)."""

    accounts: int = 16
    workers: int = 1


@dataclass(frozen=True)
class Work:
    """What rounds have in common: who is collected, by what, and where it goes."""

    collecting: Collecting
    chosen: list[Configured]
    target: Target


@dataclass(frozen=True)
class Round:
    """What a round did; `counts` is None when nothing was to be normalised."""

    outcomes: list[Outcome]
    counts: Counts | None
    seconds: dict[str, float]
    not_normalized: list[str] = field(default_factory=list)

    @property
    def failures(self) -> list[str]:
        """What a person has to look at, a line for each stream."""
        return [
            f"{outcome.key} {one.stream}: {one.detail}"
            for outcome in self.outcomes
            for one in outcome.failures
        ] + self.not_normalized

    def as_json(self) -> dict[str, Any]:
        """Return the part that concerns collecting."""
        return {
            "collected": sum(outcome.records for outcome in self.outcomes),
            "accounts": [outcome.as_json() for outcome in self.outcomes],
            "not_normalized": self.not_normalized,
            "seconds": self.seconds,
        }


def prepare(accounts: Path, target: Target, tenant: str | None, source: str | None) -> Work:
    """Read the configuration and open the lake. Raises UsageError."""
    configured = configuration.load(accounts)
    store = open_store(target.uri, target.settings)
    return Work(Collecting(configured, store), configured.chosen(tenant, source), target)


def one_round(work: Work, asked: Asked, widths: Widths, shown: Shown, now: datetime) -> Round:
    """Run a round at `now`; `shown(what, unit)` opens a display of progress."""
    began = time.monotonic()
    with shown("Collecting", "accounts") as advance:
        outcomes = work.collecting.collect_all(work.chosen, asked, widths.accounts, advance)
    seconds = {"collect": round(time.monotonic() - began, 2)}
    if widths.workers == 0:
        return Round(outcomes, None, seconds)
    began = time.monotonic()
    sources = [(one.key.tenant, one.key.source) for one in work.chosen]
    with shown("Normalising and enriching", "streams") as advance:
        target = replace(work.target, now=now)
        taken = normalize_all(target, sources, widths.workers, advance)
    seconds["normalize"] = round(time.monotonic() - began, 2)
    return Round(outcomes, taken.counts, seconds, taken.failures)
