"""BisectingKMeans of MLlib on the visits: kinds of visits of even spread, split top down."""

from typing import TYPE_CHECKING

import numpy as np

from models.clusters import strangeness
from models.columns import Floats
from models.params import Params
from models.visits import Visits

if TYPE_CHECKING:
    from pyspark.ml.clustering import BisectingKMeansModel


def fit(visits: Visits, params: Params) -> "BisectingKMeansModel":
    """Cluster the visits."""
    from pyspark.ml.clustering import BisectingKMeans

    k = max(2, min(params.clusters, len(visits.fitted) // params.visits_each))
    return BisectingKMeans(k=k, seed=params.seed, maxIter=5).fit(visits.frame)


def score(fitted: "BisectingKMeansModel", visits: Visits) -> Floats:
    """Score each pair by its cluster; see models/clusters.py.

    A pair goes to the nearest leaf, where MLlib walks down the tree: this is never farther.
    """
    return strangeness(visits, np.array(fitted.clusterCenters()))
