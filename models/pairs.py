"""Every (person, place) that there is, as the members of the ensemble see it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.columns import Floats, Integers
from models.context import Context
from models.runs import begins, lengths, tallied


@dataclass(frozen=True)
class Pairs:
    """The stays of `models/stays.py`, an entry each, and of each the network used on most."""

    context: Context
    person: Integers
    place: Integers
    days: Integers
    hours: Integers
    network: Integers  # index of learned.by_network

    @classmethod
    def of(cls, context: Context) -> "Pairs":
        """Make the pairs of all presences."""
        known, seen, stays = context.known, context.known.presences, context.stays
        span = len(known.places) + 1
        key, pair = seen.person * span + known.place_of_presence, stays.person * span + stays.place
        network = _main(key, context.learned.network[seen.address], pair)
        return cls(context, stays.person, stays.place, stays.days, stays.hours, network)

    def __len__(self) -> int:
        return len(self.person)

    @cached_property
    def row(self) -> Integers:
        """The pair of each presence of the company."""
        known = self.context.known
        person, place = known.presences.person, known.place_of_presence
        first = begins(person * (len(known.places) + 1) + place)
        rows = self.rows_of(person[first], place[first])
        return np.repeat(rows, lengths(first, len(person)))

    def rows_of(self, person: Integers, place: Integers) -> Integers:
        """Return the pairs of people and places that are among them."""
        span = len(self.context.known.places) + 1
        return np.searchsorted(self.person * span + self.place, person * span + place)

    def mean(self, values: Floats) -> Floats:
        """Return the mean of what each presence has, an entry a pair."""
        return np.asarray(np.bincount(self.row, values, len(self)) / self.hours)

    @cached_property
    def days_of_person(self) -> Floats:
        """Days summed over a person's places, an entry a pair."""
        total = np.zeros(len(self.context.known.people))
        np.add.at(total, self.person, self.days)
        return np.asarray(total[self.person])


def _main(key: Integers, network: Integers, pair: Integers) -> Integers:
    """Return the network of most active hours, an entry a pair."""
    span = int(network.max(initial=0)) + 1
    both, counts = tallied(key * span + network)
    order = np.lexsort((-counts, both // span))
    first = np.searchsorted((both // span)[order], pair)
    return np.asarray(both[order][first] % span)
