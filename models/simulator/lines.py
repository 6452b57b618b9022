"""Ways to reach the internet. A line says which address somebody has at a moment."""

import bisect
import random
from dataclasses import dataclass
from typing import Protocol

from models.simulator.world import Address, Block, City, World

DAY = 86_400.0  # seconds
SHARED_POOL = 24  # addresses behind which a carrier puts the customers of one gateway


class Line(Protocol):
    """A way to reach the internet."""

    def address(self, second: float, draw: random.Random) -> Address:
        """Return the address in use `second` seconds after the start of the month."""
        ...


@dataclass(frozen=True)
class Shared:
    """Some addresses behind which many people sit: an office, a VPN, a proxy, a hotel."""

    addresses: tuple[Address, ...]

    def address(self, second: float, draw: random.Random) -> Address:
        return draw.choice(self.addresses)


@dataclass(frozen=True)
class Home:
    """A household's line; its provider gives another address at each of `changes`."""

    changes: tuple[float, ...]  # seconds, ascending
    leases: tuple[Address, ...]  # one more than changes

    def address(self, second: float, draw: random.Random) -> Address:
        return self.leases[bisect.bisect_right(self.changes, second)]


@dataclass(frozen=True)
class Carrier:
    """A mobile carrier: customers leave through gateways, often in another city than theirs."""

    gateways: tuple[tuple[Address, ...], ...]  # the first is the usual one

    def address(self, second: float, draw: random.Random) -> Address:
        gateway = self.gateways[0]
        if len(self.gateways) > 1 and draw.random() < 0.12:
            gateway = draw.choice(self.gateways[1:])
        return draw.choice(gateway)


def shared(blocks: list[Block], count: int, draw: random.Random) -> Shared:
    """Return a line of `count` addresses, all of one network."""
    block = draw.choice(blocks)
    siblings = [b for b in blocks if b.number == block.number and b.city == block.city]
    return Shared(tuple(draw.choice(siblings).address(draw) for _ in range(count)))


def home(
    city: City, days: int, draw: random.Random, astray: tuple[float, list[Block]] = (0.0, [])
) -> Home:
    """Return a household's line in `city`.

    `astray`: the second from which, and the blocks elsewhere from which its addresses then come,
    as the database sees it. So it is when a provider moves addresses from one town to another
    and the database does not know, or changes its mind.
    """
    provider = draw.choice(city.blocks["isp"])
    pool = [block for block in city.blocks["isp"] if block.number == provider.number]
    lasts = draw.choices((400.0, 9.0, 1.0), (0.62, 0.25, 0.13))[0]  # mean days of a lease
    changes: list[float] = []
    second = draw.expovariate(1 / (lasts * DAY)) if lasts > 1 else draw.random() * DAY
    while second < days * DAY:
        changes.append(second)
        second += DAY if lasts == 1 else draw.expovariate(1 / (lasts * DAY))
    since, elsewhere = astray
    if elsewhere and since < days * DAY:
        changes = sorted({*changes, since})
    leases = [draw.choice(pool).address(draw)]
    for change in changes:
        strange = elsewhere and change >= since
        leases.append(draw.choice(elsewhere if strange else pool).address(draw))
    return Home(tuple(changes), tuple(leases))


def carriers(world: World, country: str, draw: random.Random) -> list[Carrier]:
    """Return the mobile carriers of a country: one to three, each with its own gateways."""
    blocks = world.blocks_of("mobile", country)
    if not blocks:  # the database knows no mobile network there: carriers are providers as well
        blocks = world.blocks_of("isp", country)
    if not blocks:
        return []
    numbers = sorted({block.number for block in blocks})
    found = []
    for number in draw.sample(numbers, min(3, len(numbers))):
        own = [block for block in blocks if block.number == number]
        gateways = draw.sample(own, min(len(own), draw.choice((1, 2, 3, 5))))
        found.append(
            Carrier(tuple(tuple(g.address(draw) for _ in range(SHARED_POOL)) for g in gateways))
        )
    return found
