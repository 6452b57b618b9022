"""GaussianMixture of MLlib on distinct weighted places: clusters that overlap and have a shape."""

from dataclasses import dataclass

import numpy as np

from models.arrow import sockets_left_open
from models.clusters import strangeness
from models.pairs import Pairs
from models.params import Params
from models.sphere import Floats

# A component may not be sharper than this (some 60 km on the unit sphere), nor singular.
VARIANCE_LEAST = 1e-4


@dataclass(frozen=True)
class Mixture:
    """Weights (k,), means (k, 3) and covariances (k, 3, 3) of the components."""

    weights: Floats
    means: Floats
    covariances: Floats


def fit(pairs: Pairs, params: Params) -> Mixture:
    """Fit the mixture to the places."""
    from pyspark.ml.clustering import GaussianMixture

    frame = pairs.frame
    k = max(2, min(params.mixtures, len(pairs.vectors) // 3))
    model = GaussianMixture(k=k, seed=params.seed, weightCol="weight", maxIter=10).fit(frame)
    with sockets_left_open():
        parts = model.gaussiansDF.collect()
    return Mixture(
        np.array(model.weights),
        np.array([part["mean"].toArray() for part in parts]),
        np.array([part["cov"].toArray() for part in parts]) + VARIANCE_LEAST * np.eye(3),
    )


def score(fitted: Mixture, pairs: Pairs) -> Floats:
    """Score each pair by how strange its components are to the person; see models/clusters.py."""
    return strangeness(responsibilities(fitted, pairs.vectors), pairs)


def responsibilities(mixture: Mixture, vectors: Floats) -> Floats:
    """Return the share of each component in each place; the rows sum to 1."""
    difference = vectors[:, None, :] - mixture.means[None, :, :]
    inverse = np.linalg.inv(mixture.covariances)
    square = np.einsum("lki,kij,lkj->lk", difference, inverse, difference)
    _, determinant = np.linalg.slogdet(mixture.covariances)
    logs = np.log(mixture.weights + 1e-12) - 0.5 * (square + determinant)
    logs -= logs.max(axis=1, keepdims=True)
    shares = np.exp(logs)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))
