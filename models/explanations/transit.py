"""The person passes through, or over: a layover, or a flight whose network has its gateway here.

Before and after, the person is in two different places, with time enough to travel from the one to
the other. One changes at airports between the two; where an aircraft's network comes to earth says
nothing. Of some journeys the other end is never seen: then the silence must have room for a trip
there.
"""

from math import log

from models.case import Case
from models.likelihood import log_device_honest, log_intensity, log_marks, log_share, travel_chance
from models.likelihood_of_network import log_kind, log_shared
from models.likelihood_of_times import log_overlap, log_stay, mean_log, uniform_mix
from models.timeline import Visit

SPOKEN = "a stop on a journey"
SHARED = 0.1  # of the addresses used so are used by colleagues as well
PRIOR = 0.2  # of a journey to be seen from somewhere on the way
AS_COLLEAGUES = 0.8  # of stops are where colleagues are, for all go by the same few hubs
DOMESTIC = 0.3  # of these
PLACES = 60.0  # countries with a hub, or a gateway
HUBS = 5.0  # of a country
HOURS_MOST = 3  # active hours of a visit
KINDS = {"isp": 0.6, "mobile": 0.25, "corporate": 0.1, "hosting": 0.01, "vpn": 0.01, "relay": 0.01}
NOT_SO = log(1e-6)
FURTHER_JOURNEY = log(0.3)
ASIDE = log(0.2)  # of journeys are seen where their aircraft's network comes to earth
UNSEEN = log(0.02)  # of journeys, to end where nothing is seen of the person


def terms(case: Case) -> dict[str, float]:
    visits = case.times.timeline.visits
    brief = all(visit.active_hours <= HOURS_MOST for visit in visits)
    unseen = [
        visit
        for visit, journey in zip(visits, case.times.journeys, strict=True)
        if journey is None or not journey.plausible
    ]
    aside = [
        journey
        for journey in case.times.journeys
        if journey is not None and journey.plausible and not journey.on_the_way
    ]
    fits = brief and all(map(may_go_on, unseen))
    place = AS_COLLEAGUES * travel_chance(case, DOMESTIC) + (1 - AS_COLLEAGUES) / (PLACES * HUBS)
    return {
        "prior": (log(PRIOR) if fits else NOT_SO)
        + UNSEEN * len(unseen)
        + ASIDE * len(aside)
        + FURTHER_JOURNEY * (len(visits) - 1),
        "place": log(place),
        "network": log_kind(case, KINDS)
        + log_share(case.network.known_number, 0.05)
        + log_shared(case, SHARED),
        "timing": sum(log_stay(case, visit) for visit in unseen) + log_overlap(case, 0.005),
        "hours": mean_log(uniform_mix(case.times.rhythm.profile, 0.7), case.times),
        "volume": log_intensity(case),
        "device": log_device_honest(case),
        "context": log_marks(case),
    }


def may_go_on(visit: Visit) -> bool:
    """Say whether the person can be on the way to, or from, where nothing is seen."""
    return len(visit.ways) == 2 and all(way.possible for way in visit.ways)
