"""GaussianMixture of MLlib on the visits: kinds of visits that overlap and have a shape.

How thin other visits lie about a pair is its score: 1 / (1 + exp(log density / columns)).
"""

from dataclasses import dataclass

import numpy as np

from models.arrow import sockets_left_open
from models.columns import Floats
from models.params import Params
from models.visits import Visits

LEAST = 1e-12  # weight of a component that no other visit is part of
VARIANCE_LEAST = 0.05  # a component may not be sharper than this, nor singular


@dataclass(frozen=True)
class Mixture:
    """Weights (k,), means (k, columns) and covariances (k, columns, columns) of the components."""

    weights: Floats
    means: Floats
    covariances: Floats


def fit(visits: Visits, params: Params) -> Mixture:
    """Fit the mixture to the visits."""
    from pyspark.ml.clustering import GaussianMixture

    k = max(2, min(params.mixtures, len(visits.fitted) // params.visits_a_mixture))
    model = GaussianMixture(k=k, seed=params.seed, maxIter=10).fit(visits.frame)
    with sockets_left_open():
        parts = model.gaussiansDF.collect()
    return Mixture(
        np.array(model.weights),
        np.array([part["mean"].toArray() for part in parts]),
        np.array([part["cov"].toArray() for part in parts])
        + VARIANCE_LEAST * np.eye(visits.features.shape[1]),
    )


def score(fitted: Mixture, visits: Visits) -> Floats:
    """Score each pair by how thin the other visits lie about it."""
    of_component = log_densities(fitted, visits.features)
    weights = np.tile(fitted.weights, (len(of_component), 1))
    weighted = of_component + np.log(weights + LEAST)
    shares = np.exp(weighted - np.logaddexp.reduce(weighted, axis=1)[:, None])
    # A visit's own share of a component's weight is left out, so none vouches for itself.
    own = np.where(visits.far[:, None], shares / max(1, int(visits.far.sum())), 0.0)
    others = np.log(np.maximum(weights - own, LEAST))
    density = np.logaddexp.reduce(of_component + others, axis=1) / visits.features.shape[1]
    return np.asarray(1 / (1 + np.exp(np.clip(density, -50, 50))))


def log_densities(mixture: Mixture, points: Floats) -> Floats:
    """Return the natural log of each component's density at each point: (points, components)."""
    logs = []
    for mean, covariance in zip(mixture.means, mixture.covariances, strict=True):
        difference = points - mean
        square = ((difference @ np.linalg.inv(covariance)) * difference).sum(axis=1)
        _, determinant = np.linalg.slogdet(2 * np.pi * covariance)
        logs.append(-0.5 * (square + determinant))
    return np.stack(logs, axis=1)
