"""Colleagues: how many people are known in a country or near a place, leaving one person out."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

from models.active_hours import DAY
from models.company import Company
from models.learned import APART_LEAST_KM, Learned
from models.places import Booleans, Integers
from models.runs import among, distinct
from models.sphere import Floats
from models.usage import ESTABLISHED_DAYS


class Peers:
    """Who else is known where.

    Only such presence counts as shows where a colleague is, and only while nothing speaks against
    it: an attacker on five accounts is not five colleagues in the attacker's town.
    """

    def __init__(self, known: Company, learned: Learned) -> None:
        self._known = known
        self._learned = learned
        span = len(known.places) + 1
        pair = known.presences.person * span + known.place_of_presence
        doubtful = distinct(pair[learned.jumping])
        solid = distinct(pair[learned.physical[known.presences.address]])
        kept = np.setdiff1d(solid, doubtful, assume_unique=True)
        self._person, self._place = kept // span, kept % span
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

    @cached_property
    def share_alone(self) -> Floats:
        """Share of each network's uses whose address nobody else uses (1 of 2 at first)."""
        by_ip, learned = self._learned.by_address, self._learned
        network = np.zeros(by_ip.things, np.int64)
        network[learned.ip] = learned.network
        of_pair = network[by_ip.users[:, 0]]
        alone = by_ip.people[by_ip.users[:, 0]] == 1
        size = learned.by_network.things
        pairs, lonely = (np.bincount(each, minlength=size) for each in (of_pair, of_pair[alone]))
        return np.asarray((lonely + 1) / (pairs + 2))

    def near(self, place: int, person: int) -> int:
        """Count the colleagues known less than APART_LEAST_KM from a place."""
        if place not in self._near:
            every = np.arange(len(self._known.places))
            close = self._known.places.apart_km(place, every) < APART_LEAST_KM
            self._near[place] = np.unique(self._person[close[self._place]])
        return without(self._near[place], person)

    def seen_near(self, place: int) -> Integers:
        """Return the people known near a place, but for those known by region or country only.

        One whose telephone is known to be in the country is as near to each of its towns.
        """
        places, theirs = self._known.places, distinct(self._place)
        towns = [at for at in theirs.tolist() if not places.vague(at)]
        close = places.apart_km(place, towns) < APART_LEAST_KM
        near = among(self._place, np.array(towns, np.int64)[close])
        return np.unique(self._person[near])

    def seen_in(self, country: str) -> Integers:
        """Return the people known in a country."""
        if country not in self._country:
            self._country[country] = np.unique(self._person[self._countries == country])
        return self._country[country]

    def in_country(self, country: str, person: int) -> int:
        """Count the colleagues known in a country."""
        return without(self.seen_in(country), person)

    @cached_property
    def _privately_hidden(self) -> Integers:
        """Presences over hidden addresses that few share, of people who use such on several days.

        Whoever has a private VPN may have another exit each day.
        """
        seen, learned = self._known.presences, self._learned
        private = np.flatnonzero((learned.hides & learned.few_share)[seen.address])
        span = self._known.window.hours // 24 + 2
        used = distinct(seen.person[private] * span + seen.first[private] // DAY) // span
        days = np.bincount(used, minlength=len(self._known.people))
        return np.asarray(private[days[seen.person[private]] >= ESTABLISHED_DAYS])

    @cached_property
    def _hidden(self) -> dict[str | None, Integers]:
        """People who so hide: by country, and all (None)."""
        private, place = self._privately_hidden, self._known.place_of_presence
        country = np.array(self._known.places.country)[place[private]]
        who = self._known.presences.person[private]
        return {
            None: distinct(who),
            **{str(name): distinct(who[country == name]) for name in np.unique(country)},
        }

    @cached_property
    def _numbers_hidden_on(self) -> dict[int, set[int]]:
        """Network numbers of each person who so hides."""
        seen, addresses = self._known.presences, self._known.addresses
        private, found = self._privately_hidden, dict[int, set[int]]()
        number = addresses.asn[seen.address[private]].tolist()
        for person, used in zip(seen.person[private].tolist(), number, strict=True):
            found.setdefault(person, set()).add(used)
        return found

    @cached_property
    def _hidden_on(self) -> Counter[int]:
        """How many people so hide on each network number."""
        return Counter(chain.from_iterable(self._numbers_hidden_on.values()))

    @cached_property
    def _numbers_by_users(self) -> Counter[int]:
        """How many network numbers have so many who so hide."""
        return Counter(self._hidden_on.values())

    @cached_property
    def _hiding(self) -> int:
        """How many (network number, person who so hides) there are."""
        return self._hidden_on.total()

    def hidden_on(self, numbers: Iterable[int], person: int) -> tuple[float, bool]:
        """Return how often colleagues who so hide have a number of their own (1 of 2 at first).

        And whether any of them is on one of `numbers`. Good (1953): the chance that the next is
        new is the share of those seen once.
        """
        users, own = self._hidden_on, self._numbers_hidden_on.get(person, frozenset[int]())
        # Where the person is one of two, the other is left; and nobody where alone.
        alone = self._numbers_by_users[1]
        alone += sum((users[number] == 2) - (users[number] == 1) for number in own)
        new = (alone + 1) / (self._hiding - len(own) + 2)
        return new, any(users[number] > (number in own) for number in numbers)

    def hidden_in(self, country: str | None, person: int) -> int:
        """Count the colleagues who for days use a hidden address of their own in a country."""
        found = self._hidden.get(country)
        return 0 if found is None else without(found, person)


def without(people: Integers, person: int) -> int:
    """Return the number of `people` (sorted) other than `person`."""
    at = int(people.searchsorted(person))
    return len(people) - int(at < len(people) and people[at] == person)
