"""From clusters of places to a score of each (person, place): how strange is its cluster?

    score = 1 - sum over clusters of membership(place, cluster) * familiarity(person, cluster)

Familiarity is the share of the person's days in the cluster without this very place, drawn to the
company's share without the person as by BACK_OFF_DAYS more days. So the score is 0 where all of
life takes place in the cluster, and near 1 where neither the person nor the company knows it.
"""

import numpy as np

from models.pairs import Pairs
from models.sphere import Floats

BACK_OFF_DAYS = 3.0


def hard(labels: Floats) -> Floats:
    """Return the membership matrix (places, clusters) of labels."""
    distinct, index = np.unique(labels, return_inverse=True)
    return np.asarray(np.eye(len(distinct))[index])


def strangeness(membership: Floats, pairs: Pairs) -> Floats:
    """Return the score of each pair, in [0, 1]."""
    clusters = membership.shape[1]
    days = membership[pairs.place] * pairs.days[:, None]
    of_person = np.zeros((len(pairs.context.known.people), clusters))
    np.add.at(of_person, pairs.person, days)
    everyone = of_person.sum(axis=0)
    own = of_person[pairs.person]
    others = everyone[None, :] - own
    company = others / np.maximum(others.sum(axis=1, keepdims=True), 1e-9)
    elsewhere = own - days
    familiar = (elsewhere + BACK_OFF_DAYS * company) / (
        elsewhere.sum(axis=1, keepdims=True) + BACK_OFF_DAYS
    )
    return np.asarray(np.clip(1.0 - (membership[pairs.place] * familiar).sum(axis=1), 0.0, 1.0))
