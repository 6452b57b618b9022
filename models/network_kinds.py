"""How likely the kinds of network are over which a site is used."""

from collections.abc import Mapping
from math import log

from models.case import Case

# Of the networks of each kind, the share whose name does not give the kind away.
UNKNOWN_KIND = {
    "isp": 0.3,
    "corporate": 0.5,
    "mobile": 0.1,
    "education": 0.1,
    "hosting": 0.15,
    "vpn": 0.1,
    "relay": 0.02,
}


def log_kind(case: Case, probability: Mapping[str, float]) -> float:
    """Return the mean log-likelihood of the kinds of network."""
    return sum(
        share * log(probability.get(kind, 0.01) if kind else unknown_kind(probability))
        for kind, share in case.network.kinds.items()
    )


def unknown_kind(probability: Mapping[str, float]) -> float:
    """Return the probability of a network whose name does not give its kind away."""
    return sum(probability.get(kind, 0.0) * share for kind, share in UNKNOWN_KIND.items())
