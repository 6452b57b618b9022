"""The city where ways out come out is several places: the VPN's, private exits', and all else's."""

import numpy as np
from judged_months import ANA, flagged, judged
from month_of_use import DAYS, Line, Month, boston, paris

from models.company import Company, company
from models.context import Context
from models.detection import prepared
from models.set_apart import PRIVATE, SHARED
from models.sites import sites

VPN = paris("80.0.9.9", kind="hosting")
HOTEL = paris("80.77.1.1", asn=810)


def a_month(way_out: Line = VPN) -> Month:
    """Let a dozen work over the company's VPN in Paris, at home in Boston like all the others."""
    month = Month()
    month.colleagues(30)
    month.work(ANA, boston(), range(DAYS), hours=(13, 15, 18))
    for person in [ANA, *(f"colleague{number}@example.com" for number in range(12))]:
        month.work(person, way_out, range(DAYS), hours=(14, 16, 17, 19, 20))
    return month


def learned(month: Month) -> Context:
    return prepared(company(month.cells()))[0]


def place_of(known: Company, line: Line) -> int:
    return int(known.addresses.place[known.addresses.ip.index(line.ip)])


def test_the_vpn_has_a_place_of_its_own_of_the_same_name() -> None:
    month = a_month()
    month.use("colleague20@example.com", HOTEL, 9, 15.4)
    known = learned(month).known
    apart, city = place_of(known, VPN), place_of(known, HOTEL)
    assert apart != city
    assert known.places.name(apart) == known.places.name(city) == "Paris, FR"
    assert known.places.apart.nonzero()[0].tolist() == [apart]
    assert known.places.apart[apart] == SHARED
    assert known.places.apart_km(apart, [city]).tolist() == [0.0]


def test_where_nothing_else_is_seen_in_the_city_no_empty_place_is_left() -> None:
    known = learned(a_month()).known
    assert set(known.addresses.place.tolist()) == set(range(len(known.places)))


def test_an_office_is_a_place_like_any_other() -> None:
    month = Month()
    month.colleagues(30)
    for number in range(30):
        month.work(f"colleague{number}@example.com", boston("20.0.0.1"), range(DAYS), hours=(16,))
    assert not learned(month).known.places.apart.any()


def test_the_two_are_no_one_site() -> None:
    month = a_month()
    month.use(ANA, HOTEL, 8, 15.4)
    known = learned(month).known
    part = known.slice_of(known.people.index(ANA))
    place = known.place_of_presence[part]
    grouped = sites(known, place, known.presences.day[part])
    assert len(grouped.places) == 3
    assert sorted(map(len, grouped.places)) == [1, 1, 1]
    assert np.array_equal(np.unique(grouped.of(place)), [0, 1, 2])


def test_an_attack_from_the_city_of_the_vpn_is_seen_by_its_own_use() -> None:
    month = a_month()
    month.use(ANA, HOTEL, 8, 15.4, events=12, agent="stranger")
    assert flagged(month) == [(ANA, "Paris, FR")]
    (verdict,) = [verdict for *_, verdict in judged(month) if verdict.score >= 0.5]
    assert verdict.case.events == 12


def test_use_of_the_vpn_is_none() -> None:
    assert flagged(a_month()) == []


RENTED = boston("45.9.9.9", asn=6100, kind="hosting")


def test_rented_machines_in_the_town_of_ones_home_are_a_place_of_their_own() -> None:
    month = Month()
    month.colleagues(30)
    month.work(ANA, boston(), range(DAYS))
    month.use(ANA, RENTED, 8, 15.4)
    known = learned(month).known
    home, rented = place_of(known, boston()), place_of(known, RENTED)
    assert known.places.name(home) == known.places.name(rented)
    assert known.places.apart[[home, rented]].tolist() == [0, PRIVATE]


def test_an_attack_from_a_machine_rented_in_the_town_of_its_victim_is_seen() -> None:
    month = Month()
    month.colleagues(30)
    month.work(ANA, boston(), range(DAYS))
    month.use(ANA, RENTED, 8, 15.4, events=12, agent="stranger")
    assert flagged(month) == [(ANA, "Boston, US")]


def test_ones_own_vpn_that_comes_out_near_home_is_none() -> None:
    month = Month()
    month.colleagues(30)
    month.work(ANA, boston(), range(DAYS))
    for day in (2, 4, 9, 11, 16, 18):
        month.use(ANA, RENTED, day, 19.3, agent="laptop")
    assert flagged(month) == []
