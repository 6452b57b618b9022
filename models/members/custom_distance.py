"""The custom distance of each (person, place) from the nearest of the person's usual places.

Usual are the places with at least as many active days as this one; see models/distance.py for the
distance. The score is the distance; of a person's only place it is 0.
"""

import numpy as np

from models.distance import Use, distance
from models.pairs import Pairs
from models.params import Params
from models.places import Integers
from models.sphere import Floats
from models.visits import Visits


def fit(visits: Visits, params: Params) -> list[Use]:
    """Describe each pair as a use."""
    pairs, context = visits.pairs, visits.pairs.context
    learned, addresses = context.learned, context.known.addresses
    kind = dict(zip(learned.network.tolist(), addresses.kind, strict=True))
    rows = zip(
        pairs.person.tolist(),
        pairs.place.tolist(),
        (pairs.days / pairs.days_of_person).tolist(),
        pairs.network.tolist(),
        strict=True,
    )
    return [
        Use(place, share, context.peers.near(place, person), network, kind[network])
        for person, place, share, network in rows
    ]


def score(fitted: list[Use], visits: Visits) -> Floats:
    """Score each pair."""
    pairs = visits.pairs
    result = np.zeros(len(pairs))
    bounds = np.searchsorted(pairs.person, np.arange(len(pairs.context.known.people) + 1))
    for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        if high - low > 1:
            result[low:high] = of_person(fitted, pairs, np.arange(low, high))
    return result


def of_person(fitted: list[Use], pairs: Pairs, rows: Integers) -> Floats:
    """Score one person's pairs, given by their rows."""
    places = pairs.context.known.places
    fastest = speeds(pairs, rows)
    result = np.zeros(len(rows))
    for at, row in enumerate(rows.tolist()):
        usual = rows[(pairs.days[rows] >= pairs.days[row]) & (rows != row)]
        if len(usual):
            km = places.apart_km(int(pairs.place[row]), pairs.place[usual])
            result[at] = min(
                distance(fitted[row], fitted[other], float(apart), fastest.get((row, other), 0.0))
                for other, apart in zip(usual.tolist(), km, strict=True)
            )
    return result


def speeds(pairs: Pairs, rows: Integers) -> dict[tuple[int, int], float]:
    """Return the greatest speed implied between two places of a person, both ways round."""
    context = pairs.context
    known, seen = context.known, context.known.presences
    part = known.slice_of(int(pairs.person[rows[0]]))
    place = known.addresses.place[seen.address[part]]
    row = rows[np.searchsorted(pairs.place[rows], place)]
    gap = np.maximum(1.0, seen.first[part][1:] - seen.last[part][:-1]) / 3600
    found: dict[tuple[int, int], float] = {}
    for at in np.flatnonzero(row[1:] != row[:-1]).tolist():
        one, other = int(row[at]), int(row[at + 1])
        km = known.places.between_km(int(place[at]), int(place[at + 1]))
        speed = max(found.get((one, other), 0.0), km / float(gap[at]))
        found[one, other] = found[other, one] = speed
    return found
