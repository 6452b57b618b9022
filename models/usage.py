"""Who uses a thing: an address, a block of addresses, a network; and who jumps on it."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.active_hours import DAY
from models.company import Company
from models.places import Booleans, Integers
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
    def _bounds(self) -> Integers:
        """Where the pairs of each thing begin, and where the last ones end."""
        return np.searchsorted(self.users[:, 0], np.arange(self.things + 1)).astype(np.int64)

    @cached_property
    def _people(self) -> Integers:
        return np.ascontiguousarray(self.users[:, 1])

    def pair(self, thing: int, person: int) -> int | None:
        """Return the row of a pair, if the person ever used the thing."""
        low, high = int(self._bounds[thing]), int(self._bounds[thing + 1])
        at = low + int(self._people[low:high].searchsorted(person))
        return at if at < high and self._people[at] == person else None

    def jumped_on(self, known: Company, thing: Integers, jump: Booleans) -> "Usage":
        """Return the same with other jumps; `thing` has an entry an address, `jump` a presence."""
        seen, span = known.presences, len(known.people) + 1
        jumping = distinct(thing[seen.address[jump]] * span + seen.person[jump])
        return replace(self, jumps=among(self.users[:, 0] * span + self.users[:, 1], jumping))


def usage(known: Company, thing: Integers) -> Usage:
    """Count who uses what, nobody jumping; `thing` has an entry an address."""
    seen = known.presences
    span, days = len(known.people) + 1, known.window.hours // 24 + 2
    used = distinct((thing[seen.address] * span + seen.person) * days + seen.first // DAY)
    pair = used // days
    first = begins(pair)
    keys, counts = pair[first], lengths(first, len(pair))
    users = np.stack([keys // span, keys % span], axis=1)
    things = int(thing.max(initial=-1)) + 1
    in_use = distinct(pair // span * days + used % days) // days
    lasting = np.bincount(in_use, minlength=things)
    return Usage(things, users, np.zeros(len(users), np.bool_), counts, lasting)
