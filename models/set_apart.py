"""Use that is set apart from the places where it lies, so that it is judged by itself.

A company's VPN comes out in some city. Of who uses it that says nothing; of another address in that
city it says nothing either. Nor does a rented machine in the town where its user lives, or a line
there that nothing links to what else the user has: an attacker may have chosen it for that. So a
city may be four places: that of ways out that many share, of private exits, of strangers' lines,
and of all else.
"""

from dataclasses import replace

import numpy as np

from models.columns import Integers
from models.company import Company
from models.groundwork import SHARED_PEOPLE
from models.learned import Learned
from models.places import Places
from models.strangers import strangers

NOT, SHARED, PRIVATE, STRANGE = range(4)
KINDS = 4


def kinds(known: Company, learned: Learned) -> Integers:
    """Say of each address as what it is set apart.

    SHARED: a way out of many that is no place; PRIVATE: hosting, VPN or relay that few share;
    STRANGE: see models/strangers.py.
    """
    settled = learned.by_address.established[learned.ip] >= SHARED_PEOPLE
    machines = learned.hides & ~learned.few_share
    shared = (settled | machines) & ~learned.physical
    private = learned.hides & learned.few_share
    found = np.select([shared, strangers(known), private], [SHARED, STRANGE, PRIVATE], NOT)
    return found.astype(np.int64)


def set_apart(known: Company, kind: Integers) -> Company:
    """Return the company with places of their own for such addresses (`kind`: one an address)."""
    old = known.places
    each, place = np.unique(known.addresses.place * KINDS + kind, return_inverse=True)
    of = each // KINDS
    places = Places(
        country=[old.country[at] for at in of],
        region=[old.region[at] for at in of],
        city=[old.city[at] for at in of],
        latitude=old.latitude[of],
        longitude=old.longitude[of],
        radius_km=old.radius_km[of],
        apart=each % KINDS,
    )
    addresses = replace(known.addresses, place=place.astype(np.int64))
    return replace(known, places=places, addresses=addresses)
