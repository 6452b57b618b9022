"""A program acts for the person, from machines of its provider's.

The person need not be there, nor travel. The program is known by its name and its networks, for it
does the same for colleagues (models/programs.py).
"""

from math import log

import numpy as np

from models.case import Case
from models.likelihood import log_days, log_intensity, log_marks, log_share
from models.likelihood_of_network import EXIT_CITIES, log_kind, log_shared
from models.likelihood_of_times import chance_of_overlap, log_overlap, mean_log

SPOKEN = "a program that acts for many people"
PRIOR_AGAIN = 0.5  # at another place, of those for whom it acts
COUNTRIES = 60.0  # in which providers have machines
KINDS = {"hosting": 0.97}
SHARED = 0.3  # of a provider's addresses are seen with somebody else as well
OWN_HOURS = 0.5  # what the person sets going; the rest goes by the clock
ELSE = 0.01  # of the use at such a place is not the program's
BRIEF = 0.5
NEVER = -30.0


def terms(case: Case) -> dict[str, float]:
    acting = case.acting
    profile = (1 - OWN_HOURS) / 24 + OWN_HOURS * case.times.rhythm.profile
    share = acting.people / (case.people + 1)
    country = (acting.in_country + 0.25) / (acting.people + 0.25 * COUNTRIES)
    number = (acting.on_number + 0.5) / (acting.people + 1)
    return {
        "prior": log(PRIOR_AGAIN if acting.own else share) if acting.share else NEVER,
        "place": log(min(1.0, country) / EXIT_CITIES),
        "network": log_kind(case, KINDS)
        + log(number)
        + log_share(case.network.known_number, 0.3)
        + log_share(case.network.known_address, 0.01)
        + log_shared(case, SHARED),
        "timing": log_overlap(case, chance_of_overlap(case)),
        "hours": mean_log(np.asarray(profile), case.times),
        "volume": log_intensity(case) + log_days(case, BRIEF),
        "device": acting.share * log(max(acting.common, ELSE)) + (1 - acting.share) * log(ELSE),
        "context": log_marks(case),
    }
