"""How busy people are away from their main place: events an active hour, beside their other use.

How much busier or quieter honest use gets differs from company to company: phones sync, people on
a trip look at their mail and no more, or work on as ever. So it is learned from all of the
company's visits; attacks among them are too few to move the quantiles taken. Beyond what was seen
the tail is heavy, so that a busy day alone never tells an attack.
"""

from dataclasses import dataclass
from math import exp, log, pi, sqrt

import numpy as np

from models.company import Company
from models.places import Integers
from models.sphere import Floats

NORMAL_TENTH = 1.2816  # deviations from the median within which four fifths of a normal lie
PRIOR_VISITS = 20.0
SURPRISING, WIDE = 0.005, 1.8  # share of honest use that is like nothing seen; how far it scatters


@dataclass(frozen=True)
class Intensity:
    """The log of events an active hour away, less the same elsewhere: a normal of two halves."""

    usual: float = 0.0
    quieter: float = 1.3  # deviation below
    busier: float = 0.8  # deviation above

    def log_density(self, value: float) -> float:
        """Return the log-density of an honest use's intensity."""
        away = value - self.usual
        deviation = self.quieter if away < 0 else self.busier
        scale = (self.quieter + self.busier) / 2
        near = exp(-0.5 * (away / deviation) ** 2) / scale
        far = exp(-0.5 * (away / WIDE) ** 2) / WIDE
        return log((1 - SURPRISING) * near + SURPRISING * far) - log(sqrt(2 * pi))


def learned(known: Company) -> Intensity:
    """Learn from all uses of places that are not their person's busiest."""
    seen = known.presences
    span = len(known.places) + 1
    pair, index = np.unique(seen.person * span + known.place_of_presence, return_inverse=True)
    hours = np.bincount(index, minlength=len(pair))
    events = np.bincount(index, weights=seen.events, minlength=len(pair))
    person: Integers = (pair // span).astype(np.int64)
    main = np.zeros(len(pair), np.bool_)
    order = np.lexsort((-hours, person))
    main[order[np.flatnonzero(np.diff(person[order], prepend=-1))]] = True
    others_hours = _of_person(person, hours) - hours
    others_events = _of_person(person, events) - events
    visits = ~main & (others_hours > 0)
    value = np.log(events[visits] / hours[visits])
    value -= np.log(others_events[visits] / others_hours[visits])
    return drawn_to_prior(value)


def drawn_to_prior(values: Floats) -> Intensity:
    """Return what visits' intensities say, where they are few with what is so in general."""
    prior = Intensity()
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
