"""Of which networks a site's use came, beside the person's other use and the colleagues'."""

import numpy as np

from models.case import Hidden, Network
from models.columns import Integers
from models.context import Context
from models.hiding import HABIT_DAYS
from models.network_kinds import HIDING
from models.person import Person
from models.runs import among, distinct, share, tallied

LASTING_DAYS = 10.0
LIVES_THERE = 0.5  # of the active hours


def network(context: Context, person: Person, site: int, home: str) -> Network:
    """Describe the networks of a site, beside the person's others; `home`: the usual country."""
    known, learned, others = context.known, context.learned, context.others
    addresses = known.addresses
    cell, part = person.cells.at(site)
    address, own = known.cells.address[cell], known.cells.address[own_cells(context, person, site)]
    kinds: dict[str | None, float] = {}
    for at, weight in zip(address.tolist(), part.tolist(), strict=True):
        kinds[addresses.kind[at]] = kinds.get(addresses.kind[at], 0.0) + weight
    numbers, blocks, used = addresses.asn[address], addresses.prefix, learned.network[address]
    networks, on_network = distinct(used), others.on_network[cell]
    most = np.lexsort((used, -on_network))[0]
    lasting, lasting_network = learned.by_address.lasting, learned.by_network.lasting
    return Network(
        kinds=kinds,
        known_number=float(part @ (among(numbers, addresses.asn[own]) & (numbers >= 0))),
        known_address=float(part @ among(blocks[address], blocks[own])),
        jump_share=float(part @ others.jump_share[cell]),
        at_home=float(part @ context.peers.operates_in(numbers, home)),
        colleagues_passing=int(others.on_address[cell].max()),
        alone=share(others.on_address[cell] == 0),
        lasting=min(1.0, float(lasting[learned.ip[address]].max()) / LASTING_DAYS),
        lasting_network=min(1.0, float(lasting_network[networks].max()) / LASTING_DAYS),
        colleagues_on_network=int(on_network[most]),
        unsettled=float(others.unsettled_on_network[cell[most]]),
        share_alone=float(learned.share_alone_of_network[networks].mean()),
        colleagues=int(others.settled_on_address[cell].max()),
        new_to_company=not on_network[most],
        of_company=float(part @ learned.of_company[address]),
    )


def jump_share(context: Context, presences: Integers) -> float:
    """Return the share of the other users of the presences' networks who jump there."""
    cell, hours = tallied(context.known.presences.cell[presences])
    return float(hours / hours.sum() @ context.others.jump_share[cell])


def own_cells(context: Context, person: Person, site: int) -> Integers:
    """Return the person's cells elsewhere, but where only others' devices were seen."""
    elsewhere = person.cells.used[person.cells.site != site]
    return np.asarray(elsewhere[~context.devices.strangers[elsewhere]])


def hidden(context: Context, person: Person, site: int, country: str) -> Hidden:
    """Describe the habit of private VPNs, in the person and in the company."""
    hiding, cells = context.hiding, context.known.cells
    numbers = context.known.addresses.asn[cells.address[person.cells.at(site)[0]]]
    new_number, known_number = hiding.on_numbers(numbers.tolist(), person.number)
    return Hidden(
        kinds=hides(context, person, own_cells(context, person, site)),
        colleagues=hiding.in_country(None, person.number),
        colleagues_in_country=hiding.in_country(country, person.number),
        new_number=new_number,
        known_number=known_number,
    )


def hides(context: Context, person: Person, cells: Integers) -> frozenset[str]:
    """Return of which kind the person uses VPNs or the like, on several days, at these cells.

    Such as are the person's own: what many colleagues use is a way out that they share.
    """
    known, learned = context.known, context.learned
    address = known.cells.address[cells]
    private = cells[learned.hides[address] & learned.few_share[address]]
    if not len(private):
        return frozenset()
    kinds = [known.addresses.kind[at] for at in known.cells.address[private].tolist()]
    used = known.presences.cell[person.rows]
    there = used[among(used, cells)]
    found = set()
    for kind in HIDING.intersection(kinds):
        of_kind = private[np.array([each == kind for each in kinds])]
        lives_there = share(among(there, of_kind)) > LIVES_THERE  # a program on rented machines
        day = person.day[among(used, of_kind)]
        if lives_there or len(distinct(day)) >= HABIT_DAYS:
            found.add(kind)
    return frozenset(found)
