"""The person is on a trip to that country anyhow, and this is another face of it.

A carrier abroad whose gateway sits in another city than the hotel, an outing, a database that knows
the country only. The stay itself is explained at the site where it mostly took place: this one only
accompanies it, at any moment of it, and crosses with it like a phone beside a computer.
"""

from math import log

from models.case import Case
from models.likelihood import (
    PLACES_IN_COUNTRY,
    log_days,
    log_device_honest,
    log_intensity,
    log_marks,
    log_share,
)
from models.likelihood_of_network import log_at_home, log_kind, log_shared
from models.likelihood_of_times import chance_of_overlap, log_overlap, mean_log, uniform_mix

SPOKEN = "another place of a country that is being visited"
SHARED = 0.25  # of the addresses used so are used by colleagues as well
PRIOR = 0.4  # of a stay abroad to be seen from a second place of the country
ASIDE = log(1e-6)  # for a visit at another time than the stay
NEAR_HOURS = 24.0  # between a visit and use in the rest of the country: one stay
KINDS = {"mobile": 0.5, "isp": 0.35, "corporate": 0.08, "education": 0.02, "vpn": 0.01}


def terms(case: Case) -> dict[str, float]:
    aside = sum(hours > NEAR_HOURS for hours in case.times.beside)
    return {
        "prior": log(PRIOR) + ASIDE * aside,
        "place": -log(PLACES_IN_COUNTRY),
        "network": log_kind(case, KINDS)
        + log_share(case.network.known_number, 0.1)
        + log_at_home(case, 0.6, 0.05)
        + log_share(case.network.known_address, 0.01)
        + log_shared(case, SHARED),
        "timing": log_overlap(case, chance_of_overlap(case)),
        "hours": mean_log(uniform_mix(case.times.rhythm.profile, 0.6), case.times),
        "volume": log_intensity(case) + log_days(case, 0.5),
        "device": log_device_honest(case),
        "context": log_marks(case),
    }
