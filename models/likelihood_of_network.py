"""How likely the networks are over which a site is used. Natural logarithms."""

from collections.abc import Mapping
from math import log

from models.case import Case
from models.likelihood import PLACES_IN_COUNTRY, log_share
from models.network_kinds import HIDING

EXIT_CITIES = 5.0  # of a country: those with data centres
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


def hidden_share(case: Case) -> float:
    """Return the share of the use that came over hosting, a VPN or a relay."""
    # In the case's own order: a set's differs from process to process, and with it the last digit.
    return sum(share for kind, share in case.network.kinds.items() if kind in HIDING)


def cities_of(case: Case) -> float:
    """Return among how many cities of a country one who may choose comes from each."""
    hides = hidden_share(case)
    return hides * EXIT_CITIES + (1 - hides) * PLACES_IN_COUNTRY


def log_at_home(case: Case, in_country: float, abroad: float) -> float:
    """Return the log-likelihood of the networks being such as are used in the usual country.

    Providers of machines and VPNs are everywhere, so of them it is not asked.
    """
    chance = in_country if case.same_country else abroad
    return (1 - hidden_share(case)) * log_share(case.network.at_home, chance)


def log_known_number(case: Case, chance: float, of_popular: float) -> float:
    """Return the log-likelihood of the share of use on networks that the person uses elsewhere too.

    Such a network comes with `chance`, in the person's own country with `of_popular` where all use
    it: of a network that everybody uses it says little.
    """
    popular = min(1.0, case.network.colleagues_on_network / (case.colleagues_in_country + 5.0))
    known = max(chance, of_popular * popular) if case.same_country else chance
    return log_share(case.network.known_number, known)


def log_shared(case: Case, chance: float) -> float:
    """Return the log-likelihood of the share of addresses that somebody else uses as well."""
    return log_share(1 - case.network.alone, chance)
