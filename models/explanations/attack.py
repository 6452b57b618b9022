"""Somebody else uses the account.

The owner's life goes on as usual: use here adds to use elsewhere, at any hour, of any size.
Attackers come from anywhere, often through hosting, VPN and proxies, rarely from a network that
the owner uses, hardly ever from the owner's own block of addresses.
"""

from math import exp, log

import numpy as np

from models.case import Case
from models.devices import log_device
from models.likelihood import (
    COUNTRIES,
    PLACES_IN_COUNTRY,
    log_brief,
    log_long_days,
    log_normal,
    log_patient,
    log_share,
    travel_chance,
)
from models.likelihood_of_network import (
    cities_of,
    log_at_home,
    log_kind,
    log_known_number,
    log_shared,
)
from models.likelihood_of_times import (
    chance_of_overlap,
    log_lines_quiet,
    log_overlap,
    log_silence,
    mean_log,
)
from models.marks import ATTACK as MARKS

PRIOR = 0.06  # of a (person, site) in a month that is not the main one
PRIOR_AGAIN = 0.08  # of an account that was flagged elsewhere
PRIOR_CAMPAIGN = 0.5  # where the other users of a block of addresses surely are attacked
DOMESTIC = 0.2
WHERE_COLLEAGUES_ARE, ANY_TOWN = 0.4, 0.5  # of these; the rest in towns that none of them knows
BRIEF = 0.7  # of attacks; the others are patient
SHARED = 0.1  # of attackers' addresses are used by colleagues as well
SHARED_CAMPAIGN = 0.6  # where those are attacked too
BUSIER, SCATTER = 0.9, 1.4  # one who breaks in is busier an hour than the owner, or as patient
AROUND_THE_CLOCK = log(0.2)  # of attackers go on by a program
AS_COLLEAGUES = 0.1  # attackers who choose a country the company is at home in
KINDS = {
    "isp": 0.35,
    "hosting": 0.25,
    "vpn": 0.2,
    "mobile": 0.08,
    "corporate": 0.03,
    "education": 0.03,
    "relay": 0.005,
}


def terms(case: Case) -> dict[str, float]:
    if case.same_country:
        as_colleagues = travel_chance(case, 1.0)
        place = DOMESTIC * (WHERE_COLLEAGUES_ARE * as_colleagues + ANY_TOWN / PLACES_IN_COUNTRY)
    else:
        as_colleagues = AS_COLLEAGUES * travel_chance(case, 0.0)
        place = (1 - DOMESTIC) * (
            as_colleagues + (1 - AS_COLLEAGUES) / (COUNTRIES * cities_of(case))
        )
    profile = 0.5 / 24 + 0.5 * case.times.rhythm.profile
    network = case.network
    return {
        "prior": log(prior(case)),
        "place": log(place),
        "network": log_kind(case, KINDS)
        + log_known_number(case, 0.05 if case.same_country else 0.01, 0.5)
        + log_at_home(case, 0.4, 0.05)
        + log_share(network.known_address, 0.002)
        + log_shared(case, SHARED + case.campaign * (SHARED_CAMPAIGN - SHARED))
        + max(-7.0, log(0.35) * network.colleagues),
        "timing": log_silence(case)
        + log_lines_quiet(case)
        + log_overlap(case, chance_of_overlap(case)),
        "hours": mean_log(np.asarray(profile), case.times),
        "volume": log_normal(case.intensity - BUSIER, SCATTER)
        + max(AROUND_THE_CLOCK, log_long_days(case))
        + log(
            BRIEF * exp(log_brief(case.active_days))
            + (1 - BRIEF) * exp(log_patient(case.active_days))
        ),
        "device": log_device(case.device, attack=True),
        "context": MARKS.log_chance(case.failures, case.sensitive, case.reputation),
    }


def prior(case: Case) -> float:
    """Return the chance before anything is seen but what was flagged already."""
    alone = PRIOR_AGAIN if case.flagged_elsewhere else PRIOR
    return alone + case.campaign * (PRIOR_CAMPAIGN - alone)
