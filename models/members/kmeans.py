"""KMeans of MLlib on distinct weighted places. Unit vectors: chord order is great-circle order."""

from typing import TYPE_CHECKING

import numpy as np

from models.clusters import hard, strangeness
from models.pairs import Pairs
from models.params import Params
from models.sphere import Floats

if TYPE_CHECKING:
    from pyspark.ml.clustering import KMeansModel


def fit(pairs: Pairs, params: Params) -> "KMeansModel":
    """Cluster the places."""
    from pyspark.ml.clustering import KMeans

    frame = pairs.frame
    k = max(2, min(params.clusters, len(pairs.vectors) - 1))
    return KMeans(k=k, seed=params.seed, weightCol="weight", maxIter=10).fit(frame)


def score(fitted: "KMeansModel", pairs: Pairs) -> Floats:
    """Score each pair by how strange its cluster is to the person; see models/clusters.py."""
    # The centres are few: assigning places here saves a Spark job, and is what transform does.
    centres = np.array(fitted.clusterCenters())
    return strangeness(hard(nearest(pairs.vectors, centres)), pairs)


def nearest(vectors: Floats, centres: Floats) -> Floats:
    """Return the index of the centre nearest to each vector."""
    squared = ((vectors[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    return np.asarray(squared.argmin(axis=1))
