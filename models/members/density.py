"""Density on the sphere: how much life there is within reach of a place, in the sense of DBSCAN.

    score = 1 / (1 + days of the person near, other places only + colleagues near / 5)

DBSCAN asks whether at least so many points lie within eps; here the count itself is the score, so
that no threshold decides. eps is APART_LEAST_KM beyond both radii.
"""

import itertools

import numpy as np

from models.learned import APART_LEAST_KM
from models.pairs import Pairs
from models.params import Params
from models.sphere import Floats

COLLEAGUES_PER_DAY = 5.0  # colleagues who weigh as much as a day of the person's own


def fit(pairs: Pairs, params: Params) -> Floats:
    """Return the colleagues near each pair's place."""
    near = pairs.context.peers.near
    return np.array(
        [near(place, person) for person, place in zip(pairs.person, pairs.place, strict=True)],
        np.float64,
    )


def score(fitted: Floats, pairs: Pairs) -> Floats:
    """Score each pair."""
    places = pairs.context.known.places
    own = np.zeros(len(pairs))
    bounds = np.searchsorted(pairs.person, np.arange(len(pairs.context.known.people) + 1))
    for low, high in itertools.pairwise(bounds.tolist()):
        if high - low < 2:
            continue
        mine = pairs.place[low:high]
        for at in range(low, high):
            near = places.apart_km(int(pairs.place[at]), mine) < APART_LEAST_KM
            near[at - low] = False
            own[at] = pairs.days[low:high][near].sum()
    return np.asarray(1.0 / (1.0 + own + fitted / COLLEAGUES_PER_DAY))
