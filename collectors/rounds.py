"""A round: collect some accounts, then take in what they gave; all in one process, no broker."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from collectors.account_run import Asked
from collectors.collecting import Collecting
from collectors.configuration import Configured
from collectors.once import Target, normalize_all
from collectors.outcome import Outcome
from enrichment.counts import Counts

Shown = Callable[[str, str], AbstractContextManager[Callable[[int, int], None]]]


@dataclass(frozen=True)
class Widths:
    """How many accounts are collected side by side, and how many processes normalise."""

    accounts: int = 16
    workers: int = 1


@dataclass(frozen=True)
class Round:
    """What a round did; `counts` is None when nothing was to be normalised."""

    outcomes: list[Outcome]
    counts: Counts | None
    seconds: dict[str, float]

    @property
    def failures(self) -> list[str]:
        """What a person has to look at, a line for each stream."""
        return [
            f"{outcome.key} {one.stream}: {one.detail}"
            for outcome in self.outcomes
            for one in outcome.failures
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the part that concerns collecting."""
        return {
            "collected": sum(outcome.records for outcome in self.outcomes),
            "accounts": [outcome.as_json() for outcome in self.outcomes],
            "seconds": self.seconds,
        }


def one_round(
    collecting: Collecting,
    target: Target,
    chosen: list[Configured],
    asked: Asked,
    widths: Widths,
    shown: Shown,
    normalize: bool = True,
) -> Round:
    """Run a round; `shown(what, unit)` opens a display of progress."""
    began = time.monotonic()
    with shown("Collecting", "accounts") as advance:
        outcomes = collecting.collect_all(chosen, asked, widths.accounts, advance)
    seconds = {"collect": round(time.monotonic() - began, 2)}
    if not normalize:
        return Round(outcomes, None, seconds)
    began = time.monotonic()
    sources = [(one.key.tenant, one.key.source) for one in chosen]
    with shown("Normalising and enriching", "streams") as advance:
        counts = normalize_all(target, sources, widths.workers, advance)
    seconds["normalize"] = round(time.monotonic() - began, 2)
    return Round(outcomes, counts, seconds)
