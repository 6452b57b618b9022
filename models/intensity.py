"""How busy people are away from their main place, beside their other use.

Two measures: events an active hour, and active hours an active day.

How much busier or quieter honest use gets differs from company to company: phones sync, people on
a trip look at their mail and no more, or work on as ever. So it is learned from all of the
company's visits; attacks among them are too few to move the quantiles taken. Beyond what was seen
the tail is heavy, so that a busy day alone never tells an attack.
"""

from dataclasses import dataclass
from math import exp, inf, log, pi, sqrt

import numpy as np

from models.active_hours import DAY
from models.columns import Booleans, Floats, Integers
from models.company import Company
from models.runs import distinct, heaviest, indexed

NORMAL_TENTH = 1.2816  # deviations from the median within which four fifths of a normal lie
PRIOR_VISITS = 20.0
SURPRISING, WIDE = 0.02, 1.8  # share of honest use that is like nothing seen; how far it scatters


@dataclass(frozen=True)
class Intensity:
    """The log of how much comes to each hour or day away, less the same elsewhere.

    A normal of two halves.
    """

    usual: float
    quieter: float  # deviation below
    busier: float  # deviation above

    def log_density(self, value: float, counted: float = inf) -> float:
        """Return the log-density of an honest use's intensity.

        `counted` is how much there was in all: of few events, chance alone makes a busy hour.
        """
        away = value - self.usual
        chance = 1.0 / (1.0 + counted)  # variance of the log of a count
        quieter, busier = sqrt(self.quieter**2 + chance), sqrt(self.busier**2 + chance)
        deviation = quieter if away < 0 else busier
        scale = (quieter + busier) / 2
        near = exp(-0.5 * (away / deviation) ** 2) / scale
        far = exp(-0.5 * (away / WIDE) ** 2) / WIDE
        return log((1 - SURPRISING) * near + SURPRISING * far) - log(sqrt(2 * pi))


HOURLY = Intensity(0.0, 1.3, 0.8)  # until a company says otherwise
DAILY = Intensity(-0.3, 0.8, 0.4)


def learned(known: Company) -> tuple[Intensity, Intensity]:
    """Learn from all uses of places that are not their person's busiest.

    Returned are how busy an active hour is (events), and how long an active day (hours).
    """
    seen = known.presences
    span = len(known.places) + 1
    pair, index = indexed(seen.person * span + known.place_of_presence)
    hours = np.bincount(index, minlength=len(pair))
    events = np.bincount(index, weights=seen.events, minlength=len(pair))
    day = known.window.hours // 24 + 2
    days = np.bincount(distinct(index * day + seen.first // DAY) // day, minlength=len(pair))
    person = pair // span
    visits = ~heaviest(person, hours) & (_of_person(person, hours) > hours)
    an_hour = _beside_other_use(person, events, hours, visits)
    a_day = _beside_other_use(person, hours, days, visits)
    return drawn_to_prior(an_hour, HOURLY), drawn_to_prior(a_day, DAILY)


def _beside_other_use(
    person: Integers, what: Integers | Floats, each: Integers, visits: Booleans
) -> Floats:
    """Return of visits the log of how much comes to each, less the same of the person's others."""
    others = (_of_person(person, what) - what)[visits] / (_of_person(person, each) - each)[visits]
    return np.asarray(np.log(what[visits] / each[visits]) - np.log(others))


def drawn_to_prior(values: Floats, prior: Intensity) -> Intensity:
    """Return what visits' intensities say, where they are few with what is so in general."""
    if not len(values):
        return prior
    tenth, median, ninth = np.quantile(values, (0.1, 0.5, 0.9)).tolist()
    weight = len(values) / (len(values) + PRIOR_VISITS)

    def mixed(seen: float, general: float) -> float:
        return weight * seen + (1 - weight) * general

    return Intensity(
        mixed(median, prior.usual),
        max(0.2, mixed((median - tenth) / NORMAL_TENTH, prior.quieter)),
        max(0.2, mixed((ninth - median) / NORMAL_TENTH, prior.busier)),
    )


def _of_person(person: Integers, values: Integers | Floats) -> Floats:
    return np.asarray(np.bincount(person, weights=values)[person])
