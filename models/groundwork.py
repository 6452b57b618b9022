"""What learning builds on, made once: who uses what, and how people hop between networks.

A company is learned of up to three times, each time with places more to the point. None of this
depends on where in its country an address lies, so it stays as it is.
"""

from dataclasses import dataclass

import numpy as np

from models.columns import Booleans, Floats, Integers
from models.company import Company
from models.runs import distinct, tallied
from models.usage import Usage, usage

# A jump share is learned; until there are people to learn from, the kind of network says.
PRIOR_SHARE = {"vpn": 0.9, "relay": 0.9, "hosting": 0.8, "mobile": 0.35}
PRIOR_SHARE_ELSE = 0.04
EVERYWHERE_SHARE = 0.2  # of all people on one network number, in whatever countries
SHARED_PEOPLE = 5  # settled on one address: no private habit, but a way out that is shared


def prior_share(kind: str | None) -> float:
    return PRIOR_SHARE.get(kind or "", PRIOR_SHARE_ELSE)


@dataclass(frozen=True)
class Hops:
    """How often each person hops to or from each network.

    A hop is two uses, one after the other, of which one is on the network and one on another.
    """

    network: Integers  # an entry a presence
    pairs: Integers  # network * span + person, sorted
    hops: Integers  # an entry a pair
    span: int
    networks: int

    @classmethod
    def of(cls, person: Integers, network: Integers, networks: int) -> "Hops":
        """Count hops; `person` and `network` have an entry a presence, in each one's order."""
        at = np.flatnonzero((person[1:] == person[:-1]) & (network[1:] != network[:-1]))
        span, who = int(person.max(initial=0)) + 1, person[at]
        ends = np.concatenate([network[at] * span + who, network[at + 1] * span + who])
        return cls(network, *np.unique(ends, return_counts=True), span, networks)

    def share(self, person: Integers, jumps: Integers) -> Floats:
        """Return for each network the mean over its users of how many of their hops are jumps.

        `jumps` are the presences from which a jump starts. An office sees its people come from
        everywhere, and few of their hops are jumps, though many a user has one; of a gateway in
        another city nearly all are.
        """
        one, other = self.network[jumps], self.network[jumps + 1]
        hop = one != other
        ends = np.concatenate([one[hop], other[hop]]) * self.span + np.tile(person[jumps][hop], 2)
        at = np.searchsorted(self.pairs, ends)
        share = np.bincount(at, minlength=len(self.pairs)) / self.hops
        of_pair = self.pairs // self.span
        users = np.bincount(of_pair, minlength=self.networks)
        total = np.bincount(of_pair, weights=share, minlength=self.networks)
        return np.asarray(total / np.maximum(users, 1))


@dataclass(frozen=True)
class Groundwork:
    """See the fields; a network is a (network number, country)."""

    ip: Integers  # an entry an address, as the next: index of its IP in `by_address`
    network: Integers  # index of its network in `by_network`
    of_presence: Integers  # an entry a presence: its network
    by_address: Usage
    by_prefix: Usage
    by_network: Usage
    prior: Floats  # an entry a network, as the next: jump share of its kind
    reliance: Floats  # its share of its users' active hours
    hops: Hops
    everywhere: Booleans  # an entry an address: its network number acts for many, wherever it ends

    @classmethod
    def of(cls, known: Company) -> "Groundwork":
        """Lay it, from every presence in the window."""
        addresses, person = known.addresses, known.presences.person
        codes = {name: number for number, name in enumerate(sorted(set(known.places.country)))}
        country = np.array([codes[name] for name in known.places.country], np.int64)
        named = np.stack([addresses.asn, country[addresses.place]], axis=1)
        _, first, network = np.unique(named, axis=0, return_index=True, return_inverse=True)
        network = network.astype(np.int64).reshape(-1)
        prior = np.array([prior_share(addresses.kind[at]) for at in first])
        ip_number = {ip: number for number, ip in enumerate(dict.fromkeys(addresses.ip))}
        ip = np.array([ip_number[text] for text in addresses.ip], np.int64)
        of_presence = network[known.presences.address]
        return cls(
            ip,
            network,
            of_presence,
            usage(known, ip),
            usage(known, addresses.prefix),
            usage(known, network),
            prior,
            relied_on(person, of_presence, len(prior)),
            Hops.of(person, of_presence, len(prior)),
            everywhere(known),
        )


def relied_on(person: Integers, network: Integers, networks: int) -> Floats:
    """Return each network's share of its users' active hours."""
    hours = np.bincount(person)
    span = len(hours) + 1
    pair, used = tallied(network * span + person)
    own = np.bincount(pair // span, weights=used, minlength=networks)
    every = np.bincount(pair // span, weights=hours[pair % span], minlength=networks)
    return np.asarray(own / np.maximum(every, 1))


def everywhere(known: Company) -> Booleans:
    """Say of each address whether a fifth of all people use its network number, wherever it ends.

    A company that sends its people through a cloud proxy gives each the exit that is nearest.
    """
    seen, number = known.presences, known.addresses.asn
    people = len(known.people)
    used = distinct((number[seen.address] + 1) * people + seen.person) // people
    users = np.bincount(used, minlength=int(number.max(initial=0)) + 2)[number + 1]
    return np.asarray((users >= EVERYWHERE_SHARE * people + SHARED_PEOPLE) & (number >= 0))
