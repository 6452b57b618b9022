"""Who else uses the address and the network of each cell: the person left out of every number."""

from dataclasses import dataclass

import numpy as np

from models.columns import Booleans, Floats, Integers
from models.company import Company
from models.groundwork import prior_share
from models.learned import Learned
from models.placeless import smoothed
from models.usage import Usage


@dataclass(frozen=True)
class Others:
    """One entry a cell, (person, address)."""

    on_address: Integers  # people who use its IP
    settled_on_address: Integers  # of these, who do for days
    on_network: Integers
    unsettled_on_network: Floats  # share of these who do not for days
    jump_share: Floats  # of the honest on its network, who jump

    @classmethod
    def of(cls, known: Company, learned: Learned) -> "Others":
        """Count them, and weigh their jumps as far as they are honest."""
        person, address = known.cells.person, known.cells.address
        ip, network = learned.ip[address], learned.network[address]
        of_ip = learned.by_address.rows(ip, person)
        of_network = learned.by_network.rows(network, person)
        on_network = _but_one(learned.by_network.people[network], of_network >= 0)
        settled = _but_one(
            learned.by_network.established[network], _settled(learned.by_network, of_network)
        )
        prior = np.array([prior_share(kind) for kind in known.addresses.kind])
        return cls(
            _but_one(learned.by_address.people[ip], of_ip >= 0),
            _but_one(learned.by_address.established[ip], _settled(learned.by_address, of_ip)),
            on_network,
            1.0 - settled / np.maximum(1, on_network),
            smoothed(
                learned.jumping_on_network[network] - _weight(learned.honest_jumps, of_network),
                learned.people_of_network[network] - _weight(learned.using, of_network),
                prior[address],
            ),
        )


def settled_on_block(known: Company, learned: Learned) -> Booleans:
    """Say of each cell whether its person uses the address's block for days."""
    block = known.addresses.prefix[known.cells.address]
    return _settled(learned.by_prefix, learned.by_prefix.rows(block, known.cells.person))


def _settled(usage: Usage, rows: Integers) -> Booleans:
    return _weight(usage.settled.astype(np.float64), rows) > 0


def _weight(weights: Floats, rows: Integers) -> Floats:
    """Return what the rows weigh, 0 where there is none (-1)."""
    return np.append(weights, 0.0)[rows]


def _but_one(people: Integers, own: Booleans) -> Integers:
    return np.asarray(people - own)
