"""Density in the sense of DBSCAN: how near lie the visits of others that are most like this one?

    score = d / (1 + d),   d = distance to the NEIGHBOURS-th nearest visit of somebody else

DBSCAN asks whether so many points lie within eps; here the distance at which they do is the score,
so that no threshold decides. It is taken to a sample of the visits, as many in a small company as
in a great one.
"""

import numpy as np

from models.columns import Floats, Integers
from models.params import Params
from models.visits import Visits

NEIGHBOURS = 5
SAMPLE = 1500
AT_ONCE = 4096  # pairs, so that the table of distances stays small


def fit(visits: Visits, params: Params) -> Integers:
    """Return the rows of the sample."""
    if len(visits.fitted) <= SAMPLE:
        return visits.fitted
    return np.random.default_rng(params.seed).choice(visits.fitted, SAMPLE, replace=False)


def score(fitted: Integers, visits: Visits) -> Floats:
    """Score each pair."""
    sample, own = visits.features[fitted], visits.pairs.person
    squares = (sample**2).sum(axis=1)
    distance = np.zeros(len(own))
    for start in range(0, len(own), AT_ONCE):
        points = visits.features[start : start + AT_ONCE]
        squared = (points**2).sum(axis=1)[:, None] + squares - 2 * points @ sample.T
        squared[own[start : start + AT_ONCE, None] == own[fitted]] = np.inf
        nearest = np.partition(squared, NEIGHBOURS - 1, axis=1)[:, NEIGHBOURS - 1]
        distance[start : start + AT_ONCE] = np.sqrt(np.maximum(nearest, 0.0))
    return np.asarray(np.where(np.isinf(distance), 1.0, distance / (1 + distance)))
