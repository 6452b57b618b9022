"""People's own lines: of an access network, not a telephone's, used by nobody else."""

import numpy as np

from models.columns import Booleans
from models.company import Company
from models.learned import Learned
from models.network_kinds import LINES


def over_own_lines(known: Company, learned: Learned, telephones: Booleans) -> Booleans:
    """Say of each presence whether it is over a line of the person's own; `telephones`: alike."""
    address = known.presences.address
    alone = learned.by_address.people[learned.ip] == 1
    return np.asarray((known.addresses.of(LINES) & alone)[address] & ~telephones)
