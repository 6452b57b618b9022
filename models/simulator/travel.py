"""Trips: away on business, at a conference, on holiday; alone or with colleagues."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.simulator import clock, lines
from models.simulator.lines import DAY, Line
from models.simulator.world import City

if TYPE_CHECKING:
    from models.simulator.company import Company
    from models.simulator.people import Person

HOUR = 3600.0
LAYOVER_KM = 4000.0  # from here on flights tend to stop once
CRUISE_KMH = 780.0
AWAY_KM = 120.0
TO_THE_AIRPORT = 2.5  # hours from door to take-off
TO_CLIENTS = 0.7  # of the business trips that go to no office


@dataclass(frozen=True)
class Trip:
    """One trip. Times are seconds after the start of the month."""

    label: str  # business_trip, conference, holiday, family_holiday, weekend_trip
    city: City
    leaves: float  # from home
    arrives: float
    returns: float  # leaves the place
    back: float  # at home again
    stay: Line  # hotel, or the office that is visited
    carrier: Line  # of the country, or the one at home when roaming is routed there
    layovers: tuple[tuple[float, float, Line], ...] = ()  # from, to, at which airport
    in_flight: bool = False

    @property
    def flights(self) -> Iterator[tuple[float, float]]:
        """From when to when the way there is spent in the air."""
        starts = self.leaves + TO_THE_AIRPORT * HOUR
        for lands, goes_on, _ in self.layovers:
            if starts < lands < self.arrives:
                yield starts, lands
                starts = goes_on
        yield starts, self.arrives - HOUR

    @property
    def holiday(self) -> bool:
        """Whether work stays at home."""
        return self.label in ("holiday", "family_holiday", "weekend_trip")


def plan(company: "Company", draw: random.Random) -> None:
    """Send people on their trips, each at most two; some of them go together."""
    for person in company.people:
        if "traveller" in person.traits:
            _alone(company, person, "business_trip", (2, 4), draw, company.days // 3)
    for _ in range(max(1, company.days // 15)):
        _together(company, "conference", max(2, len(company.people) // 80), (2, 4), draw)
    for _ in range(max(1, len(company.people) // 150)):
        _together(company, "family_holiday", draw.choice((2, 2, 3)), (5, 12), draw)
    for person in company.people:
        frequent = 0.35 if person.role in ("sales", "executive") else 0.07
        if draw.random() < frequent * company.days / 30:
            _alone(company, person, "business_trip", (1, 4), draw)
        if draw.random() < 0.08 * company.days / 30:
            _alone(company, person, "holiday", (4, 14), draw)
        if draw.random() < 0.08 * company.days / 30:
            _alone(company, person, "weekend_trip", (1, 2), draw)


def _alone(
    company: "Company",
    person: "Person",
    label: str,
    nights: tuple[int, int],
    draw: random.Random,
    day: int | None = None,
) -> None:
    near = label == "weekend_trip"
    offices = [o for o in company.offices if o.city.km_to(person.home_city) > 150]
    if label == "business_trip" and offices and draw.random() < 0.5:
        office = draw.choice(offices)
        city: City | None = office.city
        stay: Line | None = office.line
    else:
        limit = 1200.0 if near else 20_000.0
        km = company.world.km(person.home_city)
        there = (km > AWAY_KM) & (km < limit)
        if label == "business_trip" and draw.random() < TO_CLIENTS:
            there &= company.world.among(company.clients)
        city = company.world.choose(draw, there)
        stay = None
    if city is not None:
        _send(company, person, label, city, stay, nights, day, draw)


def _together(
    company: "Company", label: str, number: int, nights: tuple[int, int], draw: random.Random
) -> None:
    city = company.world.choose(draw, company.world.sizes >= 2)
    if city is None or len(company.people) < number:
        return
    stay = lines.shared(city.blocks["isp"], 2, draw)
    day = draw.randrange(company.days)
    for person in draw.sample(company.people, number):
        if city.km_to(person.home_city) > AWAY_KM:
            _send(company, person, label, city, stay, nights, day, draw)


def _send(
    company: "Company",
    person: "Person",
    label: str,
    city: City,
    stay: Line | None,
    nights: tuple[int, int],
    day: int | None,
    draw: random.Random,
) -> None:
    """Add a trip to the person's, unless it meets another or the leave of that person."""
    home = person.home_city
    if day is None:
        day = _departure(company, label, draw)
    offset = clock.utc_offset(home.country, home.longitude, company.first_day)
    leaves = day * DAY + (draw.uniform(6.5, 19.0) - offset) * HOUR
    way, stops = _way(company, home, city, leaves, draw)
    arrives = leaves + way
    returns = arrives + (draw.randint(*nights) + draw.uniform(-0.3, 0.3)) * DAY
    back_way, back_stops = _way(company, city, home, returns, draw)
    met = any(t.leaves < returns + back_way and leaves < t.back for t in person.trips)
    if met or len(person.trips) == 2 or (person.leave[1] and label != "conference"):
        return
    local = company.carriers(city.country, draw)
    routed_home = not local or draw.random() < 0.45
    person.trips.append(
        Trip(
            label=label,
            city=city,
            leaves=leaves,
            arrives=arrives,
            returns=returns,
            back=returns + back_way,
            stay=stay or lines.shared(city.blocks["isp"], 2, draw),
            carrier=person.carrier if routed_home else draw.choice(local),
            layovers=stops + back_stops,
            in_flight=draw.random() < 0.15 and city.km_to(home) > 1500,
        )
    )


def _departure(company: "Company", label: str, draw: random.Random) -> int:
    days = range(company.days)
    if label == "weekend_trip":
        fridays = [n for n in days if company.calendar[n].weekday() == 4]
        return draw.choice(fridays or list(days))
    return draw.choice(days)


def _way(
    company: "Company", start: City, end: City, leaves: float, draw: random.Random
) -> tuple[float, tuple[tuple[float, float, Line], ...]]:
    """Return the seconds from door to door, and the stops on the way."""
    km = start.km_to(end)
    if km < 500:
        return km / 90 * HOUR + HOUR, ()
    door_to_door = (km / CRUISE_KMH + draw.uniform(3.0, 5.0)) * HOUR
    if km < LAYOVER_KM or draw.random() < 0.3:
        return door_to_door, ()
    world = company.world
    before, after = world.km(start), world.km(end)
    on_the_way = (before + after < 1.25 * km + 300) & (before > 600) & (after > 600)
    stop = world.choose(draw, on_the_way & world.hubs)
    if stop is None:
        return door_to_door, ()
    lands = leaves + (start.km_to(stop) / CRUISE_KMH + 2.5) * HOUR
    goes_on = lands + draw.uniform(1.0, 4.0) * HOUR
    arrives = goes_on + (stop.km_to(end) / CRUISE_KMH + 1.0) * HOUR
    airport = lines.shared(stop.blocks["isp"], 2, draw)
    return arrives - leaves, ((lands, goes_on, airport),)
