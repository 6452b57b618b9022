"""The person is at the usual place, and the database puts the address elsewhere.

Carriers' gateways, addresses that moved, databases that change their mind. The network is one that
the person uses anyhow, or one known for it: most others on it jump too. Rarely in another country.
"""

from math import exp, log

from models.case import Case
from models.likelihood import (
    COUNTRIES,
    log_days,
    log_device_at_home,
    log_intensity,
    log_marks,
    log_share,
)
from models.likelihood_of_network import log_at_home, log_kind, log_known_number, log_shared
from models.likelihood_of_times import (
    chance_of_overlap,
    log_lines_go_on,
    log_overlap,
    log_own_hours,
    log_silence,
)

SPOKEN = "an address that the database misplaces"
SHARED = 0.5  # of the addresses used so are used by colleagues as well
PRIOR = 0.5  # of a person's networks, times the share at which the network errs
DOMESTIC = 0.97
ABROAD_KM = 300.0  # beyond, no country is likelier than another
CROSSING = 0.4  # as often as by chance: one line at home, or a phone beside the computer
NEAR_ERROR, NEAR_KM = 0.3, 150.0  # databases err by a town or two more often than by a country
KINDS = {"isp": 0.5, "mobile": 0.4, "corporate": 0.07, "education": 0.03, "hosting": 0.005}


def terms(case: Case) -> dict[str, float]:
    near = exp(-case.km / ABROAD_KM)
    abroad = (1 - DOMESTIC) * (near / 5 + (1 - near) / COUNTRIES)
    place = DOMESTIC / 10 if case.same_country else abroad
    network = case.network
    errs = network.jump_share
    if case.same_country:
        errs = min(1.0, errs + NEAR_ERROR * exp(-case.km / NEAR_KM))
    return {
        "prior": log(PRIOR * errs),
        "place": log(place),
        "network": log_kind(case, KINDS)
        + log_known_number(case, 0.5, 0.8)
        + log_at_home(case, 0.95, 0.7)
        + log_share(network.known_address, 0.3)
        + log_shared(case, SHARED),
        "timing": log_silence(case)
        + log_lines_go_on(case)
        + log_overlap(case, CROSSING * chance_of_overlap(case)),
        "hours": log_own_hours(case),
        "volume": log_intensity(case) + log_days(case, 0.5),
        "device": log_device_at_home(case),
        "context": log_marks(case),
    }
