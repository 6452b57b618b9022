"""Who works at a company, and what is peculiar about each of them."""

import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from models.simulator import lines
from models.simulator.lines import Home, Line, Shared
from models.simulator.names import FAMILY, GIVEN
from models.simulator.travel import Trip
from models.simulator.world import City

if TYPE_CHECKING:
    from models.simulator.company import Company, Office

AROUND_KM = 60.0  # how far from their office people live
BORDER_KM = 250.0
SECOND_HOME_KM = (80.0, 900.0)

# Trait -> share of people who have it. Several may meet in one person.
TRAITS = {
    "company_vpn": 0.22,
    "cloud_proxy": 0.10,
    "consumer_vpn": 0.05,
    "private_relay": 0.08,
    "moved": 0.012,
    "moved_country": 0.004,
    "second_home": 0.03,
    "border_commuter": 0.02,
    "remote_alone": 0.015,
    "contractor": 0.05,
    "new_hire": 0.03,
    "leaver": 0.015,
    "on_leave": 0.03,
    "home_misplaced": 0.03,
    "home_misplaced_abroad": 0.004,
    "prefix_moved": 0.01,
    "provider_acts": 0.25,
    "traveller": 0.0,  # for certain on a trip; others are as travel.py has it
}
ROLES = {"engineer": 0.30, "office": 0.45, "sales": 0.18, "executive": 0.03, "admin": 0.04}


@dataclass(eq=False)
class Person:
    """One account's owner. Times are seconds after the start of the month."""

    index: int
    name: str
    email: str
    role: str
    traits: frozenset[str]
    office: "Office"
    home_city: City
    home: Home
    carrier: Line
    rate: float  # events a working hour, relative to colleagues
    office_days: float  # share of working days spent in the office
    rises: float  # local hour at which the day starts
    present: tuple[int, int]  # first day of employment in the month, and the day after the last
    leave: tuple[int, int] = (0, 0)  # days off at home, almost without use
    moves: tuple[int, City, Home] | None = None  # on which day, where to
    second_home: tuple[City, Home] | None = None
    private_vpn: tuple[Shared, ...] = ()
    relay: Shared | None = None
    strange_machines: Shared | None = None  # of a provider, acting for this person
    service: bool = False
    trips: list[Trip] = field(default_factory=list)
    _stable: dict[str, str] = field(default_factory=dict)

    def stable(self, what: str, alphabet: str, length: int) -> str:
        """Return this person's identifier for something: always the same text."""
        if what not in self._stable:
            draw = random.Random(f"{what}/{self.email}")
            self._stable[what] = "".join(draw.choices(alphabet, k=length))
        return self._stable[what]

    def stable_uuid(self, what: str) -> str:
        """Return this person's UUID for something."""
        if what not in self._stable:
            bits = random.Random(f"{what}/{self.email}").getrandbits(128)
            self._stable[what] = str(UUID(int=bits, version=4))
        return self._stable[what]


