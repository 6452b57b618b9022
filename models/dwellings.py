"""Where a person lives and works: what their use of other places is compared with.

A break-in over a proxy with many exits is seen in many towns. Beside each the other towns are
"elsewhere", and what the intruder brought would be known from there. So what is a person's own is
what was seen where they dwell: at the main place, near it, and at places of a good part of their
active days.
"""

from dataclasses import dataclass

import numpy as np

from models.active_hours import DAY
from models.columns import Booleans, Integers
from models.company import Company
from models.learned import APART_LEAST_KM
from models.runs import among, distinct, heaviest, tallied

DAYS_SHARE = 0.2  # of the person's active days


@dataclass(frozen=True)
class Dwellings:
    """The (person, place) that are dwellings; each person has one at least."""

    main: Integers  # each person's main place: used on most days, then in most hours
    _keys: Integers
    _span: int

    @classmethod
    def of(cls, known: Company) -> "Dwellings":
        """Find where everybody dwells."""
        seen, place = known.presences, known.place_of_presence
        span, length = len(known.places) + 1, known.window.hours // 24 + 2
        pair, hours = tallied(seen.person * span + place)
        on_days = distinct((seen.person * span + place) * length + seen.first // DAY)
        days = np.bincount(np.searchsorted(pair, on_days // length), minlength=len(pair))
        person, where = pair // span, pair % span
        by_person = distinct(seen.person * length + seen.first // DAY) // length
        active = np.bincount(by_person, minlength=len(known.people))
        most = heaviest(person, days * (hours.max(initial=0) + 1) + hours)
        main = np.zeros(len(known.people), np.int64)
        main[person[most]] = where[most]
        near = known.places.apart_km(main[person], where) < APART_LEAST_KM
        return cls(main, pair[near | (days >= DAYS_SHARE * active[person])], span)

    def hold(self, person: Integers, place: Integers) -> Booleans:
        """Say of people and places, pair by pair, whether the one dwells at the other."""
        return among(person * self._span + place, self._keys)
