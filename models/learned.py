"""What a company's own logs teach: which addresses and networks do not say where a person is.

A person's two uses, one after the other from two places, say that somebody moved, or that one of
the two addresses lies elsewhere than its database says, or that somebody else is in. When the
way is too long for the time, call it a *jump*. A network on which most of its many users jump is
no place: a carrier whose gateways sit in another city, a VPN, a cloud proxy. A shared address
without jumps is an office.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.company import Company
from models.placeless import NOT_PHYSICAL, hop_share, placeless, relied_on, smoothed
from models.places import Booleans, Integers
from models.runs import distinct
from models.sphere import Floats, great_circle_km, travel_hours

SLACK_HOURS = 0.25  # clocks differ, and providers stamp an event late
APART_LEAST_KM = 100.0  # nearer uses are one person's daily life
DAY = 86400
# A jump share is learned; until there are people to learn from, the kind of network says.
PRIOR_SHARE = {"vpn": 0.9, "relay": 0.9, "hosting": 0.8, "mobile": 0.35}
PRIOR_SHARE_ELSE = 0.04
CARRIER_PEOPLE_LEAST = 3
CARRIER_KINDS = frozenset({None, "isp", "mobile"})
ESTABLISHED_DAYS = 3
HIDDEN_KINDS = frozenset({"vpn", "hosting", "relay"})
SHARED_PEOPLE = 5  # settled on one address: no private habit, but a way out that is shared


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


@dataclass(frozen=True)
class Learned:
    """See the fields; the index of `by_network` is `network[address]`."""

    by_address: Usage
    by_prefix: Usage
    by_network: Usage
    ip: Integers  # an entry an address, as all below: index of its IP in `by_address`
    network: Integers  # index of its (network number, country) in `by_network`
    share_of_network: Floats  # share of the network's users who jump, smoothed by its kind
    share: Floats  # share of the address's own users who jump, smoothed by the network's
    share_passing: Floats  # the same, of all its users where none has settled
    jumping: Booleans  # an entry a presence: a jump is held against it

    @property
    def physical(self) -> Booleans:
        """Say of each address whether a use of it shows where the person is."""
        return self.share <= NOT_PHYSICAL

    @property
    def doubt(self) -> Floats:
        """Return for each address the chance that a use of it does not show where the person is.

        What every address is presumed to err by is left out: it is no news.
        """
        return np.asarray(np.maximum(0.0, self.share_passing - PRIOR_SHARE_ELSE))

    def share_without(self, address: int, person: int, kind: str | None) -> float:
        """Return the jump share of the address's network, leaving one person out."""
        network = int(self.network[address])
        people, jumping = self.by_network.people[network], self.by_network.jumping[network]
        row = self.by_network.pair(network, person)
        if row is not None:
            people, jumping = people - 1, jumping - int(self.by_network.jumps[row])
        return float(smoothed(jumping, people, prior_share(kind)))


def prior_share(kind: str | None) -> float:
    return PRIOR_SHARE.get(kind or "", PRIOR_SHARE_ELSE)


def jumps(known: Company) -> Integers:
    """Return the presences from which the way to the person's next presence is too long."""
    seen, places = known.presences, known.places
    place = known.place_of_presence
    # Most uses follow one from the same place: only of the others is the way asked for.
    at = np.flatnonzero((place[1:] != place[:-1]) & (seen.person[1:] == seen.person[:-1]))
    here, there = place[at], place[at + 1]
    km = great_circle_km(
        places.latitude[here], places.longitude[here],
        places.latitude[there], places.longitude[there],
    )  # fmt: skip
    km = np.maximum(0.0, km - places.radius_km[here] - places.radius_km[there])
    gap = np.maximum(0, seen.first[at + 1] - seen.last[at]) / 3600
    too_long = (km > APART_LEAST_KM) & (travel_hours(km) > gap + SLACK_HOURS)
    return np.asarray(at[too_long])


