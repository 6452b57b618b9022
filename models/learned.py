"""What a company's own logs teach: which addresses and networks do not say where a person is.

A person's two uses, one after the other from two places, say that somebody moved, or that one of
the two addresses lies elsewhere than its database says, or that somebody else is in. When the
way is too long for the time, call it a *jump*. A network on which most of its many users jump is
no place: a carrier whose gateways sit in another city, a VPN, a cloud proxy. A shared address
without jumps is an office.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.active_hours import HOUR
from models.columns import Booleans, Floats, Integers
from models.company import Company
from models.groundwork import PRIOR_SHARE_ELSE, SHARED_PEOPLE, Groundwork
from models.network_kinds import HIDING, PROXIES
from models.placeless import NOT_PHYSICAL, placeless, smoothed
from models.runs import begins, distinct, lengths
from models.sphere import great_circle_km, travel_hours
from models.usage import Usage

SLACK_HOURS = 0.25  # clocks differ, and providers stamp an event late
APART_LEAST_KM = 100.0  # nearer uses are one person's daily life
# A company's VPN at home: those who are at home jump as little as at the office, the others do.
HIDDEN_NOT_PHYSICAL = 0.1
POOL_SHARE = 0.05  # of all people on a hidden network: it acts for them all


@dataclass(frozen=True)
class Learned:
    """See the fields; the index of `by_network` is `network[address]`."""

    by_address: Usage
    by_prefix: Usage
    by_network: Usage
    ip: Integers  # an entry an address, as all below: index of its IP in `by_address`
    network: Integers  # index of its (network number, country) in `by_network`
    share: Floats  # share of the address's own users who jump, smoothed by the network's
    share_passing: Floats  # the same, of all its users where none has settled
    jumping: Booleans  # an entry a presence: a jump is held against it
    hides: Booleans  # of a kind that hides where one is: hosting, VPN, relay
    of_company: Booleans  # a VPN or relay whose number acts for many of the company's people
    reliance: Floats  # an entry a network: its share of its users' active hours
    using: Floats  # an entry a pair of `by_network`: chance that the use is honest
    honest_jumps: Floats  # the same of the jumps; 0 where there is none

    @property
    def physical(self) -> Booleans:
        """Say of each address whether a use of it shows where the person is."""
        least = np.where(self.hides, HIDDEN_NOT_PHYSICAL, NOT_PHYSICAL)
        return np.asarray((self.share <= least) & ~self.of_company)

    @cached_property
    def few_share(self) -> Booleans:
        """Say of each address whether few use it: no office, no VPN of the company, no pool."""
        pool = POOL_SHARE * len(np.unique(self.by_address.users[:, 1])) + SHARED_PEOPLE
        few = self.by_address.established[self.ip] < SHARED_PEOPLE
        few &= self.by_network.people[self.network] < pool
        return np.asarray(few & ~self.of_company)

    @property
    def doubt(self) -> Floats:
        """Return for each address the chance that a use of it does not show where the person is.

        What every address is presumed to err by is left out: it is no news.
        """
        return np.asarray(np.maximum(0.0, self.share_passing - PRIOR_SHARE_ELSE))

    @cached_property
    def people_of_network(self) -> Floats:
        """Honest users of each network."""
        return self._sum_by_network(self.using)

    @cached_property
    def jumping_on_network(self) -> Floats:
        """Honest users of each network who jump."""
        return self._sum_by_network(self.honest_jumps)

    def _sum_by_network(self, weights: Floats) -> Floats:
        number = self.by_network.things
        of_pair = self.by_network.users[:, 0]
        return np.asarray(np.bincount(of_pair, weights=weights, minlength=number), np.float64)

    @cached_property
    def jump_share_of_network(self) -> Floats:
        """Share of each network's honest users who jump, smoothed as of an unknown kind."""
        return smoothed(self.jumping_on_network, self.people_of_network, PRIOR_SHARE_ELSE)

    @cached_property
    def share_alone_of_network(self) -> Floats:
        """Share of each network's uses whose address nobody else uses (1 of 2 at first)."""
        network = np.zeros(self.by_address.things, np.int64)
        network[self.ip] = self.network
        pair = self.by_address.users[:, 0]
        size = self.by_network.things
        every = np.bincount(network[pair], minlength=size)
        alone = np.bincount(network[pair[self.by_address.people[pair] == 1]], minlength=size)
        return np.asarray((alone + 1) / (every + 2))

    def trusting(self, trust: tuple[Floats, Floats]) -> "Learned":
        """Return the same with other chances that uses of networks, and jumps there, are honest."""
        using, honest_jumps = trust
        return replace(self, using=using, honest_jumps=honest_jumps)


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
    gap = np.maximum(0, seen.first[at + 1] - seen.last[at]) / HOUR
    too_long = (km > APART_LEAST_KM) & (travel_hours(km) > gap + SLACK_HOURS)
    return np.asarray(at[too_long])


def touched(known: Company, ground: Groundwork) -> Booleans:
    """Say of each presence whether a jump is held against it.

    Where neither network is at fault, it is held against the place that the person uses less.
    """
    seen = known.presences
    at = jumps(known)
    one, other, person = ground.of_presence[at], ground.of_presence[at + 1], seen.person[at]
    cross, hops = one != other, ground.hops.share(seen.person, at)
    jumping = person[cross], one[cross], other[cross]
    users = ground.by_network.people
    fault = placeless(*jumping, users, ground.prior, ground.reliance, hops)
    result = np.zeros(len(seen.first), np.bool_)
    result[at[fault[one]]] = True
    result[at[fault[other]] + 1] = True
    left = at[~fault[one] & ~fault[other]]
    used, used_next = _days_used(known, left)
    result[left[used <= used_next]] = True
    result[left[used_next <= used] + 1] = True
    return result


def _days_used(known: Company, at: Integers) -> tuple[Integers, Integers]:
    """Return on how many days their people use the places of presences, and those of the next."""
    seen, days = known.presences, known.window.days
    asked = np.zeros(len(known.people), np.bool_)
    asked[seen.person[at]] = True
    pair = seen.person * (len(known.places) + 1) + known.place_of_presence
    theirs = asked[seen.person]
    each = distinct(pair[theirs] * days + seen.day[theirs]) // days
    first = begins(each)
    count = lengths(first, len(each))
    used, used_next = (count[np.searchsorted(each[first], pair[rows])] for rows in (at, at + 1))
    return used, used_next


def learn(known: Company, ground: Groundwork | None = None) -> Learned:
    """Learn from every presence in the window; the groundwork is laid first if it is not given."""
    ground = ground or Groundwork.of(known)
    jump = touched(known, ground)
    ip, network = ground.ip, ground.network
    by_address = ground.by_address.jumped_on(known, ip, jump)
    by_network = ground.by_network.jumped_on(known, network, jump)
    of_network = smoothed(by_network.jumping, by_network.people, ground.prior)[network]
    # An address speaks for itself by those who use it for days: an office on a carrier's network.
    share = smoothed(by_address.settled_jumping[ip], by_address.established[ip], of_network)
    # Nobody settles on an aircraft's gateway: there all who pass speak.
    passing = smoothed(by_address.jumping[ip], by_address.people[ip], of_network)
    return Learned(
        by_address,
        ground.by_prefix.jumped_on(known, known.addresses.prefix, jump),
        by_network,
        ip,
        network,
        share,
        np.where(by_address.established[ip] > 0, share, passing),
        jump,
        known.addresses.of(HIDING),
        known.addresses.of(PROXIES) & ground.everywhere,
        ground.reliance,
        np.ones(len(by_network.users)),
        by_network.jumps.astype(np.float64),
    )
