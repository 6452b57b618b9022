"""Who uses a thing: an address, a block of addresses, a network; and who jumps on it."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.columns import Booleans, Integers
from models.company import Company
from models.runs import among, begins, distinct, lengths

ESTABLISHED_DAYS = 3


@dataclass(frozen=True)
class Usage:
    """How many people use a thing (an address, a prefix, a network), and how many jump on it.

    One entry a thing; `users` is the sorted pairs (thing, person) that make it up.
    """

    things: int
    users: Integers  # rows (thing, person)
    jumps: Booleans  # a pair jumps
    days: Integers  # a pair's active days
    lasting: Integers  # an entry a thing: days on which anybody uses it

    @cached_property
    def people(self) -> Integers:
        return np.bincount(self.users[:, 0], minlength=self.things)

    @cached_property
    def jumping(self) -> Integers:
        return np.bincount(self.users[self.jumps, 0], minlength=self.things)

    @cached_property
    def settled(self) -> Booleans:
        """Pairs of a thing and a person who used it on at least ESTABLISHED_DAYS days."""
        return self.days >= ESTABLISHED_DAYS

    @cached_property
    def established(self) -> Integers:
        """People settled on each thing."""
        return np.bincount(self.users[self.settled, 0], minlength=self.things)

    @cached_property
    def settled_jumping(self) -> Integers:
        kept = self.jumps & self.settled
        return np.bincount(self.users[kept, 0], minlength=self.things)

    @cached_property
    def _span(self) -> int:
        return int(self.users[:, 1].max(initial=0)) + 1

    @cached_property
    def _keys(self) -> Integers:
        return np.asarray(self.users[:, 0] * self._span + self.users[:, 1])

    def rows(self, thing: Integers, person: Integers) -> Integers:
        """Return the row of each pair, -1 where the person never used the thing."""
        if not len(self._keys):
            return np.full(len(thing), -1)
        key = thing * self._span + person
        at = np.minimum(self._keys.searchsorted(key), len(self._keys) - 1)
        return np.where((self._keys[at] == key) & (person < self._span), at, -1)

    def jumped_on(self, known: Company, thing: Integers, jump: Booleans) -> "Usage":
        """Return the same with other jumps; `thing` has an entry an address, `jump` a presence."""
        seen, span = known.presences, len(known.people) + 1
        jumping = distinct(thing[seen.address[jump]] * span + seen.person[jump])
        return replace(self, jumps=among(self.users[:, 0] * span + self.users[:, 1], jumping))


def usage(known: Company, thing: Integers) -> Usage:
    """Count who uses what, nobody jumping; `thing` has an entry an address."""
    seen = known.presences
    span, days = len(known.people) + 1, known.window.days
    used = distinct((thing[seen.address] * span + seen.person) * days + seen.day)
    pair = used // days
    first = begins(pair)
    keys, counts = pair[first], lengths(first, len(pair))
    users = np.stack([keys // span, keys % span], axis=1)
    things = int(thing.max(initial=-1)) + 1
    in_use = distinct(pair // span * days + used % days) // days
    lasting = np.bincount(in_use, minlength=things)
    return Usage(things, users, np.zeros(len(users), np.bool_), counts, lasting)
