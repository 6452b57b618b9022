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
from math import exp

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
class Use:
    """One place of a person, as the distance sees it."""

    place: int
    day_share: float  # share of the person's active days, 0..1
    colleagues_near: int
    network: int
    kind: str | None


def terms(a: Use, b: Use, km: float, kmh: float) -> dict[str, float]:
    """Return each term of the distance, in [0, 1], before weighing.

    `km` is what surely lies between the two, `kmh` the speed implied between them (0: none known).
    """
    apart = 0.0 if a.place == b.place else 1.0
    person = 1.0 - min(a.day_share, b.day_share)
    colleagues = max(1.0 / (1.0 + use.colleagues_near / COLLEAGUES_HALF) for use in (a, b))
    return {
        "geography": 1.0 - exp(-max(0.0, km) / SCALE_KM),
        "speed": speed_term(km, kmh),
        "person": apart * person,
        "colleagues": apart * colleagues,
        "network": 0.0 if a.network == b.network else 0.5 if a.kind == b.kind else 1.0,
    }


def speed_term(km: float, kmh: float) -> float:
    """Return how impossible the speed is; speed over a short way says nothing."""
    if km < APART_LEAST_KM:
        return 0.0
    return min(1.0, max(0.0, (kmh - SLOW_KMH) / (FAST_KMH - SLOW_KMH)))


def distance(a: Use, b: Use, km: float, kmh: float) -> float:
    """Return the weighted sum of the terms."""
    return sum(WEIGHTS[name] * value for name, value in terms(a, b, km, kmh).items())
