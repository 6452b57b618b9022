"""Small likelihoods that several explanations share. All are natural logarithms."""

from math import erf, exp, lgamma, log, pi, sqrt

import numpy as np

from models.case import Case, mean_log, once
from models.devices import log_device
from models.sphere import Floats

COUNTRIES = 100.0  # from which people and attackers really come
PLACES_IN_COUNTRY = 20.0
OVER_THE_BORDER, BORDER_KM = 0.01, 100.0  # of travels abroad go to such a place near home
PATIENT_DAYS = 8.0  # active days in a month of an attacker who goes on
IMPOSSIBLE_WAY = log(0.01)  # clocks, a machine left on at home, a family member's click
REPLACED = log(0.05)  # another line at home, at the office from then on
GOES_ON = log(0.5)
LONG_ABSENCE = log(0.2)  # on leave, ill, gone for good


def log_share(share: float, chance: float) -> float:
    """Return the log-likelihood of a share of the use having a mark that comes with `chance`."""
    return share * log(chance) + (1 - share) * log(1 - chance)


def log_normal(value: float, deviation: float) -> float:
    return -0.5 * (value / deviation) ** 2 - log(deviation * sqrt(2 * pi))


@once
def log_intensity(case: Case) -> float:
    """Return the log-density of the intensity under an honest use, as this company's visits are."""
    honest = case.honest_intensity.log_density(case.intensity, case.events)
    return honest + log_long_days(case)


@once
def log_long_days(case: Case) -> float:
    """Return by how much less likely days so long are than the usual ones; 0 for shorter days.

    People sleep, wherever they are; programs that took a session along do not.
    """
    honest = case.honest_day_length
    longer = max(case.day_length, honest.usual)
    return honest.log_density(longer) - honest.log_density(honest.usual)


def normal_cumulative(value: float) -> float:
    return 0.5 * (1 + erf(value / sqrt(2)))


def log_negative_binomial(count: int, mean: float, shape: float) -> float:
    """Return the log-probability of a count that scatters more than Poisson's."""
    return (
        lgamma(count + shape)
        - lgamma(shape)
        - lgamma(count + 1)
        + shape * log(shape / (shape + mean))
        + count * log(mean / (shape + mean))
    )


def log_brief(days: int) -> float:
    """Return the log-probability of so many active days where few are likelier: 1 / (n (n + 1))."""
    return -log(days * (days + 1))


def log_patient(days: int) -> float:
    """Return the log-probability of the active days of one who goes on and on: geometric."""
    return -log(PATIENT_DAYS) + (days - 1) * log(1 - 1 / PATIENT_DAYS)


def log_days(case: Case, brief: float) -> float:
    """Return the log-probability of the active days, `brief` the chance of a short affair."""
    return log(brief * exp(log_brief(case.active_days)) + (1 - brief) * exp(log_lasting(case)))


@once
def log_lasting(case: Case) -> float:
    """Return the log-probability of the active days, any number being as likely."""
    return -log(max(case.times.person_days, case.active_days))


def travel_chance(case: Case, domestic: float) -> float:
    """Return the chance that one travels just there: as colleagues do, with back-off.

    `domestic` is the share of travels within the person's country.
    """
    if case.same_country:
        near = (case.colleagues_near + 1) / (case.colleagues_in_country + PLACES_IN_COUNTRY)
        return domestic * near
    country = (case.colleagues_in_country + 0.5) / (case.travels + 0.5 * COUNTRIES)
    near = (case.colleagues_near + 1) / (case.colleagues_in_country + PLACES_IN_COUNTRY)
    over_the_border = OVER_THE_BORDER * exp(-case.km / BORDER_KM)
    return (1 - domestic) * (min(1.0, country) * near + over_the_border)


@once
def log_own_hours(case: Case) -> float:
    """Return the log-likelihood of the hours of use by one who keeps the person's own."""
    return mean_log(uniform_mix(case.times.rhythm.profile), case.times)


@once
def log_device_honest(case: Case) -> float:
    """Return the log-likelihood of the devices under an honest use."""
    return log_device(case.device, attack=False)


@once
def log_device_at_home(case: Case) -> float:
    """Return the same for one who never left home: half as often a strange one."""
    return log_device(case.device, attack=False, familiar=0.5)


@once
def log_marks(case: Case) -> float:
    """Return the log-likelihood of the marks under an honest use, see models/marks.py."""
    return case.honest_marks.log_chance(case.failures, case.sensitive, case.reputation)


def uniform_mix(profile: Floats, uniform: float = 0.15) -> Floats:
    """Return a profile of the day with a share of any hour: habits differ from place to place."""
    return np.asarray(uniform / 24 + (1 - uniform) * profile)


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


def shifted(profile: Floats, hours: int) -> Floats:
    """Return a profile of the day (UTC) for one who keeps it in a place `hours` further east."""
    return np.asarray(profile[(np.arange(len(profile)) + hours) % len(profile)])


def log_ways(case: Case) -> float:
    """Return the log-likelihood of the ways for one who has to travel them."""
    return sum(
        max(IMPOSSIBLE_WAY, log(max(way.doubt, 1e-9))) for way in case.times.timeline.impossible
    )
