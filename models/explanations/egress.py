"""A way out that colleagues share: an office, the company's VPN, a cloud proxy, a gateway.

The address itself explains its place and its network; use of it needs no travel.
"""

from math import log

from models.case import Case, mean_log
from models.explanations.trip import context
from models.likelihood import chance_of_overlap, log_lasting, log_normal, log_overlap

PRIOR = 0.5
HALF_SURE = 3.0  # colleagues established on the address at which it is as likely shared as not
UNSHARED = 1e-6


def terms(case: Case) -> dict[str, float]:
    colleagues = case.network.colleagues
    shared = colleagues**2 / (colleagues**2 + HALF_SURE**2)
    return {
        "prior": log(max(PRIOR * shared, UNSHARED)),
        "place": log(0.2),
        "network": 0.0,
        "timing": log_overlap(case, chance_of_overlap(case)),
        "hours": mean_log(0.3 / 24 + 0.7 * case.rhythm.profile, case.hours_of_day),
        "volume": log_normal(case.intensity, 0.8) + log_lasting(case),
        **context(case),
    }
