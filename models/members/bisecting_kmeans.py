"""BisectingKMeans of MLlib on distinct weighted places: clusters of even spread, split top down."""

from typing import TYPE_CHECKING

import numpy as np

from models.clusters import hard, strangeness
from models.members.kmeans import nearest
from models.pairs import Pairs
from models.params import Params
from models.sphere import Floats

if TYPE_CHECKING:
    from pyspark.ml.clustering import BisectingKMeansModel


def fit(pairs: Pairs, params: Params) -> "BisectingKMeansModel":
    """Cluster the places."""
    from pyspark.ml.clustering import BisectingKMeans

    frame = pairs.frame
    k = max(2, min(params.clusters, len(pairs.vectors) - 1))
    return BisectingKMeans(k=k, seed=params.seed, weightCol="weight", maxIter=5).fit(frame)


def score(fitted: "BisectingKMeansModel", pairs: Pairs) -> Floats:
    """Score each pair by how strange its cluster is to the person; see models/clusters.py.

    A place goes to the nearest leaf, where MLlib walks down the tree: this is never farther.
    """
    return strangeness(hard(nearest(pairs.vectors, np.array(fitted.clusterCenters()))), pairs)
