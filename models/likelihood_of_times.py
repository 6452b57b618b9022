"""How likely the times of use are: hours of the day, silence and use elsewhere, ways and stays.

All are natural logarithms.
"""

from math import log

import numpy as np

from models.case import Case, Times, once
from models.columns import Floats
from models.likelihood import normal_cumulative
from models.timeline import Visit

DAYS_MOST = 1.5  # how many days' hours count
IMPOSSIBLE_WAY = log(0.01)  # clocks, a machine left on at home, a family member's click
REPLACED = log(0.05)  # another line at home, at the office from then on
GOES_ON = log(0.5)
LONG_ABSENCE = log(0.2)  # on leave, ill, gone for good
DAY_TRIP_KM, FAR_KM = 800.0, 3000.0
SCATTER = log(2)


def mean_log(profile: Floats, times: Times) -> float:
    """Return the log-likelihood of the hours of use under a profile of the day.

    Hours of one day go together, so a day counts as one observation: its mean. Days are alike as
    well (home is used in the evening, the office by day), so they count as at most DAYS_MOST.
    """
    at_most = min(1.0, DAYS_MOST / times.active_days)
    return float(np.log(profile) @ times.weight_of_hours) * at_most


@once
def log_own_hours(case: Case) -> float:
    """Return the log-likelihood of the hours of use by one who keeps the person's own."""
    return mean_log(uniform_mix(case.times.rhythm.profile), case.times)


def uniform_mix(profile: Floats, uniform: float = 0.15) -> Floats:
    """Return a profile of the day with a share of any hour: habits differ from place to place."""
    return np.asarray(uniform / 24 + (1 - uniform) * profile)


def shifted(profile: Floats, hours: int) -> Floats:
    """Return a profile of the day (UTC) for one who keeps it in a place `hours` further east."""
    return np.asarray(profile[(np.arange(len(profile)) + hours) % len(profile)])


def log_silence(case: Case, day_off: float = 0.2, next_day_off: float = 0.6) -> float:
    """Return the log-chance that the person was silent elsewhere around the visits by accident.

    A working day's worth of expected use that did not come is a day off; the next one follows more
    easily. Up to a day's silence is nothing (a visit at random falls into the longer silences),
    and a leave may last any time.
    """
    total = 0.0
    for expected in case.times.silent_days:
        days = expected - 1.0
        if days > 0:
            off = min(days, 1.0) * log(day_off) + max(days - 1.0, 0.0) * log(next_day_off)
            total += max(off, LONG_ABSENCE)
    return total


def log_lines_quiet(case: Case) -> float:
    """Return the log-chance that the person's own lines fell silent while the site was used.

    By accident: an attacker does not replace them. The first day is left out, for most visits last
    no longer, and silence of a day is paid for as such.
    """
    lines = case.times.lines
    if lines.used:
        return 0.0
    return max(REPLACED, max(0, lines.days - 1) * log(1 - min(0.95, lines.usually)))


def log_lines_go_on(case: Case) -> float:
    """Return the log-chance of own lines elsewhere going on beside one that is misplaced.

    What is misplaced is most often the line at home, instead of which there is no other.
    """
    return GOES_ON if case.times.lines.used else 0.0


def log_overlap(case: Case, chance: float, at_most: int = 8) -> float:
    """Return the log-likelihood of how many active hours here cross with use elsewhere.

    One who is absent crosses with nothing; that is paid for among the silences.
    """
    timeline = case.times.timeline
    hours = max(timeline.overlapping, timeline.hours - case.times.absent_hours)
    if hours == 0 or case.times.anchors == 0:
        return 0.0
    weight = min(1.0, at_most / hours)
    hits = case.times.timeline.overlapping
    return weight * (hits * log(chance) + (hours - hits) * log(1 - chance))


@once
def chance_of_overlap(case: Case) -> float:
    """Return the chance that use at those hours, unrelated to the person's, crosses it."""
    times = case.times
    usual = float(times.rhythm.rate[0] @ times.weight_of_hours) / times.active_days
    return min(0.8, max(0.01, usual * min(1.0, times.timeline.span)))


def log_ways(case: Case) -> float:
    """Return the log-likelihood of the ways for one who has to travel them."""
    return sum(
        max(IMPOSSIBLE_WAY, log(max(way.doubt, 1e-9))) for way in case.times.timeline.impossible
    )


def log_stay(case: Case, visit: Visit) -> float:
    """Return the log-chance that a stay is no longer than this one can have been.

    Stays scatter log-normally, by a factor two, about half a day, two or three days by distance.
    """
    if not visit.ways or any(not way.possible for way in visit.ways):
        return 0.0  # nothing bounds the stay, or it is paid for among the ways
    median = 12.0 if case.km < DAY_TRIP_KM else 40.0 if case.km < FAR_KM else 80.0
    longest = max(visit.longest_stay_hours, 0.5)
    return log(max(normal_cumulative(log(longest / median) / SCATTER), 1e-4))
