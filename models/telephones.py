"""Which use comes over a telephone's network: it may be far from where the telephone is.

A telephone that roams comes out at home. A carrier is known by its name, or by what it is used for:
many people do a little over it, and nobody much.
"""

import numpy as np

from models.company import Company
from models.learned import CARRIER_KINDS, Learned
from models.places import Booleans

ASIDE = 0.15  # share of its users' active hours up to which a network is nobody's line
PEOPLE_LEAST = 5


def over_telephones(known: Company, learned: Learned) -> Booleans:
    """Say of each presence whether it is over a telephone's network."""
    kinds = known.addresses.kind
    named = np.array([kind == "mobile" for kind in kinds], np.bool_)
    access = np.array([kind in CARRIER_KINDS for kind in kinds], np.bool_)
    aside = (learned.reliance < ASIDE) & (learned.by_network.people >= PEOPLE_LEAST)
    return np.asarray((named | (access & aside[learned.network]))[known.presences.address])
