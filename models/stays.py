"""Every (person, place) that there is, and each person's main place among them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.columns import Booleans, Floats, Integers
from models.company import Company
from models.runs import distinct, heaviest, tallied


@dataclass(frozen=True)
class Stays:
    """An entry a (person, place), sorted by person, then place."""

    known: Company
    person: Integers
    place: Integers
    days: Integers  # active days
    hours: Integers  # active hours

    @classmethod
    def of(cls, known: Company) -> "Stays":
        """Count the days and hours of all presences."""
        seen, span, days = known.presences, len(known.places) + 1, known.window.days
        key = seen.person * span + known.place_of_presence
        pair, hours = tallied(key)
        _, active = tallied(distinct(key * days + seen.day) // days)
        return cls(known, pair // span, pair % span, active, hours)

    @cached_property
    def main(self) -> Booleans:
        """Say which are their person's main place: most days, then most hours."""
        return heaviest(self.person, self.days * (self.hours.max(initial=0) + 1) + self.hours)

    @cached_property
    def main_place(self) -> Integers:
        """The main place of each person of the company."""
        found = np.zeros(len(self.known.people), np.int64)
        found[self.person[self.main]] = self.place[self.main]
        return found

    @cached_property
    def km(self) -> Floats:
        """Kilometres, less both radii, from the person's main place."""
        return self.known.places.apart_km(self.main_place[self.person], self.place)
