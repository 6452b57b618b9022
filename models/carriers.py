"""Carriers whose gateways are spread: their addresses are fixed to the country."""

from dataclasses import replace

import numpy as np

from models import places as precision
from models.columns import Booleans
from models.company import Company
from models.learned import Learned
from models.network_kinds import ACCESS
from models.placeless import NOT_PHYSICAL

PEOPLE_LEAST = 3  # on a carrier
HOUSEHOLD = 2  # colleagues at one home


def carriers(known: Company, learned: Learned) -> Booleans:
    """Say of each address whether it belongs to a carrier whose gateways are spread.

    Only access networks can be carriers, and only within their country: that is all that such an
    address's place is taken to say. A hosting provider or a VPN keeps its place, and so does an
    address on which one or two are settled: a line at home, of a carrier with telephones as well.
    """
    people = learned.by_network.people[learned.network]
    access = known.addresses.of(ACCESS)
    by_address = learned.by_address
    line = ((by_address.established > 0) & (by_address.people <= HOUSEHOLD))[learned.ip]
    spread = (people >= PEOPLE_LEAST) & (learned.share > NOT_PHYSICAL)
    return access & ~line & spread


def coarsened(known: Company, carriers: Booleans) -> Company:
    """Fix the addresses of carriers (True an address) to their country, and return the company."""
    old, addresses = known.places, known.addresses
    names = [
        (old.country[p], None, None) if coarse else (old.country[p], old.region[p], old.city[p])
        for p, coarse in zip(addresses.place.tolist(), carriers.tolist(), strict=True)
    ]
    radius = np.where(
        carriers,
        np.maximum(old.radius_km[addresses.place], precision.RADIUS_KM["country"]),
        old.radius_km[addresses.place],
    )
    weight = np.zeros(len(names))
    np.add.at(weight, known.cells.address, known.cells.successes + known.cells.failures)
    places, place = precision.gather(names, addresses.latitude, addresses.longitude, radius, weight)
    return replace(known, places=places, addresses=replace(addresses, place=place))
