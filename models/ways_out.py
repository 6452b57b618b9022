"""Ways out that many share and that are no place: set apart from the places where they come out.

A company's VPN comes out in some city. Of who uses it that says nothing; of another address in that
city it says nothing either. So the city is two places: that of the ways out, and that of all else.
"""

from dataclasses import replace

import numpy as np

from models.company import Company
from models.learned import SHARED_PEOPLE, Learned
from models.places import Booleans, Places


def ways_out(learned: Learned) -> Booleans:
    """Say of each address whether it is a way out that many share and that is no place."""
    settled = learned.by_address.established[learned.ip] >= SHARED_PEOPLE
    machines = learned.hides & ~learned.few_share
    return np.asarray((settled | machines) & ~learned.physical)


def set_apart(known: Company, apart: Booleans) -> Company:
    """Return the company with places of their own for such addresses (True an address)."""
    places, place = known.places, known.addresses.place.copy()
    there = np.unique(place[apart])
    also = np.isin(there, place[~apart])
    number = np.arange(len(places))
    number[there[also]] = len(places) + np.arange(also.sum())
    place[apart] = number[place[apart]]
    of = np.concatenate([np.arange(len(places)), there[also]])
    way_out = np.zeros(len(of), np.bool_)
    way_out[number[there]] = True
    doubled = Places(
        country=[places.country[each] for each in of],
        region=[places.region[each] for each in of],
        city=[places.city[each] for each in of],
        latitude=places.latitude[of],
        longitude=places.longitude[of],
        radius_km=places.radius_km[of],
        way_out=way_out,
    )
    return replace(known, places=doubled, addresses=replace(known.addresses, place=place))
