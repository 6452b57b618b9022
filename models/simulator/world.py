"""The internet as a geo database sees it: address blocks, by city and by kind of network."""

import math
import random
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import ip_address

import numpy as np
from numpy.typing import NDArray

EARTH_RADIUS_KM = 6371.0088
HUBS = 80  # cities by way of which one flies
Mask = NDArray[np.bool_]
Kilometres = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Block:
    """A range of addresses that the database puts in one place and one network."""

    first: int
    last: int
    version: int  # 4 or 6
    country: str
    region: str
    city: str
    latitude: float
    longitude: float
    number: int  # of the autonomous system
    organisation: str
    kind: str  # isp, mobile, hosting, vpn, relay, corporate, education

    def address(self, draw: random.Random) -> "Address":
        """Return one address of the block, neither its first nor its last where it has others."""
        inner = 1 if self.last - self.first > 2 else 0
        number = draw.randint(self.first + inner, self.last - inner)
        return Address(str(ip_address(number)), self)


@dataclass(frozen=True, slots=True)
class Address:
    """One address of the internet."""

    text: str
    block: Block


@dataclass(eq=False)
class City:
    """A place people live in, with the blocks that the database puts there."""

    country: str
    region: str
    name: str
    latitude: float
    longitude: float
    blocks: dict[str, list[Block]] = field(default_factory=lambda: defaultdict(list))  # by kind

    @property
    def vector(self) -> tuple[float, float, float]:
        """Its place on the unit sphere."""
        latitude, longitude = math.radians(self.latitude), math.radians(self.longitude)
        flat = math.cos(latitude)
        return flat * math.cos(longitude), flat * math.sin(longitude), math.sin(latitude)

    def km_to(self, other: "City") -> float:
        """Return the great-circle distance in kilometres."""
        return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.dist(self.vector, other.vector) / 2))

    @property
    def size(self) -> int:
        """How many blocks of ordinary access lines it has."""
        return len(self.blocks.get("isp", ()))


class World:
    """Every city of a geo database that people can live in: those with access lines.

    Choices among cities are made by masks: one truth value for each of `cities`.
    """

    def __init__(self, blocks: Iterable[Block]) -> None:
        cities: dict[tuple[str, str, str], City] = {}
        self.by_kind: dict[str, list[Block]] = defaultdict(list)
        for block in blocks:
            self.by_kind[block.kind].append(block)
            if not block.city:
                continue
            key = (block.country, block.region, block.city)
            city = cities.setdefault(key, City(*key, block.latitude, block.longitude))
            city.blocks[block.kind].append(block)
        everyone = sorted(cities.values(), key=lambda c: (c.country, c.region, c.name))
        self.cities = [city for city in everyone if city.size]
        self.sizes = np.array([city.size for city in self.cities])
        self._countries = np.array([city.country for city in self.cities])
        self._weights = self._importance()
        most = np.argsort(-self._weights, kind="stable")[:HUBS]
        self.hubs: Mask = np.isin(np.arange(len(self.cities)), most)
        self._vectors = np.array([city.vector for city in self.cities]).reshape(-1, 3)
        self._km: dict[City, Kilometres] = {}

    def _importance(self) -> NDArray[np.float64]:
        """Return how often people have to do with each city.

        A city in which many networks have blocks matters, and more so in a large country.
        """
        networks = np.array([sum(map(len, city.blocks.values())) for city in self.cities])
        _, country, cities = np.unique(self._countries, return_inverse=True, return_counts=True)
        weights: NDArray[np.float64] = networks**2 * np.sqrt(cities[country])
        return weights

    def km(self, centre: City) -> Kilometres:
        """Return the great-circle distance from `centre` to each city, in kilometres."""
        if centre not in self._km:
            chord = np.linalg.norm(self._vectors - np.array(centre.vector), axis=1)
            self._km[centre] = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, chord / 2))
        return self._km[centre]

    def within(self, countries: Iterable[str]) -> Mask:
        """Mask the cities that lie in one of the countries."""
        return np.isin(self._countries, sorted(set(countries)))

    def among(self, cities: Iterable[City]) -> Mask:
        """Mask the cities given."""
        wanted = {id(city) for city in cities}
        return np.array([id(city) in wanted for city in self.cities])

    def having(self, kind: str) -> Mask:
        """Mask the cities that have blocks of this kind of network."""
        return np.array([bool(city.blocks.get(kind)) for city in self.cities])

    def choose(self, draw: random.Random, wanted: Mask) -> City | None:
        """Return one of the wanted cities, important ones more often; None when there is none."""
        cumulative = np.cumsum(self._weights * wanted)
        if not len(cumulative) or not cumulative[-1]:
            return None
        found = np.searchsorted(cumulative, draw.random() * cumulative[-1], side="right")
        return self.cities[int(found)]

    def blocks_of(self, kind: str, country: str | None = None) -> list[Block]:
        """Return the blocks of a kind, in one country or everywhere."""
        everywhere = self.by_kind.get(kind, [])
        if country is None:
            return everywhere
        return [block for block in everywhere if block.country == country]
