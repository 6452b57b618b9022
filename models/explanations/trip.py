"""The person is there: a trip, a second home, a commute.

Substitution: use elsewhere stops while away, the ways can be travelled, and the stay is as long as
one that is worth the way. Use keeps the person's habits, in the clock of home or of the place.
"""

from math import log

import numpy as np

from models.case import Case
from models.likelihood import (
    log_device_honest,
    log_intensity,
    log_marks,
    log_negative_binomial,
    log_share,
    travel_chance,
)
from models.likelihood_of_network import log_at_home, log_kind, log_known_number, log_shared
from models.likelihood_of_times import (
    log_overlap,
    log_stay,
    log_ways,
    mean_log,
    shifted,
    uniform_mix,
)

SPOKEN = "a trip"
SHARED = 0.2  # of the addresses used so are used by colleagues as well
PRIOR = 0.3  # of a person in a month
DOMESTIC = 0.5
FURTHER_VISIT = log(0.6)
KINDS = {
    "isp": 0.5,
    "mobile": 0.3,
    "corporate": 0.1,
    "education": 0.03,
    "vpn": 0.03,
    "relay": 0.02,
    "hosting": 0.01,
}


def terms(case: Case) -> dict[str, float]:
    visits = case.times.timeline.visits
    home = case.times.rhythm.profile
    profile = uniform_mix(0.5 * home + 0.5 * shifted(home, case.times.clock_shift))
    return {
        "prior": log(PRIOR) + FURTHER_VISIT * (len(visits) - 1),
        "place": log(travel_chance(case, DOMESTIC)),
        "network": log_kind(case, KINDS)
        + log_known_number(case, 0.3 if case.same_country else 0.03, 0.7)
        + log_at_home(case, 0.6, 0.05)
        + log_share(case.network.known_address, 0.002)
        + log_shared(case, SHARED),
        "timing": log_ways(case)
        + sum(log_stay(case, visit) for visit in visits)
        + log_overlap(case, 0.005),
        "hours": mean_log(np.asarray(profile), case.times),
        "volume": log_intensity(case) + log_use(case),
        "device": log_device_honest(case),
        "context": log_marks(case),
    }


def log_use(case: Case) -> float:
    """Return the log-chance of so many active days on the stays: most of the usual."""
    rhythm = case.times.rhythm
    days = sum(
        rhythm.working_days(visit.silence_start, visit.silence_end)
        for visit in case.times.timeline.visits
    )
    return log_negative_binomial(case.active_days, 0.8 * days + 0.5, 2.0)
