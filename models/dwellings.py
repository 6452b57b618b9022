"""Where a person lives and works: what their use of other places is compared with.

A break-in over a proxy with many exits is seen in many towns. Beside each the other towns are
"elsewhere", and what the intruder brought would be known from there. So what is a person's own is
what was seen where they dwell: at the main place, near it, and at places of a good part of their
active days.
"""

from dataclasses import dataclass

import numpy as np

from models.columns import Booleans, Integers
from models.learned import APART_LEAST_KM
from models.runs import among, distinct
from models.stays import Stays

DAYS_SHARE = 0.2  # of the person's active days


@dataclass(frozen=True)
class Dwellings:
    """The (person, place) that are dwellings; each person has one at least."""

    main: Integers  # each person's main place
    _keys: Integers
    _span: int

    @classmethod
    def of(cls, stays: Stays) -> "Dwellings":
        """Find where everybody dwells."""
        known, seen = stays.known, stays.known.presences
        days, span = known.window.days, len(known.places) + 1
        by_person = distinct(seen.person * days + seen.day) // days
        active = np.bincount(by_person, minlength=len(known.people))
        often = stays.days >= DAYS_SHARE * active[stays.person]
        held = often | (stays.km < APART_LEAST_KM)
        return cls(stays.main_place, (stays.person * span + stays.place)[held], span)

    def hold(self, person: Integers, place: Integers) -> Booleans:
        """Say of people and places, pair by pair, whether the one dwells at the other."""
        return among(person * self._span + place, self._keys)
