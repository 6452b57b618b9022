"""Of which networks a site's use came, beside the person's other use and the colleagues'."""

import numpy as np

from models.active_hours import DAY
from models.case import Hidden, Network
from models.context import Context
from models.learned import HIDDEN_KINDS, Learned
from models.places import Integers
from models.runs import among, distinct, indexed, share, tallied
from models.usage import Usage

LASTING_DAYS = 10.0
HABIT_DAYS = 3
LIVES_THERE = 0.5  # of the active hours


def network(
    context: Context, person: int, rows: Integers, elsewhere: Integers, home: str
) -> Network:
    """Describe the networks of the presences `rows`, beside the person's others."""
    seen, addresses, learned = (
        context.known.presences,
        context.known.addresses,
        context.learned,
    )
    address, others = seen.address[rows], seen.address[own(context, elsewhere)]
    used, weight = tallied(address)
    kinds: dict[str | None, float] = {}
    for at, part in zip(used.tolist(), (weight / weight.sum()).tolist(), strict=True):
        kinds[addresses.kind[at]] = kinds.get(addresses.kind[at], 0.0) + part
    numbers = addresses.asn[address]
    networks = distinct(learned.network[address])
    users = [_others(learned.by_network, at, person) for at in networks.tolist()]
    passing = [_others(learned.by_address, int(learned.ip[at]), person) for at in used.tolist()]
    return Network(
        kinds=kinds,
        known_number=share(among(numbers, addresses.asn[others]) & (numbers >= 0)),
        known_address=share(among(addresses.prefix[address], addresses.prefix[others])),
        jump_share=jump_share(context, person, address),
        at_home=share(context.peers.operates_in(numbers, home)),
        colleagues_passing=max(passing),
        alone=passing.count(0) / len(passing),
        lasting=_lasting(learned.by_address, learned.ip[used]),
        lasting_network=_lasting(learned.by_network, networks),
        colleagues_on_network=max(users),
        unsettled=_unsettled(learned.by_network, networks, users, person),
        share_alone=float(np.mean([context.peers.share_alone(at) for at in networks.tolist()])),
        colleagues=max(_established(learned, at, person) for at in used.tolist()),
        networks=len(networks),
        new_to_company=not any(users),
        of_company=share(learned.of_company[address]),
    )


def jump_share(context: Context, person: int, address: Integers) -> float:
    """Return the share of the other users of the presences' networks who jump there."""
    kind, without = context.known.addresses.kind, context.learned.share_without
    used, weight = tallied(address)
    each = [without(at, person, kind[at]) for at in used.tolist()]
    return float(np.dot(weight / weight.sum(), each))


def own(context: Context, rows: Integers) -> Integers:
    """Leave out presences at which only devices were seen that are not the person's own."""
    return rows[~context.devices.strangers[rows]]


def _others(usage: Usage, thing: int, person: int) -> int:
    """Count the other people who use a thing."""
    return int(usage.people[thing]) - int(usage.pair(thing, person) is not None)


def _unsettled(usage: Usage, networks: Integers, users: list[int], person: int) -> float:
    """Return the share of the others on the most used of the networks who are not settled there."""
    most = int(np.argmax(users))
    row = usage.pair(int(networks[most]), person)
    mine = row is not None and bool(usage.settled[row])
    settled = int(usage.established[networks[most]]) - int(mine)
    return 1.0 - settled / max(1, users[most])


def _lasting(usage: Usage, things: Integers) -> float:
    """Return 1 for a thing in use on LASTING_DAYS days or more, less for a burst."""
    return min(1.0, float(usage.lasting[things].max()) / LASTING_DAYS)


def _established(learned: Learned, address: int, person: int) -> int:
    """Count the colleagues who used the address for days."""
    ip = int(learned.ip[address])
    usage = learned.by_address
    row = usage.pair(ip, person)
    mine = row is not None and usage.settled[row]
    return int(usage.established[ip]) - int(mine)


def hidden(
    context: Context, person: int, rows: Integers, elsewhere: Integers, country: str
) -> Hidden:
    """Describe the habit of private VPNs, in the person and in the company."""
    peers = context.peers
    seen, addresses = context.known.presences, context.known.addresses
    numbers = distinct(addresses.asn[seen.address[rows]])
    new_number, known_number = peers.hidden_on(numbers, person)
    return Hidden(
        kinds=_hidden(context, own(context, elsewhere)),
        colleagues=peers.hidden_in(None, person),
        colleagues_in_country=peers.hidden_in(country, person),
        people=peers.people,
        new_number=new_number,
        known_number=known_number,
    )


def _hidden(context: Context, elsewhere: Integers) -> frozenset[str]:
    """Return of which kind the person uses VPNs or the like at other sites, on several days.

    Such as are the person's own: what many colleagues use is a way out that they share.
    """
    known, learned = context.known, context.learned
    address = known.presences.address[elsewhere]
    used, index = indexed(address)
    kinds = [known.addresses.kind[at] for at in used.tolist()]
    own = learned.few_share[used]
    day = known.presences.first[elsewhere] // DAY
    found = set()
    for kind in HIDDEN_KINDS.intersection(kinds):
        of_kind = np.array([each == kind for each in kinds])
        lives_there = share((of_kind & own)[index]) > LIVES_THERE  # a program on rented machines
        if lives_there or len(distinct(day[(of_kind & own)[index]])) >= HABIT_DAYS:
            found.add(kind)
    return frozenset(found)
