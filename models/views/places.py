"""Where: how far from the person's main place, and whether the use was set apart in its town."""

import numpy as np

from models.columns import Floats
from models.pairs import Pairs
from models.set_apart import PRIVATE, SHARED, STRANGE

NEAR_KM = 50.0  # below this, distances hardly differ
APART = (SHARED, PRIVATE, STRANGE)


def columns(pairs: Pairs) -> Floats:
    """Return log kilometres to the main place, and a 1 for the way in which it is set apart."""
    apart = pairs.context.known.places.apart[pairs.place]
    return np.stack(
        [
            np.log1p(pairs.context.stays.km / NEAR_KM),
            *((apart == way).astype(float) for way in APART),
        ],
        axis=1,
    )