def touched(known: Company, network: Integers, prior: Floats) -> Booleans:
    """Say of each presence whether a jump is held against it.

    Where neither network is at fault, it is held against the place that the person uses less.
    """
    seen = known.presences
    at = jumps(known)
    of_presence = network[seen.address]
    one, other, person = of_presence[at], of_presence[at + 1], seen.person[at]
    users = distinct(of_presence * (len(known.people) + 1) + seen.person)
    people = np.bincount(users // (len(known.people) + 1), minlength=len(prior))
    cross = one != other
    reliance = relied_on(seen.person, of_presence, len(prior))
    hops = hop_share(seen.person, of_presence, at, len(prior))
    fault = placeless(person[cross], one[cross], other[cross], people, prior, reliance, hops)
    pair = seen.person * (len(known.places) + 1) + known.place_of_presence
    days = known.window.hours // 24 + 2
    used_pair, count = np.unique(
        distinct(pair * days + seen.first // DAY) // days, return_counts=True
    )
    used = count[np.searchsorted(used_pair, pair)]
    none = ~fault[one] & ~fault[other]
    result = np.zeros(len(seen.first), np.bool_)
    result[at] |= fault[one] | (none & (used[at] <= used[at + 1]))
    result[at + 1] |= fault[other] | (none & (used[at + 1] <= used[at]))
    return result


def usage(known: Company, thing: Integers, jump: Booleans) -> Usage:
    """Count who uses what; `thing` has an entry an address, `jump` one a presence."""
    seen = known.presences
    span, days = len(known.people) + 1, known.window.hours // 24 + 2
    pair = thing[seen.address] * span + seen.person
    keys, counts = np.unique(distinct(pair * days + seen.first // DAY) // days, return_counts=True)
    users = np.stack([keys // span, keys % span], axis=1)
    jumping = np.isin(keys, distinct(pair[jump]))
    things = int(thing.max(initial=-1)) + 1
    used = distinct(thing[seen.address] * days + seen.first // DAY) // days
    return Usage(things, users, jumping, counts, np.bincount(used, minlength=things))


def learn(known: Company) -> Learned:
    """Learn from every presence in the window."""
    addresses = known.addresses
    codes = {name: number for number, name in enumerate(sorted(set(known.places.country)))}
    country = np.array([codes[name] for name in known.places.country], np.int64)
    named = np.stack([addresses.asn, country[addresses.place]], axis=1)
    _, first, network = np.unique(named, axis=0, return_index=True, return_inverse=True)
    network = network.astype(np.int64).reshape(-1)
    prior = np.array([prior_share(addresses.kind[at]) for at in first])
    jump = touched(known, network, prior)
    ip_number = {ip: number for number, ip in enumerate(dict.fromkeys(addresses.ip))}
    ip = np.array([ip_number[text] for text in addresses.ip], np.int64)
    by_address, by_network = usage(known, ip, jump), usage(known, network, jump)
    of_network = smoothed(by_network.jumping, by_network.people, prior)[network]
    # An address speaks for itself by those who use it for days: an office on a carrier's network.
    share = smoothed(by_address.settled_jumping[ip], by_address.established[ip], of_network)
    # Nobody settles on an aircraft's gateway: there all who pass speak.
    passing = smoothed(by_address.jumping[ip], by_address.people[ip], of_network)
    return Learned(
        by_address,
        usage(known, addresses.prefix, jump),
        by_network,
        ip,
        network,
        of_network,
        share,
        np.where(by_address.established[ip] > 0, share, passing),
        jump,
    )


def carriers(known: Company, learned: Learned) -> Booleans:
    """Say of each address whether it belongs to a carrier whose gateways are spread.

    Only access networks can be carriers, and only within their country: that is all that such an
    address's place is taken to say. A hosting provider or a VPN keeps its place.
    """
    people = learned.by_network.people[learned.network]
    access = np.array([kind in CARRIER_KINDS for kind in known.addresses.kind], np.bool_)
    return access & (people >= CARRIER_PEOPLE_LEAST) & (learned.share > NOT_PHYSICAL)
