"""Visits: what each (person, place) looks like from several sides, on one scale."""

import numpy as np
import pytest
from month_of_use import DAYS, Month, boston, lagos, paris
from travelling_company import ANA, TRAVELLERS, travelling

from models.company import company
from models.context import Context
from models.detection import prepared
from models.pairs import Pairs
from models.set_apart import PRIVATE
from models.turnover import USUAL_EVENTS
from models.user_agents import COMPUTER
from models.views import networks, places, times
from models.visits import FARTHEST, Visits


@pytest.fixture
def context() -> Context:
    """Ana works two days at the office in Paris, over its network; Bob's home is used at night."""
    month = Month()
    month.colleagues(8)
    month.work("bob@example.com", paris("80.3.3.3"), range(DAYS), agent="desktop")
    month.work(ANA, boston(), [*range(7), *range(9, DAYS)])
    month.use(ANA, paris(), 7, 10, events=6, agent="laptop")
    month.use(ANA, paris(), 8, 10, events=6, agent="strange")
    prepared_context, _ = prepared(company(month.cells()))
    return prepared_context


def row(pairs: Pairs, person: str, country: str) -> int:
    known = pairs.context.known
    who, where = known.people.index(person), known.places.country.index(country)
    return int(pairs.rows_of(np.array([who]), np.array([where]))[0])


def test_a_place_is_described_by_its_distance(context: Context) -> None:
    pairs = Pairs.of(context)
    km = places.columns(pairs)[row(pairs, ANA, "FR")][0]
    assert np.expm1(km) * places.NEAR_KM == pytest.approx(5436, abs=20)  # 5,536 less both radii
    assert places.columns(pairs)[row(pairs, ANA, "US")].tolist() == [0, 0, 0, 0]


def test_a_place_is_described_by_how_it_was_set_apart() -> None:
    month = Month()
    month.colleagues(8)
    month.work(ANA, boston(), range(DAYS))
    month.use(ANA, lagos(kind="hosting"), 8, 15)
    context, _ = prepared(company(month.cells()))
    pairs = Pairs.of(context)
    assert places.columns(pairs)[row(pairs, ANA, "NG")][1:].tolist() == [0, 1, 0]
    assert places.APART.index(PRIVATE) == 1


def test_a_network_is_described_by_its_users_and_their_devices(context: Context) -> None:
    pairs = Pairs.of(context)
    hidden, people, strange, common = networks.columns(pairs)[row(pairs, ANA, "FR")]
    assert hidden == 0
    assert np.exp(people) == pytest.approx(2)  # Bob and Ana, on one network in Paris
    turnovers = context.devices.turnovers
    chance = turnovers.chances(USUAL_EVENTS, USUAL_EVENTS, rented=False)[COMPUTER]
    assert strange == pytest.approx(-0.5 * np.log(chance))  # of half of the events
    assert common == pytest.approx(np.log(9) / 2)  # eight colleagues and Ana have the laptop
    at_home = networks.columns(pairs)[row(pairs, "colleague1@example.com", "US")]
    # What is used nowhere else is strange everywhere.
    assert at_home[2] == pytest.approx(-np.log(chance))


def test_times_tell_how_near_other_use_is(context: Context) -> None:
    pairs = Pairs.of(context)
    days, intensity, _, near, far = times.columns(pairs)[row(pairs, ANA, "FR")]
    assert np.exp(days) == pytest.approx(2)
    assert intensity > 0  # six events an hour, where it is four at home
    # Home is last used on Friday at 20:12 and next on Wednesday at 13:06.
    assert near == pytest.approx(np.log1p([50.93, 26.93]).mean(), abs=0.01)
    assert far == pytest.approx(np.log1p([61.8, 85.8]).mean(), abs=0.01)


def test_hours_that_the_person_keeps_elsewhere_are_usual() -> None:
    month = Month()
    month.colleagues(8)
    month.work(ANA, boston(), range(DAYS))
    month.use(ANA, paris(), 8, 14)
    month.use(ANA, lagos(), 8, 3)
    context, _ = prepared(company(month.cells()))
    pairs = Pairs.of(context)
    by_day, by_night = row(pairs, ANA, "FR"), row(pairs, ANA, "NG")
    usual = times.columns(pairs)[:, 2]
    assert usual[by_day] > usual[by_night] + 2


def test_waits_are_counted_to_the_use_of_other_places_of_the_same_person() -> None:
    person = np.array([0, 0, 0, 0, 1])
    pair = np.array([0, 1, 1, 0, 2])
    first = np.array([0, 10, 20, 100, 5]) * 3600
    before, after = times.waits(person, pair, first, first + 1800)
    assert before.tolist() == [720, 9.5, 19.5, 79.5, 720]
    assert after.tolist() == [9.5, 89.5, 79.5, 720, 720]


def test_visits_are_far_from_the_main_place_and_on_one_scale() -> None:
    visits = Visits.of(Pairs.of(travelling()), seed=7)
    assert visits.far.sum() == TRAVELLERS + 1
    assert not visits.far[visits.pairs.context.stays.main].any()
    assert visits.fitted.tolist() == np.flatnonzero(visits.far).tolist()
    assert (np.abs(visits.features) <= FARTHEST).all()
    assert np.allclose(np.median(visits.features[visits.far], axis=0), 0)
    assert (visits.features[visits.far].std(axis=0) <= 1 + 1e-9).all()


def test_of_few_visits_no_kinds_are_told(context: Context) -> None:
    assert len(Visits.of(Pairs.of(context), seed=7).fitted) == 0
