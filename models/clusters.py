"""From clusters of visits to a score of each (person, place): how far out, in how rare a cluster?

    score = s / (1 + s),   s = (distance to the centre + 0.3) / sqrt(visits in the cluster)

Distances are in standard deviations, and a visit is compared with the others: its own share of the
centre and of the number is left out. In a dense cluster of many visits, as commuters', trips to the
other office or a VPN's exits are, s is near 0; alone in a cluster, or far out, it is great.
"""

import numpy as np

from models.columns import Floats
from models.visits import Visits

DISTANCE_LEAST = 0.3  # nearer to the centre than this all are alike


def strangeness(visits: Visits, centres: Floats) -> Floats:
    """Return the score of each pair in [0, 1]; `centres` (clusters, columns)."""
    distance = np.stack(
        [np.sqrt(((visits.features - centre) ** 2).sum(axis=1)) for centre in centres], axis=1
    )
    far, cluster = np.flatnonzero(visits.far), distance.argmin(axis=1)
    size = np.bincount(cluster[far], minlength=len(centres)).astype(float)
    own = far, cluster[far]
    others = size[cluster[far]] - 1
    # Without the visit its centre is n / (n - 1) times as far, and gone where it is alone.
    distance[own] = np.where(
        others > 0, distance[own] * (others + 1) / np.maximum(others, 1), np.inf
    )
    around = np.tile(size, (len(distance), 1))
    around[own] = others
    rows, nearest = np.arange(len(distance)), distance.argmin(axis=1)
    near = around[rows, nearest]
    strange = (distance[rows, nearest] + DISTANCE_LEAST) / np.sqrt(np.maximum(near, 1))
    return np.asarray(strange / (1 + strange))
