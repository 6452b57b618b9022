"""Which places of one person are one part of a life."""

from dataclasses import replace

from month_of_use import DAYS, Line, Month, boston, chicago

from models.company import Company, company
from models.sites import Sites, sites

ANA = "ana@example.com"


def somewhere_in_the_states(ip: str) -> Line:
    return replace(chicago(ip), region=None, city=None)


def grouped(month: Month) -> tuple[Company, Sites]:
    known = company(month.cells())
    number = known.people.index(ANA)
    part = known.slice_of(number)
    return known, sites(known, known.place_of_presence[part], known.presences.day[part])


def names(known: Company, found: Sites) -> list[list[str]]:
    return [[known.places.name(place) for place in site] for site in found.places]


def test_cities_of_a_country_stay_apart_though_most_use_is_known_to_the_country_only() -> None:
    month = Month()
    month.work(ANA, somewhere_in_the_states("23.7.7.7"), range(DAYS))
    month.work(ANA, boston(), range(10))
    month.use(ANA, chicago(), 3, 15.5)
    known, found = grouped(month)
    assert names(known, found) == [["Boston, US", "US"], ["Chicago, US"]]
    assert found.main == 0


def test_the_place_used_most_is_the_main_site_even_if_known_to_its_country_only() -> None:
    month = Month()
    month.work(ANA, somewhere_in_the_states("23.7.7.7"), range(DAYS))
    month.use(ANA, replace(boston(), country="CA"), 3, 15.5)
    known, found = grouped(month)
    assert names(known, found) == [["US"], ["Boston, CA"]]


def test_every_active_day_counts_for_its_site() -> None:
    month = Month()
    month.work(ANA, boston(), range(5))
    month.use(ANA, chicago(), 6, 15.5)
    _, found = grouped(month)
    assert found.days == [5, 1]
