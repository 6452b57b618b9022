"""What the colleagues of one company share: offices, carriers, VPN and proxies."""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from models.simulator import lines
from models.simulator.lines import Carrier, Line, Shared
from models.simulator.people import Person
from models.simulator.world import Block, City, World

NAMES = (
    "tidewater",
    "larkfield",
    "ostrava-tools",
    "brightmoor",
    "quillon",
    "hazelgate",
    "norrland",
)
CLOUDS = ("Amazon", "Google", "Microsoft")
PROVIDERS = ("Microsoft", "Google")
APART_KM = 150.0  # between two offices
OFFICE_SIZE = 6  # blocks a city must have to be likely as the seat of an office


@dataclass(frozen=True)
class Office:
    """A building with its own way to the internet."""

    city: City
    line: Shared
    share: float  # of the company's people


@dataclass
class Company:
    """One company in one month."""

    name: str
    first_day: date
    days: int
    world: World
    offices: list[Office]
    vpn: Line  # the company's own, in the country of the first office
    proxy: Line  # a cloud proxy of a vendor, in another country
    consumer_vpns: list[Shared]
    clients: list[City]  # whom sales people visit
    clouds: list[Shared]  # where the company's own programs run
    providers: list[Shared]  # machines of the providers that act for people
    in_flight: Shared
    people: list[Person] = field(default_factory=list)
    _carriers: dict[str, list[Carrier]] = field(default_factory=dict)
    _relays: dict[str, Shared | None] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """Its e-mail domain, under a name reserved for examples."""
        return f"{self.name}.example"

    @cached_property
    def calendar(self) -> list[date]:
        """The days of the month."""
        return [self.first_day + timedelta(days=n) for n in range(self.days)]

    def carriers(self, country: str, draw: random.Random) -> list[Carrier]:
        """Return the carriers of a country; the same ones to all colleagues."""
        if country not in self._carriers:
            self._carriers[country] = lines.carriers(self.world, country, draw)
        return self._carriers[country]

    def relay(self, country: str, draw: random.Random) -> Shared | None:
        """Return the private relay of a country; it shows the country, not the city."""
        if country not in self._relays:
            blocks = self.world.blocks_of("relay", country)
            exits = tuple(draw.choice(blocks).address(draw) for _ in range(24) if blocks)
            self._relays[country] = Shared(exits) if exits else None
        return self._relays[country]


def found(world: World, first_day: date, days: int, users: int, draw: random.Random) -> Company:
    """Found a company: three to six offices in several countries, most people in the first."""
    offices = _offices(world, users, draw)
    home_country = offices[0].city.country
    hosting = world.blocks_of("hosting") or world.blocks_of("isp")
    gateways = world.blocks_of("relay") or hosting
    abroad = [block for block in gateways if block.country != home_country] or gateways
    vpn_exits = world.blocks_of("vpn") or hosting
    everywhere = world.sizes > 0
    near_home = world.blocks_of("hosting", home_country) or offices[0].city.blocks["isp"]
    return Company(
        name=draw.choice(NAMES),
        first_day=first_day,
        days=days,
        world=world,
        offices=offices,
        vpn=lines.shared(near_home, 2, draw),
        proxy=lines.shared(abroad, 3, draw),
        consumer_vpns=[lines.shared(vpn_exits, 3, draw) for _ in range(30)],
        clients=[c for _ in range(max(6, users // 20)) if (c := world.choose(draw, everywhere))],
        clouds=[lines.shared(_of(hosting, CLOUDS), 4, draw) for _ in range(4)],
        providers=[lines.shared(_of(hosting, PROVIDERS), 12, draw) for _ in range(5)],
        in_flight=_in_flight(world, home_country, offices, draw),
    )


def _in_flight(world: World, country: str, offices: list[Office], draw: random.Random) -> Shared:
    """Return the gateway of the aircraft: of a network on which no office is."""
    of_offices = {a.block.number for office in offices for a in office.line.addresses}
    blocks = world.blocks_of("isp", country)
    return lines.shared([b for b in blocks if b.number not in of_offices] or blocks, 6, draw)


def _of(blocks: list[Block], names: tuple[str, ...]) -> list[Block]:
    """Return the blocks of the organisations whose names begin so, where there are any."""
    return [block for block in blocks if block.organisation.startswith(names)] or blocks


def _offices(world: World, users: int, draw: random.Random) -> list[Office]:
    count = min(1 + users // 60, draw.choice((3, 4, 5, 6)))
    enough = world.sizes >= min(OFFICE_SIZE, int(world.sizes.max()))
    cities: list[City] = []
    while len(cities) < count:
        taken = world.within(city.country for city in cities)
        in_known_country = len(cities) > 1 and draw.random() < 0.3
        km = np.min([world.km(city) for city in cities], axis=0) if cities else np.inf
        free = km > APART_KM
        city = world.choose(draw, enough & free & (taken == in_known_country))
        city = city or world.choose(draw, free & (world.sizes > 0))
        if city is None:
            break
        cities.append(city)
    shares = [draw.uniform(0.5, 1.0) / (rank + 1) for rank in range(len(cities))]
    total = sum(shares)
    return [
        Office(city, _office_line(city, draw), share / total)
        for city, share in zip(cities, shares, strict=True)
    ]


def _office_line(city: City, draw: random.Random) -> Shared:
    corporate = city.blocks.get("corporate") or []
    blocks = corporate if corporate and draw.random() < 0.5 else city.blocks["isp"]
    return lines.shared(blocks, draw.choice((1, 2, 4)), draw)
