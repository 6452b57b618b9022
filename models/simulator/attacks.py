"""Plants attacks: chooses a victim, a place that is not theirs, addresses and moments."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from conf.errors import UsageError
from models.simulator.company import Company
from models.simulator.diary import FAILED, SIGNED_IN, STRANGER, TOKEN, Diary, Session
from models.simulator.kinds import BY_NAME, KINDS, Kind
from models.simulator.lines import DAY
from models.simulator.moments import Owner, Span, moments
from models.simulator.people import Person
from models.simulator.world import Address, City, Kilometres, Mask

HOUR = 3600.0
FAR_KM = 2000.0
TRIES = 40  # people for whom a place is looked for
SPECIAL = ("hosting", "vpn", "mobile")
ENOUGH_SESSIONS = 12  # a victim's, so that the account has habits


@dataclass(frozen=True)
class Planting:
    """What to plant: a kind, and the countries to prefer (ISO 3166 alpha-2)."""

    kind: Kind
    countries: tuple[str, ...] = ()


@dataclass(frozen=True)
class Attack:
    """One attack on one account. Attacks on several accounts at once share `name`."""

    name: str
    kind: str
    person: Person


def plan_of(text: str) -> list[Planting]:
    """Read a plan: `mix` (every kind once), `demo`, `none`, or kinds separated by commas."""
    if text == "mix":
        return [Planting(kind) for kind in KINDS]
    if text == "demo":
        return [Planting(BY_NAME["far_burst"], ("NG",)), Planting(BY_NAME["far_slow"], ("VN",))]
    if text == "none":
        return []
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in BY_NAME]
    if unknown:
        raise UsageError(
            f"plan: unknown kind {unknown[0]!r}; give mix, demo, none, or some of "
            f"{', '.join(sorted(BY_NAME))}, separated by commas"
        )
    return [Planting(BY_NAME[name]) for name in names]


def plant(
    company: Company, diary: Diary, plan: Sequence[Planting], draw: random.Random
) -> list[Attack]:
    """Plant the attacks into the diary, each on accounts of its own, and return them.

    A kind for which the company has no victim or no place is a UsageError.
    """
    owners = [Owner(company, person, []) for person in company.people]
    for session in diary.sessions:
        owners[session.person].sessions.append(session)
    free = [owner for owner in owners if len(owner.sessions) >= ENOUGH_SESSIONS]
    draw.shuffle(free)
    attacks: list[Attack] = []
    # The choosy first, while there is a choice.
    for number, planting in enumerate(sorted(plan, key=lambda p: p.kind.victim == "any"), 1):
        kind = planting.kind
        victims, city = _target(planting, company, free, draw)
        addresses = _addresses(kind, company, city, draw)
        spans = moments(kind, victims[0], kind.events[0], draw)
        for owner in victims:
            free.remove(owner)
            total = draw.randint(*kind.events)
            if kind.failures:
                _fail(kind, owner.person, addresses[0], spans[0][0], diary, draw)
            _write(len(attacks), kind, owner.person, addresses, spans, total, diary)
            attacks.append(Attack(f"attack-{number:02}", kind.name, owner.person))
            spans = [(start + 420, end + 420) for start, end in spans]
    return attacks


def _suits(kind: Kind, owner: Owner) -> bool:
    """Return whether the kind can be planted on this person."""
    person, days = owner.person, owner.company.days
    calm = person.traits.isdisjoint({"new_hire", "leaver", "on_leave"})
    trip = owner.longest_trip()
    match kind.victim:
        case "traveller":
            return calm and trip is not None and owner.days_within(trip.arrives, trip.returns) > 1
        case "new_hire":
            return "new_hire" in person.traits and person.present[0] < days - 4
        case "leaver":
            return "leaver" in person.traits and person.present[1] < days - 2
        case "on_leave":
            return owner.days_within(person.leave[0] * DAY, person.leave[1] * DAY) > 3
        case "engineer":
            return calm and person.role == "engineer"
        case _:
            return calm


def own_places(person: Person) -> list[City]:
    """Return every city in which this person has a reason to be."""
    places = [person.home_city, person.office.city, *(trip.city for trip in person.trips)]
    if person.moves:
        places.append(person.moves[1])
    if person.second_home:
        places.append(person.second_home[0])
    return places


def _target(
    planting: Planting, company: Company, free: list[Owner], draw: random.Random
) -> tuple[list[Owner], City]:
    """Return whom to attack and from where: the first people for whom there is such a place.

    Where the company and the database have none at all, it is another country, 150 km away.
    """
    kind, world = planting.kind, company.world
    suitable = [owner for owner in free if _suits(kind, owner)]
    if len(suitable) < kind.accounts:
        raise UsageError(
            f"plan: the company has no victim left for {kind.name!r}: ask for more users or days"
        )
    everywhere = world.sizes > 0
    for preference in (world.within(planting.countries), everywhere):
        for start in range(min(len(suitable) - kind.accounts + 1, TRIES)):
            victims = suitable[start : start + kind.accounts]
            wanted = _wanted(kind, company, [owner.person for owner in victims])
            city = world.choose(draw, wanted & preference)
            if city is not None:
                return victims, city
    victims = suitable[: kind.accounts]
    own = [place for owner in victims for place in own_places(owner.person)]
    km = np.min([world.km(place) for place in own], axis=0)
    city = world.choose(draw, (km > 150) & ~world.within(place.country for place in own))
    if city is None:
        raise UsageError(f"plan: the geo database has no place for {kind.name!r}: use a larger one")
    return victims, city


def _wanted(kind: Kind, company: Company, victims: list[Person]) -> Mask:
    """Return the cities from which such an attack may come."""
    world = company.world
    own = [city for victim in victims for city in own_places(victim)]
    countries = {city.country for city in own}
    offices = {office.city.country for office in company.offices} - countries
    alone = [p.home_city for p in company.people if "remote_alone" in p.traits]
    km: Kilometres = np.min([world.km(place) for place in own], axis=0)
    wanted: Mask
    match kind.where:
        case "near":
            wanted = (km > 150) & (km < 900) & ~world.within(countries)
        case "own_country":
            wanted = (km > 250) & world.within(countries)
        case "office":
            wanted = (km > 250) & world.within(offices)
        case "colleague":
            wanted = (km > 250) & world.among(alone) & ~world.within(countries)
        case _:
            wanted = (km > FAR_KM) & ~world.within(countries | offices)
    return wanted & world.having(kind.through if kind.through in SPECIAL else "isp")


def _addresses(kind: Kind, company: Company, city: City, draw: random.Random) -> list[Address]:
    world = company.world
    if kind.through == "proxies":
        cities = [draw.choice(world.cities) for _ in range(60)]
        return [draw.choice(c.blocks["isp"]).address(draw) for c in cities]
    if kind.through in SPECIAL and city.blocks.get(kind.through):
        return [draw.choice(city.blocks[kind.through]).address(draw)]
    block = draw.choice(city.blocks["isp"])
    return [block.address(draw) for _ in range(4 if kind.through == "several" else 1)]


def _write(
    attack: int, kind: Kind, victim: Person, addresses: list[Address], spans: list[Span],
    total: int, diary: Diary,
) -> None:  # fmt: skip
    """Write the attacker's sessions into the diary, `total` events in all."""
    spans = [span for span in spans if span[0] < diary.seconds - HOUR / 60]
    for ordinal, (start, end) in enumerate(spans):
        count = total // len(spans) + (ordinal < total % len(spans))
        diary.add(
            Session(
                person=victim.index,
                start=start,
                end=end,
                address=addresses[ordinal % len(addresses)],
                device=STRANGER,
                mode=SIGNED_IN if kind.signs_in else TOKEN,
                count=count,
                only=kind.only,
                attack=attack,
            )
        )


def _fail(
    kind: Kind, victim: Person, address: Address, until: float, diary: Diary, draw: random.Random
) -> None:
    """Write failed sign-ins before the attack; they are not the attack itself."""
    lead = 12 * HOUR if kind.when == "burst" else 5 * DAY
    for _ in range(kind.failures):
        start = until - 60 - draw.random() * min(lead, until - 120)
        diary.add(
            Session(
                person=victim.index,
                start=start,
                end=start + 30,
                address=address,
                device=STRANGER,
                label="spray",
                mode=FAILED,
                count=1,
            )
        )
