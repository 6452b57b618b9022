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

from models.active_hours import DAY
from models.company import Company
from models.placeless import NOT_PHYSICAL, hop_share, placeless, relied_on, smoothed
from models.places import Booleans, Integers
from models.runs import distinct
from models.sphere import Floats, great_circle_km, travel_hours
from models.usage import Usage, usage

SLACK_HOURS = 0.25  # clocks differ, and providers stamp an event late
APART_LEAST_KM = 100.0  # nearer uses are one person's daily life
# A jump share is learned; until there are people to learn from, the kind of network says.
PRIOR_SHARE = {"vpn": 0.9, "relay": 0.9, "hosting": 0.8, "mobile": 0.35}
PRIOR_SHARE_ELSE = 0.04
CARRIER_PEOPLE_LEAST = 3
HOUSEHOLD = 2  # colleagues at one home
CARRIER_KINDS = frozenset({None, "isp", "mobile"})
HIDDEN_KINDS = frozenset({"vpn", "hosting", "relay"})
PROXY_KINDS = frozenset({"vpn", "relay"})  # what a company may send all its people through
# A company's VPN at home: those who are at home jump as little as at the office, the others do.
HIDDEN_NOT_PHYSICAL = 0.1
POOL_SHARE = 0.05  # of all people on a hidden network: it acts for them all
EVERYWHERE_SHARE = 0.2  # of all people on one network number, in whatever countries: likewise
SHARED_PEOPLE = 5  # settled on one address: no private habit, but a way out that is shared


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

    def trusting(self, trust: tuple[Floats, Floats]) -> "Learned":
        """Return the same with other chances that uses of networks, and jumps there, are honest."""
        using, honest_jumps = trust
        return replace(self, using=using, honest_jumps=honest_jumps)

    def share_without(self, address: int, person: int, kind: str | None) -> float:
        """Return the honest jump share of the address's network, leaving one person out."""
        network = int(self.network[address])
        people, jumping = self.people_of_network[network], self.jumping_on_network[network]
        row = self.by_network.pair(network, person)
        if row is not None:
            people, jumping = people - self.using[row], jumping - self.honest_jumps[row]
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


def touched(known: Company, network: Integers, prior: Floats, reliance: Floats) -> Booleans:
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
    hops = hop_share(seen.person, of_presence, at, len(prior))
    fault = placeless(person[cross], one[cross], other[cross], people, prior, reliance, hops)
    pair = seen.person * (len(known.places) + 1) + known.place_of_presence
    days = known.window.hours // 24 + 2
    used_pair, count = np.unique(
        distinct(pair * days + seen.first // DAY) // days, return_counts=True
    )
    used, used_next = (count[np.searchsorted(used_pair, pair[each])] for each in (at, at + 1))
    none = ~fault[one] & ~fault[other]
    result = np.zeros(len(seen.first), np.bool_)
    result[at] |= fault[one] | (none & (used <= used_next))
    result[at + 1] |= fault[other] | (none & (used_next <= used))
    return result


def learn(known: Company) -> Learned:
    """Learn from every presence in the window."""
    addresses = known.addresses
    codes = {name: number for number, name in enumerate(sorted(set(known.places.country)))}
    country = np.array([codes[name] for name in known.places.country], np.int64)
    named = np.stack([addresses.asn, country[addresses.place]], axis=1)
    _, first, network = np.unique(named, axis=0, return_index=True, return_inverse=True)
    network = network.astype(np.int64).reshape(-1)
    prior = np.array([prior_share(addresses.kind[at]) for at in first])
    reliance = relied_on(known.presences.person, network[known.presences.address], len(prior))
    jump = touched(known, network, prior, reliance)
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
        share,
        np.where(by_address.established[ip] > 0, share, passing),
        jump,
        addresses.of(HIDDEN_KINDS),
        addresses.of(PROXY_KINDS) & of_company(known),
        reliance,
        np.ones(len(by_network.users)),
        by_network.jumps.astype(np.float64),
    )


def of_company(known: Company) -> Booleans:
    """Say of each address whether a fifth of all people use its network number, wherever it ends.

    A company that sends its people through a cloud proxy gives each the exit that is nearest.
    """
    seen, number = known.presences, known.addresses.asn
    people = len(known.people)
    used = distinct((number[seen.address] + 1) * people + seen.person) // people
    users = np.bincount(used, minlength=int(number.max(initial=0)) + 2)[number + 1]
    return np.asarray((users >= EVERYWHERE_SHARE * people + SHARED_PEOPLE) & (number >= 0))


def carriers(known: Company, learned: Learned) -> Booleans:
    """Say of each address whether it belongs to a carrier whose gateways are spread.

    Only access networks can be carriers, and only within their country: that is all that such an
    address's place is taken to say. A hosting provider or a VPN keeps its place, and so does an
    address on which one or two are settled: a line at home, of a carrier with telephones as well.
    """
    people = learned.by_network.people[learned.network]
    access = known.addresses.of(CARRIER_KINDS)
    by_address = learned.by_address
    line = ((by_address.established > 0) & (by_address.people <= HOUSEHOLD))[learned.ip]
    spread = (people >= CARRIER_PEOPLE_LEAST) & (learned.share > NOT_PHYSICAL)
    return access & ~line & spread
