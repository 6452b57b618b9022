"""The custom distance of each (person, place) from the nearest of the person's usual places.

Usual are the places with at least as many active days as this one; see models/distance.py for the
distance. The score is the distance; of a person's only place it is 0.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from models.active_hours import HOUR
from models.columns import Floats, Integers
from models.distance import Uses, distance
from models.pairs import Pairs
from models.params import Params
from models.runs import begins, lengths
from models.visits import Visits

AT_ONCE = 1_000_000  # couples of places, so that their distances stay small


def fit(visits: Visits, params: Params) -> Uses:
    """Describe each pair as a use."""
    pairs, context = visits.pairs, visits.pairs.context
    kinds = context.known.addresses.kind
    number = {kind: at for at, kind in enumerate(dict.fromkeys(kinds))}
    of_network = np.zeros(context.learned.by_network.things, np.int64)
    of_network[context.learned.network] = [number[kind] for kind in kinds]
    where = zip(pairs.place.tolist(), pairs.person.tolist(), strict=True)
    near = np.array([context.peers.near(place, person) for place, person in where], np.int64)
    share = pairs.days / pairs.days_of_person
    return Uses(pairs.place, share, near, pairs.network, of_network[pairs.network])


def score(fitted: Uses, visits: Visits) -> Floats:
    """Score each pair."""
    pairs = visits.pairs
    fastest = Speeds.of(pairs)
    result = np.zeros(len(pairs))
    for row, other in couples(pairs.person):
        usual = (pairs.days[other] >= pairs.days[row]) & (other != row)
        one, two = row[usual], other[usual]
        km = pairs.context.known.places.apart_km(pairs.place[one], pairs.place[two])
        apart = distance(fitted.at(one), fitted.at(two), km, fastest.between(one, two))
        first = begins(one)
        if len(first):
            result[one[first]] = np.minimum.reduceat(apart, first)
    return result


def couples(person: Integers) -> Iterator[tuple[Integers, Integers]]:
    """Yield each row of a person beside each of the same person's rows, AT_ONCE or a row more.

    `person` is sorted; so are the rows that are yielded first.
    """
    first = begins(person)
    size = lengths(first, len(person))
    first, size = np.repeat(first, size), np.repeat(size, size)
    block = (np.cumsum(size) - 1) // AT_ONCE
    for rows in np.split(np.arange(len(person)), begins(block)[1:]):
        number = size[rows]
        row = np.repeat(rows, number)
        yield row, first[row] + np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number)


@dataclass(frozen=True)
class Speeds:
    """The greatest speed implied between two places of a person, where one use followed another."""

    couples: Integers  # row * rows + row, sorted; both ways round
    kmh: Floats
    rows: int

    @classmethod
    def of(cls, pairs: Pairs) -> "Speeds":
        """Look at all uses that follow one at another place."""
        known = pairs.context.known
        seen, place, row = known.presences, known.place_of_presence, pairs.row
        at = np.flatnonzero((row[1:] != row[:-1]) & (seen.person[1:] == seen.person[:-1]))
        one, other = row[at], row[at + 1]
        hours = np.maximum(1.0, seen.first[at + 1] - seen.last[at]) / HOUR
        kmh = known.places.apart_km(place[at], place[at + 1]) / hours
        couple = np.concatenate([one * len(pairs) + other, other * len(pairs) + one])
        order = np.argsort(couple)
        first = begins(couple[order])
        greatest = np.tile(kmh, 2)[order]
        fastest = np.maximum.reduceat(greatest, first) if len(first) else greatest
        return cls(couple[order][first], fastest, len(pairs))

    def between(self, row: Integers, other: Integers) -> Floats:
        """Return the speeds in km/h, 0 where neither use followed the other."""
        couple = row * self.rows + other
        if not len(self.couples):
            return np.zeros(len(couple))
        at = np.minimum(self.couples.searchsorted(couple), len(self.couples) - 1)
        return np.where(self.couples[at] == couple, self.kmh[at], 0.0)
