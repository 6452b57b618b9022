"""People's own lines: of an access network, not a telephone's, used by nobody else."""

import numpy as np

from models.company import Company
from models.learned import Learned
from models.places import Booleans

LINE_KINDS = frozenset({None, "isp"})


def over_own_lines(known: Company, learned: Learned, telephones: Booleans) -> Booleans:
    """Say of each presence whether it is over a line of the person's own; `telephones`: alike."""
    address = known.presences.address
    access = np.array([kind in LINE_KINDS for kind in known.addresses.kind], np.bool_)
    alone = learned.by_address.people[learned.ip] == 1
    return np.asarray((access & alone)[address] & ~telephones)
