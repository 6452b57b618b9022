"""Colleagues: who else is known in a country or near a place, and which networks are in use there.

The person is left out of what is counted.
"""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from models.columns import Booleans, Integers
from models.company import Company
from models.learned import APART_LEAST_KM, Learned
from models.runs import among, distinct, number_but


class Peers:
    """Who else is known where.

    Only such presence counts as shows where a colleague is, and only while nothing speaks against
    it: an attacker on five accounts is not five colleagues in the attacker's town.
    """

    def __init__(self, known: Company, learned: Learned) -> None:
        self._known = known
        span = len(known.places) + 1
        pair = known.presences.person * span + known.place_of_presence
        doubtful = distinct(pair[learned.jumping])
        solid = distinct(pair[learned.physical[known.presences.address]])
        kept = np.setdiff1d(solid, doubtful, assume_unique=True)
        self._person, self._place = kept // span, kept % span  # who is known where, a pair each
        self._near: dict[int, Integers] = {}
        self._country: dict[str, Integers] = {}

    @property
    def people(self) -> int:
        return len(self._known.people)

    @cached_property
    def _countries(self) -> npt.NDArray[np.str_]:
        return np.asarray(np.array(self._known.places.country)[self._place])

    @cached_property
    def travels(self) -> int:
        """How many (person, country) there are beyond one country a person."""
        return len(set(zip(self._person.tolist(), self._countries.tolist(), strict=True))) - len(
            np.unique(self._person)
        )

    @cached_property
    def _numbers_in(self) -> dict[str, Integers]:
        """Network numbers in use, by country."""
        addresses = self._known.addresses
        country = np.array(self._known.places.country)[addresses.place]
        return {name: np.unique(addresses.asn[country == name]) for name in np.unique(country)}

    def operates_in(self, numbers: Integers, country: str) -> Booleans:
        """Say of network numbers whether somebody uses them in a country."""
        found = self._numbers_in.get(country, np.empty(0, np.int64))
        return among(numbers, found) & (numbers >= 0)

    def near(self, place: int, person: int) -> int:
        """Count the colleagues known near a place, those among them who may be anywhere about it.

        One whose telephone is known to be in the country is as likely in each of its towns.
        """
        if place not in self._near:
            self._near[place] = np.unique(self._person[self._close(place)])
        return number_but(self._near[place], person)

    def seen_in_towns_near(self, place: int) -> Integers:
        """Return the people known in a town near a place: no reader would count the others."""
        in_town = np.array([city is not None for city in self._known.places.city], np.bool_)
        return np.unique(self._person[self._close(place) & in_town[self._place]])

    def _close(self, place: int) -> Booleans:
        """Say of each (person, place) that is known whether it lies near a place."""
        every = np.arange(len(self._known.places))
        km = self._known.places.apart_km(place, every)
        return np.asarray((km < APART_LEAST_KM)[self._place])

    def seen_in(self, country: str) -> Integers:
        """Return the people known in a country."""
        if country not in self._country:
            self._country[country] = np.unique(self._person[self._countries == country])
        return self._country[country]

    def in_country(self, country: str, person: int) -> int:
        """Count the colleagues known in a country."""
        return number_but(self.seen_in(country), person)
