"""The person moved there, or came from there: one long stay that reaches an edge of the window."""

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
from models.likelihood_of_network import log_at_home, log_kind, log_shared
from models.likelihood_of_times import log_overlap, log_ways, mean_log, shifted, uniform_mix

SPOKEN = "a move"
SHARED = 0.1  # of the addresses used so are used by colleagues as well
PRIOR = 0.02
DOMESTIC = 0.6
KINDS = {"isp": 0.65, "mobile": 0.25, "corporate": 0.06, "education": 0.02, "vpn": 0.01}
EDGE_HOURS = 72.0  # nearer than this to an edge of the window, the stay may go on beyond it
RETURN = log(0.3)  # to fetch the rest, to see the old place again
SHORT_STAY = log(0.01)


def terms(case: Case) -> dict[str, float]:
    visits = case.times.timeline.visits
    start, end = visits[0].first, max(visit.last for visit in visits)
    open_stay = start < EDGE_HOURS or end > case.times.window_hours - EDGE_HOURS
    long_stay = end - start > EDGE_HOURS
    days = case.times.rhythm.working_days(start, end) + 0.5
    home = case.times.rhythm.profile
    profile = uniform_mix(0.5 * home + 0.5 * shifted(home, case.times.clock_shift), 0.3)
    return {
        "prior": log(PRIOR)
        + RETURN * (len(visits) - 1)
        + (0.0 if open_stay and long_stay else SHORT_STAY),
        "place": log(travel_chance(case, DOMESTIC)),
        "network": log_kind(case, KINDS)
        + log_share(case.network.known_number, 0.4 if case.same_country else 0.03)
        + log_at_home(case, 0.6, 0.05)
        + log_share(case.network.known_address, 0.002)
        + log_shared(case, SHARED),
        "timing": log_ways(case) + log_overlap(case, 0.005),
        "hours": mean_log(np.asarray(profile), case.times),
        "volume": log_intensity(case) + log_negative_binomial(case.active_days, 0.9 * days, 4.0),
        "device": log_device_honest(case),
        "context": log_marks(case),
    }
