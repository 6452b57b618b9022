"""The person hides or reaches the net by another way: a private VPN, a relay, a rented machine.

Nobody travels, so no way is too long. But while the VPN is on the line at home is quiet, so that
use here and there takes turns rather than crosses; and it keeps to the person's own hours.
"""

from math import exp, log

from models.case import Case
from models.likelihood import (
    log_days,
    log_device_at_home,
    log_intensity,
    log_marks,
    log_share,
    travel_chance,
)
from models.likelihood_of_network import cities_of, hidden_share, log_at_home, log_kind, log_shared
from models.likelihood_of_times import chance_of_overlap, log_overlap, log_own_hours

SPOKEN = "a private VPN or another habit"
SHARED = 0.5  # of the addresses used so are used by colleagues as well
PRIOR_WHERE_KNOWN = 0.4  # to do so at another place, of those who do
COMMON, PRIOR_PEOPLE = 0.04, 25  # share of people who do, until the company says otherwise
EXIT_COUNTRIES = 60.0
KINDS = {
    "vpn": 0.5,
    "hosting": 0.33,
    "relay": 0.08,
    "corporate": 0.03,
    "isp": 0.012,
    "mobile": 0.02,
    "education": 0.01,
}
AS_COLLEAGUES = 0.1  # of exits are where the company is at home, as attackers choose theirs
BRIEF = 0.3  # of the private exits: used once, at an airport
BESIDE = 0.3  # of rented machines run programs and are no VPN
CROSSING = 0.15  # as often as by chance: a phone beside the computer


def terms(case: Case) -> dict[str, float]:
    hidden = case.hidden
    country = (hidden.colleagues_in_country + 0.25) / (hidden.colleagues + 0.25 * EXIT_COUNTRIES)
    if case.same_country:
        place = min(1.0, country + AS_COLLEAGUES) / cities_of(case)
    else:
        place = min(1.0, country) / cities_of(case) + AS_COLLEAGUES * travel_chance(case, 0.0)
    has_habit = of_habit(case)
    return {
        "prior": log(PRIOR_WHERE_KNOWN if has_habit else share_of_colleagues(case)),
        "place": log(place),
        "network": log_kind(case, KINDS)
        + log_share(case.network.known_number, 0.6 if has_habit else 0.02)
        + log_at_home(case, 0.4, 0.05)
        + log_share(case.network.known_address, 0.01)
        + log_number(case)
        + log_shared(case, SHARED),
        "timing": log_crossing(case),
        "hours": log_own_hours(case),
        "volume": log_intensity(case) + log_days(case, BRIEF),
        "device": log_device_at_home(case),
        "context": log_marks(case),
    }


def share_of_colleagues(case: Case) -> float:
    """Return how common the habit is, drawn to what is so in general."""
    return (case.hidden.colleagues + COMMON * PRIOR_PEOPLE) / (case.people + PRIOR_PEOPLE)


def log_crossing(case: Case) -> float:
    """Return the log-likelihood of the crossing: a machine of one's own runs beside the laptop."""
    by_chance = chance_of_overlap(case)
    beside = BESIDE * case.network.kinds.get("hosting", 0.0)
    return log(
        (1 - beside) * exp(log_overlap(case, CROSSING * by_chance))
        + beside * exp(log_overlap(case, by_chance))
    )


def log_number(case: Case) -> float:
    """Return the log-chance of hiding on this network number, beside one in two.

    Where all who hide do so on the same few numbers, one that none of them has is rare.
    """
    hides = hidden_share(case)
    return 0.0 if case.hidden.known_number else hides * min(0.0, log(2 * case.hidden.new_number))


def of_habit(case: Case) -> bool:
    """Say whether the person hides elsewhere in the way seen here; an unknown kind may be any."""
    kinds = case.hidden.kinds
    return any(kind in kinds if kind else bool(kinds) for kind in case.network.kinds)