def hire(
    company: "Company", index: int, draw: random.Random, taken: set[str], must_be: str = ""
) -> Person:
    """Return one person; `taken` holds the e-mail addresses given so far and is added to.

    `must_be` names a trait, or a role, that this person has for certain.
    """
    office = draw.choices(company.offices, [office.share for office in company.offices])[0]
    traits = {trait for trait, share in TRAITS.items() if draw.random() < share}
    if must_be in TRAITS:
        traits = {must_be}
    home_city = _home_city(company, office, traits, draw)
    given, family = draw.choice(GIVEN), draw.choice(FAMILY)
    email = _email(company.domain, given, family, taken)
    carriers = company.carriers(home_city.country, draw)
    first = draw.randint(company.days // 5, company.days * 3 // 5)
    person = Person(
        index=index,
        name=f"{given} {family}",
        email=email,
        role=must_be if must_be in ROLES else draw.choices(list(ROLES), list(ROLES.values()))[0],
        traits=frozenset(traits),
        office=office,
        home_city=home_city,
        home=_home(company, home_city, traits, draw),
        carrier=draw.choice(carriers) if carriers else office.line,
        rate=draw.lognormvariate(0.0, 0.7),
        office_days=0.0
        if traits & {"remote_alone", "contractor"}
        else draw.choice((0.2, 0.4, 0.6, 0.9)),
        rises=draw.gauss(7.3, 0.9),
        present=(
            first if "new_hire" in traits else 0,
            company.days - first if "leaver" in traits else company.days,
        ),
    )
    _peculiarities(company, person, draw)
    return person


def _email(domain: str, given: str, family: str, taken: set[str]) -> str:
    local = f"{given}.{family}".lower().replace("'", "").replace(" ", "-")
    local = local.encode("ascii", "ignore").decode()
    number = 1
    while (email := f"{local}{number if number > 1 else ''}@{domain}") in taken:
        number += 1
    taken.add(email)
    return email


def _home_city(company: "Company", office: "Office", traits: set[str], draw: random.Random) -> City:
    world, there = company.world, office.city
    km = world.km(there)
    at_home = world.within((there.country,))
    city = None
    if "contractor" in traits:
        city = _contractors_city(company, draw)
    elif "remote_alone" in traits:
        city = world.choose(draw, ~world.within(o.city.country for o in company.offices))
    elif "border_commuter" in traits:
        city = world.choose(draw, ~at_home & (km < BORDER_KM))
    return city or world.choose(draw, at_home & (km < AROUND_KM)) or there


def _contractors_city(company: "Company", draw: random.Random) -> City:
    """Return one of the few cities in which this company's contractors sit."""
    fixed = random.Random(f"contractors/{company.name}/{company.offices[0].city.name}")
    everywhere = company.world.sizes > 0
    return draw.choice([_any(company.world.choose(fixed, everywhere)) for _ in range(3)])


def _any(city: City | None) -> City:
    assert city is not None, "a world has cities"
    return city


def _home(company: "Company", city: City, traits: set[str], draw: random.Random) -> Home:
    world, elsewhere, since = company.world, None, 0.0
    same_country = world.within((city.country,))
    if "home_misplaced_abroad" in traits:
        elsewhere = world.choose(draw, ~same_country)
    elif traits & {"home_misplaced", "prefix_moved"}:
        elsewhere = world.choose(draw, same_country & ~world.among((city,)))
    if "prefix_moved" in traits:
        since = draw.uniform(0.3, 0.7) * company.days * lines.DAY
    blocks = elsewhere.blocks["isp"] if elsewhere else []
    return lines.home(city, company.days, draw, (since, blocks))


def _peculiarities(company: "Company", person: Person, draw: random.Random) -> None:
    traits, world, city = person.traits, company.world, person.home_city
    if traits & {"moved", "moved_country"}:
        abroad = "moved_country" in traits
        elsewhere = ~world.among((city,)) & (world.within((city.country,)) != abroad)
        there = world.choose(draw, elsewhere)
        if there is not None:
            day = draw.randrange(company.days // 4, company.days * 3 // 4 + 1)
            person.moves = (day, there, lines.home(there, company.days, draw))
    if "second_home" in traits:
        low, high = SECOND_HOME_KM
        there = world.choose(draw, (low < world.km(city)) & (world.km(city) < high))
        if there is not None:
            person.second_home = (there, lines.home(there, company.days, draw))
    if "on_leave" in traits:
        start = draw.randrange(max(1, company.days - 7))
        person.leave = (start, start + draw.randrange(5, 15))
    if "consumer_vpn" in traits:
        person.private_vpn = tuple(draw.sample(company.consumer_vpns, draw.choice((1, 1, 2, 4))))
    if "private_relay" in traits:
        person.relay = company.relay(city.country, draw)
    if "provider_acts" in traits:
        person.strange_machines = draw.choice(company.providers)
