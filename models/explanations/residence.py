"""The person lives or works there, and is seen elsewhere over lines that say nothing of places.

Remote staff and contractors: their heaviest site is a VPN's or a proxy's, and home is judged beside
it. Or a second home, over the border from the office. What tells a residence from a patient
attacker is that life takes place there: on many of the person's days and for hours on end, at the
person's own hours, with the person's own devices.
"""

from math import log

from models.case import Case
from models.likelihood import (
    log_device_at_home,
    log_intensity,
    log_lasting,
    log_marks,
    log_share,
    travel_chance,
)
from models.likelihood_of_network import log_kind, log_shared
from models.likelihood_of_times import chance_of_overlap, log_overlap, mean_log, uniform_mix

SPOKEN = "a place where the person lives or works"
PRIOR = 0.03  # of people have such a one beside their main site
DAYS_LEAST, SHARE_LEAST = 5, 0.3  # of the person's active days
HOURS_LEAST = 1.6  # active hours an active day
NOT_SO = log(1e-6)
DOMESTIC = 0.5
SHARED = 0.2  # of the addresses used so are used by colleagues as well
KINDS = {"isp": 0.65, "mobile": 0.2, "corporate": 0.1, "education": 0.03}


def terms(case: Case) -> dict[str, float]:
    network = case.network
    return {
        "prior": log(PRIOR) + (0.0 if lived_at(case) else NOT_SO),
        "place": log(travel_chance(case, DOMESTIC)),
        "network": log_kind(case, KINDS)
        + log_share(network.known_number, 0.3)
        + log_share(network.known_address, 0.05)
        + log_shared(case, SHARED),
        "timing": log_overlap(case, chance_of_overlap(case)),
        "hours": mean_log(uniform_mix(case.times.rhythm.profile, 0.3), case.times),
        "volume": log_intensity(case) + log_lasting(case),
        "device": log_device_at_home(case),
        "context": log_marks(case),
    }


def lived_at(case: Case) -> bool:
    """Say whether so much takes place here that somebody may live here."""
    days = case.active_days
    often = days >= DAYS_LEAST and days >= SHARE_LEAST * case.times.person_days
    return often and case.active_hours >= HOURS_LEAST * days
