"""Ways out that are no place: set apart from the places where they come out.

A company's VPN comes out in some city. Of who uses it that says nothing; of another address in that
city it says nothing either. Nor does a rented machine in the town where its user lives: an attacker
may have chosen it for that. So a city may be three places: that of ways out that many share, that
of private exits, and that of all else.
"""

from dataclasses import replace

import numpy as np

from models.company import Company
from models.learned import SHARED_PEOPLE, Learned
from models.places import Integers, Places

NONE, SHARED, PRIVATE = 0, 1, 2


def ways_out(learned: Learned) -> Integers:
    """Say of each address what way out it is: SHARED by many and no place, PRIVATE, or NONE."""
    settled = learned.by_address.established[learned.ip] >= SHARED_PEOPLE
    machines = learned.hides & ~learned.few_share
    shared = (settled | machines) & ~learned.physical
    private = learned.hides & learned.few_share
    return np.select([shared, private], [SHARED, PRIVATE], NONE).astype(np.int64)


def set_apart(known: Company, kind: Integers) -> Company:
    """Return the company with places of their own for ways out (`kind`: an entry an address)."""
    old = known.places
    each, place = np.unique(known.addresses.place * 3 + kind, return_inverse=True)
    of = each // 3
    places = Places(
        country=[old.country[at] for at in of],
        region=[old.region[at] for at in of],
        city=[old.city[at] for at in of],
        latitude=old.latitude[of],
        longitude=old.longitude[of],
        radius_km=old.radius_km[of],
        way_out=each % 3,
    )
    addresses = replace(known.addresses, place=place.astype(np.int64))
    return replace(known, places=places, addresses=addresses)
