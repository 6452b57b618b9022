"""The habit of hiding: colleagues who for days use hosting, VPN or relay addresses of their own."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from itertools import chain

import numpy as np

from models.columns import Integers
from models.company import Company
from models.learned import Learned
from models.runs import distinct, number_but

HABIT_DAYS = 3  # on which one hides; whoever has a private VPN may have another exit each day


class Hiding:
    """Who else so hides, in which countries and on which network numbers."""

    def __init__(self, known: Company, learned: Learned) -> None:
        self._known = known
        self._learned = learned

    @cached_property
    def _private(self) -> Integers:
        """Presences over hidden addresses that few share, of people who have the habit."""
        seen, learned = self._known.presences, self._learned
        private = np.flatnonzero((learned.hides & learned.few_share)[seen.address])
        span = self._known.window.days
        used = distinct(seen.person[private] * span + seen.day[private]) // span
        days = np.bincount(used, minlength=len(self._known.people))
        return np.asarray(private[days[seen.person[private]] >= HABIT_DAYS])

    @cached_property
    def _people(self) -> dict[str | None, Integers]:
        """People who hide: by country, and all (None)."""
        private, place = self._private, self._known.place_of_presence
        country = np.array(self._known.places.country)[place[private]]
        who = self._known.presences.person[private]
        return {
            None: distinct(who),
            **{str(name): distinct(who[country == name]) for name in np.unique(country)},
        }

    @cached_property
    def _numbers(self) -> dict[int, set[int]]:
        """Network numbers that each of them hides on."""
        seen, addresses = self._known.presences, self._known.addresses
        private, found = self._private, dict[int, set[int]]()
        number = addresses.asn[seen.address[private]].tolist()
        for person, used in zip(seen.person[private].tolist(), number, strict=True):
            found.setdefault(person, set()).add(used)
        return found

    @cached_property
    def _users(self) -> Counter[int]:
        """How many people hide on each network number."""
        return Counter(chain.from_iterable(self._numbers.values()))

    @cached_property
    def _numbers_by_users(self) -> Counter[int]:
        """How many network numbers have so many who hide on them."""
        return Counter(self._users.values())

    @cached_property
    def _uses(self) -> int:
        """How many (network number, person who hides on it) there are."""
        return self._users.total()

    def on_numbers(self, numbers: Iterable[int], person: int) -> tuple[float, bool]:
        """Return how often colleagues who hide have a number of their own (1 of 2 at first).

        And whether any of them is on one of `numbers`. Good (1953): the chance that the next is
        new is the share of those seen once.
        """
        users, own = self._users, self._numbers.get(person, frozenset[int]())
        # Where the person is one of two, the other is left; and nobody where alone.
        alone = self._numbers_by_users[1]
        alone += sum((users[number] == 2) - (users[number] == 1) for number in own)
        new = (alone + 1) / (self._uses - len(own) + 2)
        return new, any(users[number] > (number in own) for number in numbers)

    def in_country(self, country: str | None, person: int) -> int:
        """Count the colleagues who hide behind addresses of a country; None: of any."""
        found = self._people.get(country)
        return 0 if found is None else number_but(found, person)
