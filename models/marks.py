"""Marks that attacks often bear, and how often honest visits of the company bear them.

Failed attempts beforehand, something sensitive done, an address of bad reputation. Where lists of
addresses are long, or somebody guesses passwords from the towns where colleagues are, honest visits
bear them as well; so it is learned. Attacks are too few among a company's visits to matter much.
"""

from dataclasses import dataclass
from math import log

import numpy as np

from models.columns import Booleans
from models.company import Company
from models.runs import heaviest

FAILURES_LEAST = 3
REPUTATION_LEAST = 0.5
PRIOR_VISITS = 50.0
MOST = 0.1  # a mark never speaks for honest use


@dataclass(frozen=True)
class Marks:
    """The chance of each mark."""

    failures: float
    sensitive: float
    reputation: float

    def log_chance(self, failures: int, sensitive: bool, reputation: float) -> float:
        """Return the log-likelihood of the marks that a visit bears."""
        return (
            _log(self.failures, failures >= FAILURES_LEAST)
            + _log(self.sensitive, sensitive)
            + _log(self.reputation, reputation >= REPUTATION_LEAST)
        )


GENERAL = Marks(0.01, 0.05, 0.01)  # until a company says otherwise
ATTACK = Marks(0.15, 0.3, 0.1)


def learned(known: Company) -> Marks:
    """Learn from all uses of places that are not their person's busiest.

    Addresses with failures only count for all use in their town, as in a case.
    """
    cells, places = known.cells, known.places
    place, towns = known.addresses.place[cells.address], int(places.town.max(initial=0)) + 1
    used = cells.successes > 0
    key = cells.person * len(places) + place
    pair, row = np.unique(key[used], return_inverse=True)
    number = len(pair)
    events = np.bincount(row, cells.successes[used], number)
    person = pair // max(1, len(places))
    main = heaviest(person, events)
    tried = cells.person[~used] * towns + places.town[place[~used]]
    guessed, index = np.unique(tried, return_inverse=True)
    failed = np.bincount(index, cells.failures[~used], len(guessed))
    town = person * towns + places.town[pair % max(1, len(places))]
    at = np.minimum(np.searchsorted(guessed, town), max(0, len(guessed) - 1))
    failures = np.bincount(row, cells.failures[used], number)
    if len(guessed):
        failures = failures + np.where(guessed[at] == town, failed[at], 0.0)
    reputation = np.zeros(number)
    np.maximum.at(reputation, row, cells.reputation[used])
    return Marks(
        _drawn(failures >= FAILURES_LEAST, ~main, GENERAL.failures),
        _drawn(np.bincount(row, cells.sensitive[used], number) > 0, ~main, GENERAL.sensitive),
        _drawn(reputation >= REPUTATION_LEAST, ~main, GENERAL.reputation),
    )


def _drawn(marked: Booleans, visits: Booleans, general: float) -> float:
    share = (float(marked[visits].sum()) + PRIOR_VISITS * general) / (visits.sum() + PRIOR_VISITS)
    return float(min(MOST, share))


def _log(chance: float, marked: bool) -> float:
    return log(chance if marked else 1 - chance)
