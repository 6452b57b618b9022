"""Places, fixed to the precision they deserve.

A database gives every address a city, also where it only knows the country. A place keeps its city
only while its radius of uncertainty is that of a city; else it is fixed to its region or country,
and all addresses fixed alike are one place.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from models.columns import Booleans, Floats, Integers
from models.sphere import great_circle_km, unit_vectors

LEVELS = ("country", "region", "city")
RADIUS_KM = {"city": 50.0, "region": 200.0, "country": 500.0}  # where the database gives none
CITY_RADIUS_MOST_KM = 100.0
REGION_RADIUS_MOST_KM = 300.0


@dataclass(frozen=True)
class Places:
    """Distinct places; each field holds one entry a place."""

    country: list[str]
    region: list[str | None]
    city: list[str | None]
    latitude: Floats
    longitude: Floats
    radius_km: Floats
    apart: Integers  # as what it is set apart, see models/set_apart.py; 0: not at all

    def __len__(self) -> int:
        return len(self.country)

    def name(self, place: int) -> str:
        """Return what a reader calls the place: its city, else its region, with the country."""
        finest = self.city[place] or self.region[place]
        return f"{finest}, {self.country[place]}" if finest else self.country[place]

    def vague(self, place: int) -> bool:
        """Say whether the place is known no better than by its region or country."""
        return self.city[place] is None

    def spoken(self, place: int) -> str:
        """Return the place's name as a sentence has it, which tells a country from a town."""
        name = self.name(place)
        return f"somewhere in {name}" if self.vague(place) else name

    def apart_km(self, place: int | Integers, others: npt.ArrayLike) -> Floats:
        """Return the km that surely lie between a place and others: less both radii, at least 0.

        Of several places each is beside one of the others.

        A place known to its country only is nowhere apart from any place of that country, one known
        to its region nowhere apart from any place of that region.
        """
        index = np.asarray(others, dtype=np.int64)
        km = self.great_circle_km(place, index)
        apart = np.maximum(0.0, km - self.radius_km[place] - self.radius_km[index])
        return np.where(self.holds(place, index), 0.0, apart)

    def between_km(self, one: int, other: int) -> float:
        """Return `apart_km` of two places; people use the same few again and again."""
        pair = (one, other) if one < other else (other, one)
        known = self._between.get(pair)
        if known is None:
            known = self._between[pair] = float(self.apart_km(one, other))
        return known

    @cached_property
    def _between(self) -> dict[tuple[int, int], float]:
        return {}

    def great_circle_km(self, place: int | Integers, others: Integers) -> Floats:
        """Return the km between the middles of a place and others."""
        return great_circle_km(
            self.latitude[place],
            self.longitude[place],
            self.latitude[others],
            self.longitude[others],
        )

    def holds(self, place: int | Integers, others: Integers) -> Booleans:
        """Say of which places `place` is a part, or which are a part of it."""
        countries, regions, cities = self._codes
        same_country = countries[others] == countries[place]
        coarse = (cities[others] < 0) | (cities[place] < 0)
        no_region = (regions[others] < 0) | (regions[place] < 0)
        return np.asarray(same_country & coarse & (no_region | (regions[others] == regions[place])))

    @cached_property
    def town(self) -> Integers:
        """Return a number for each place's name: one for all that were set apart in one town."""
        names = list(zip(self.country, self.region, self.city, strict=True))
        number = {name: at for at, name in enumerate(dict.fromkeys(names))}
        return np.array([number[name] for name in names], np.int64)

    @cached_property
    def _codes(self) -> tuple[Integers, Integers, Integers]:
        """Numbers for names, -1 for none."""
        return _numbered(self.country), _numbered(self.region), _numbered(self.city)


def _numbered(names: Sequence[str | None]) -> Integers:
    known = {name: number for number, name in enumerate(dict.fromkeys(names)) if name is not None}
    return np.array([-1 if name is None else known[name] for name in names], np.int64)


def level(precision: str | None, radius_km: float, region: str | None, city: str | None) -> str:
    """Return the finest level that a place known so well may keep.

    `precision` is the database's own word and never raised; a radius of NaN says nothing.
    """
    finest = precision if precision in LEVELS else "city"
    if finest == "city" and (not city or radius_km > CITY_RADIUS_MOST_KM):
        finest = "region"
    if finest == "region" and (not region or radius_km > REGION_RADIUS_MOST_KM):
        # A city without a region is a place all the same (city states, sparse databases).
        finest = "city" if city and not radius_km > CITY_RADIUS_MOST_KM else "country"
    return finest


def fixed(
    country: str, region: str | None, city: str | None, finest: str
) -> tuple[str, str | None, str | None]:
    """Return the place's name with the levels below `finest` dropped."""
    if finest == "country":
        return country, None, None
    return (country, region or None, None) if finest == "region" else (country, region, city)


def gather(
    names: Sequence[tuple[str, str | None, str | None]],
    latitude: Floats,
    longitude: Floats,
    radius_km: Floats,
    weight: Floats,
) -> tuple[Places, Integers]:
    """Make the distinct places of addresses; return them and each address's place.

    A place lies at the weighted mean of its addresses' unit vectors, taken back to the sphere.
    """
    distinct = sorted(set(names), key=lambda name: tuple(part or "" for part in name))
    index = {name: number for number, name in enumerate(distinct)}
    place = np.fromiter((index[name] for name in names), np.int64, len(names))
    vectors = np.zeros((len(distinct), 3))
    known = np.isfinite(latitude) & np.isfinite(longitude)
    np.add.at(
        vectors,
        place[known],
        unit_vectors(latitude[known], longitude[known]) * (weight[known, None] + 1e-9),
    )
    horizontal = np.hypot(vectors[:, 0], vectors[:, 1])
    radius = np.zeros(len(distinct))
    np.maximum.at(radius, place, radius_km)
    places = Places(
        country=[name[0] for name in distinct],
        region=[name[1] for name in distinct],
        city=[name[2] for name in distinct],
        latitude=np.degrees(np.arctan2(vectors[:, 2], horizontal)),
        longitude=np.degrees(np.arctan2(vectors[:, 1], vectors[:, 0])),
        radius_km=radius,
        apart=np.zeros(len(distinct), np.int64),
    )
    return places, place
