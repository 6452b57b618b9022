"""A way out that colleagues share: an office, the company's VPN, a cloud proxy, an aircraft.

The address itself explains its place and its network; use of it needs no travel.
"""

from math import log

from models.case import Case, Network
from models.likelihood import log_device_honest, log_intensity, log_lasting, log_marks
from models.likelihood_of_times import chance_of_overlap, log_overlap, log_own_hours

SPOKEN = "a way out shared with colleagues"
PRIOR = 0.5
HALF_SURE = 3.0  # colleagues established on the address at which it is as likely shared as not
PASSING = 4.0  # colleagues seen on the address at all who weigh as much as one settled there
POOL_SHARE = 0.02  # of all people on a network make it likely that it acts for them all
PASSING_JUMPS = 0.5  # share who jump on a network that is only passed through
STEEP = 4
UNSHARED = 4e-7
PLACE = 0.05


def terms(case: Case) -> dict[str, float]:
    return {
        "prior": log(max(PRIOR * shared(case.network, case.people), UNSHARED)),
        "place": log(PLACE),
        "network": 0.0,
        "timing": log_overlap(case, chance_of_overlap(case)),
        "hours": log_own_hours(case),
        "volume": log_intensity(case) + log_lasting(case),
        "device": log_device_honest(case),
        "context": log_marks(case),
    }


def shared(network: Network, people: int) -> float:
    """Return how surely many share the way out, 0..1."""
    settled = half_at(
        max(network.colleagues, network.lasting * network.colleagues_passing / PASSING), HALF_SURE
    )
    # Machines of one provider, many addresses: known by the network, each address by few. People
    # on it jump, or all only pass: over an aircraft's, which comes to earth somewhere.
    pool = half_at(network.colleagues_on_network, HALF_SURE + POOL_SHARE * people)
    alone = network.alone * network.share_alone + (1 - network.alone) * (1 - network.share_alone)
    passed = network.unsettled * min(1.0, network.jump_share / PASSING_JUMPS)
    nowhere = max(network.jump_share**3, (passed * network.lasting_network) ** 2)
    pool *= network.lasting_network**2 * nowhere * alone
    return max(settled, pool, network.of_company)


def half_at(number: float, half: float) -> float:
    """Return 0 for none, 1/2 for `half`, near 1 for more."""
    return number**STEEP / (number**STEEP + half**STEEP)
