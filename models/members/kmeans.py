"""KMeans of MLlib on the visits: kinds of visits about a centre."""

from typing import TYPE_CHECKING

import numpy as np

from models.clusters import strangeness
from models.columns import Floats
from models.params import Params
from models.visits import Visits

if TYPE_CHECKING:
    from pyspark.ml.clustering import KMeansModel


def fit(visits: Visits, params: Params) -> "KMeansModel":
    """Cluster the visits."""
    from pyspark.ml.clustering import KMeans

    k = max(2, min(params.clusters, len(visits.fitted) // params.visits_each))
    return KMeans(k=k, seed=params.seed, maxIter=10).fit(visits.frame)


def score(fitted: "KMeansModel", visits: Visits) -> Floats:
    """Score each pair by its cluster; see models/clusters.py."""
    # The centres are few: assigning pairs here saves a Spark job, and is what transform does.
    return strangeness(visits, np.array(fitted.clusterCenters()))
