"""Every (person, place) that there is, with how long it was used and over which network."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.active_hours import DAY
from models.columns import Booleans, Floats, Integers
from models.context import Context
from models.runs import begins, distinct, heaviest, lengths, tallied


@dataclass(frozen=True)
class Pairs:
    """Sorted by person, then place. `days` are active days, `network` the one used on most."""

    context: Context
    person: Integers
    place: Integers
    days: Integers
    hours: Integers
    network: Integers  # index of learned.by_network

    @classmethod
    def of(cls, context: Context) -> "Pairs":
        """Make the pairs of all presences."""
        known, seen = context.known, context.known.presences
        span, length = len(known.places) + 1, known.window.hours // 24 + 2
        key = seen.person * span + known.place_of_presence
        pair, hours = tallied(key)
        days = _per(distinct(key * length + seen.first // DAY) // length, pair)
        network = context.learned.network[seen.address]
        main = _main(key, network, pair)
        return cls(context, pair // span, pair % span, days, hours, main)

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
    def km(self) -> Floats:
        """Kilometres, less both radii, from the person's main place, an entry a pair."""
        places = self.context.known.places
        home = np.zeros(len(self.context.known.people), np.int64)
        home[self.person[self.main]] = self.place[self.main]
        return places.apart_km(home[self.person], self.place)

    @cached_property
    def days_of_person(self) -> Floats:
        """Days summed over a person's places, an entry a pair."""
        total = np.zeros(len(self.context.known.people))
        np.add.at(total, self.person, self.days)
        return np.asarray(total[self.person])

    @cached_property
    def main(self) -> Booleans:
        """Say which pairs are their person's main place: most days, then most hours."""
        return heaviest(self.person, self.days * (self.hours.max(initial=0) + 1) + self.hours)


def _per(keys: Integers, pair: Integers) -> Integers:
    found, counts = tallied(keys)
    return counts[np.searchsorted(found, pair)]


def _main(key: Integers, network: Integers, pair: Integers) -> Integers:
    """Return the network of most active hours, an entry a pair."""
    span = int(network.max(initial=0)) + 1
    both, counts = tallied(key * span + network)
    order = np.lexsort((-counts, both // span))
    first = np.searchsorted((both // span)[order], pair)
    return np.asarray(both[order][first] % span)
