"""The custom distance between two uses of one account, from 0 (alike) to 1.

    d(a, b) = 0.35 geography + 0.20 speed + 0.15 person + 0.15 colleagues + 0.15 network

    geography   1 - exp(-km / 1000), km what surely lies between the places: the great circle less
                both radii of uncertainty, at least 0
    speed       0 up to 100 km/h, 1 from 900 km/h, even in between: what a person must have
                travelled between the two uses that lie nearest in time
    person      rarity for the person: 1 - the share of active days, of the rarer of the two places
    colleagues  rarity among colleagues, the person left out: 1 / (1 + colleagues near / 5), of the
                rarer of the two places
    network     0 the same network, 0.5 another of the same kind, 1 another kind

All terms are symmetric, and 0 between a use and itself (the rarities count only between different
places), so d(a, a) = 0 and d(a, b) = d(b, a). It is no metric: places within each other's radii
are at distance 0 though they differ, and radii break the triangle inequality. Without radii the
geography alone is a metric, being concave in one. d never falls as kilometres grow, nor grows with
a radius. Every term is explained by `terms`.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.columns import Floats, Integers
from models.learned import APART_LEAST_KM

WEIGHTS = {
    "geography": 0.35,
    "speed": 0.20,
    "person": 0.15,
    "colleagues": 0.15,
    "network": 0.15,
}
SCALE_KM = 1000.0
SLOW_KMH, FAST_KMH = 100.0, 900.0
COLLEAGUES_HALF = 5.0


@dataclass(frozen=True)
class Uses:
    """Places of people, as the distance sees them: one number each, or an entry a place."""

    place: int | Integers
    day_share: float | Floats  # share of the person's active days, 0..1
    colleagues_near: int | Integers
    network: int | Integers
    kind: int | Integers  # of the network

    def at(self, rows: Integers) -> "Uses":
        """Return some of them, each as often as it is asked for."""
        columns = self.place, self.day_share, self.colleagues_near, self.network, self.kind
        return Uses(*(np.asarray(column)[rows] for column in columns))


def terms(a: Uses, b: Uses, km: npt.ArrayLike, kmh: npt.ArrayLike) -> dict[str, Floats]:
    """Return each term of the distance, in [0, 1], before weighing; an entry a couple.

    `km` is what surely lies between the two, `kmh` the speed implied between them (0: none known).
    """
    apart = np.where(np.equal(a.place, b.place), 0.0, 1.0)
    person = 1.0 - np.minimum(a.day_share, b.day_share)
    near = np.minimum(a.colleagues_near, b.colleagues_near)
    other = np.where(np.equal(a.kind, b.kind), 0.5, 1.0)
    return {
        "geography": 1.0 - np.exp(-np.maximum(0.0, km) / SCALE_KM),
        "speed": speed_term(km, kmh),
        "person": apart * person,
        "colleagues": apart / (1.0 + near / COLLEAGUES_HALF),
        "network": np.where(np.equal(a.network, b.network), 0.0, other),
    }


def speed_term(km: npt.ArrayLike, kmh: npt.ArrayLike) -> Floats:
    """Return how impossible the speed is; speed over a short way says nothing."""
    impossible = np.clip(np.subtract(kmh, SLOW_KMH) / (FAST_KMH - SLOW_KMH), 0.0, 1.0)
    return np.where(np.less(km, APART_LEAST_KM), 0.0, impossible)


def distance(a: Uses, b: Uses, km: npt.ArrayLike, kmh: npt.ArrayLike) -> Floats:
    """Return the weighted sum of the terms."""
    weighed = [WEIGHTS[name] * value for name, value in terms(a, b, km, kmh).items()]
    return np.asarray(sum(weighed))
