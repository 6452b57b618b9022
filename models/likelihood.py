"""Small likelihoods that several explanations share. All are natural logarithms."""

from math import erf, exp, lgamma, log, pi, sqrt

from models.case import Case, once
from models.devices import log_device

COUNTRIES = 100.0  # from which people and attackers really come
PLACES_IN_COUNTRY = 20.0
OVER_THE_BORDER, BORDER_KM = 0.01, 100.0  # of travels abroad go to such a place near home
PATIENT_DAYS = 8.0  # active days in a month of an attacker who goes on


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
