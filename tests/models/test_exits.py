"""Private exits in many cities, judged one by one and together: one attacker, or one habit."""

import numpy as np
from month_of_use import DAYS, Line, Month, boston

from models.casebook import cases, of_exits
from models.company import company
from models.context import Context
from models.detection import prepared
from models.judge import judge, judge_all
from models.person import Person
from models.reasons import place_reasons
from models.suspicion import Suspicion

ANA = "ana@example.com"
CITIES = (
    ("DE", "Frankfurt", 50.11, 8.68),
    ("SG", "Singapore", 1.35, 103.82),
    ("CH", "Zurich", 47.37, 8.54),
    ("PT", "Lisbon", 38.72, -9.14),
)
NAMES = {f"{city}, {country}" for country, city, *_ in CITIES}
NIGHT, DAY = 5.3, 22.3  # hours UTC; in Boston midnight and late afternoon


def exit_in(number: int) -> Line:
    country, city, latitude, longitude = CITIES[number]
    return Line(f"45.0.{number}.5", country, None, city, latitude, longitude, 6000, "vpn")


def a_month(hour: float, agent: str | None) -> Month:
    """Let Ana work at home, and use one exit after the other, on three days each."""
    month = Month()
    month.colleagues(30)
    month.work(ANA, boston(), range(DAYS))
    for number in range(len(CITIES)):
        for day in (1, 8, 15):
            month.use(ANA, exit_in(number), day + number, hour, 1, agent=agent)
    return month


def ana(month: Month) -> tuple[Context, Person]:
    context, _ = prepared(company(month.cells()))
    number = context.known.people.index(ANA)
    part = context.known.slice_of(number)
    return context, Person.of(context, number, np.arange(part.start, part.stop))


def test_exits_are_all_private_ones_away_from_the_main_site() -> None:
    context, person = ana(a_month(NIGHT, "stranger"))
    assert person.exits(context) == [1, 2, 3, 4]
    (case,) = of_exits(context, person, Suspicion())
    assert {context.known.places.name(place) for place in case.places} == NAMES
    assert case.active_days == 12


def test_a_way_out_that_colleagues_share_is_no_private_exit() -> None:
    month = a_month(NIGHT, "stranger")
    for number in range(8):
        month.work(f"colleague{number}@example.com", exit_in(0), range(DAYS), hours=(16,))
    context, person = ana(month)
    assert len(person.exits(context)) == 3


def test_a_single_exit_is_judged_as_it_is() -> None:
    month = Month()
    month.colleagues(5)
    month.work(ANA, boston(), range(DAYS))
    month.use(ANA, exit_in(0), 3, NIGHT)
    assert of_exits(*ana(month), Suspicion()) == []


def test_of_unknown_devices_exits_are_far_likelier_an_attack_when_seen_together() -> None:
    context, person = ana(a_month(NIGHT, None))
    alone = [judge(case).log_odds for case in cases(context, person, Suspicion())]
    (together,) = [judge(case) for case in of_exits(context, person, Suspicion())]
    assert max(alone) < together.log_odds - 4


def test_each_exit_that_only_a_strange_device_uses_is_an_attack() -> None:
    context, _ = ana(a_month(NIGHT, "stranger"))
    flagged = [verdict for verdict in judge_all(context, 0.5) if verdict.score >= 0.5]
    places = {place for verdict in flagged for place in verdict.case.places}
    assert {context.known.places.name(place) for place in places} == NAMES


def test_exits_by_day_and_by_the_persons_own_device_are_a_habit() -> None:
    context, person = ana(a_month(DAY, "laptop"))
    (together,) = [judge(case) for case in of_exits(context, person, Suspicion())]
    assert together.best_benign == "habit"
    assert all(verdict.score < 0.5 for verdict in judge_all(context, 0.5))


def test_the_reasons_name_the_other_exits() -> None:
    context, person = ana(a_month(NIGHT, "stranger"))
    (together,) = [judge(case) for case in of_exits(context, person, Suspicion())]
    said = " ".join(place_reasons(context, together, together.case.places[0]))
    others = [context.known.places.name(place) for place in together.case.places[1:]]
    assert f"Judged as one with {'; '.join(sorted(others))}: the other sentences speak" in said
