"""Programs that act for people, from anywhere: no attacks. Others on rented machines still are."""

import pytest
from month_of_use import DAYS, Line, Month, boston

from models.company import company
from models.detection import prepared
from models.judge import Verdict, judge_all
from models.programs import NONE, Programs

ANA, INDEXER = "ana@example.com", "indexer"
CITIES = (
    ("IE", "Dublin", 53.35, -6.26),
    ("SG", "Singapore", 1.35, 103.82),
    ("US", "Quincy", 47.23, -119.85),
    ("NL", "Amsterdam", 52.37, 4.9),
)
PEOPLE = 30


def machine(number: int, city: int = 0, asn: int = 8000) -> Line:
    country, name, latitude, longitude = CITIES[city]
    ip = f"13.{city}.{number}.5"
    return Line(ip, country, None, name, latitude, longitude, asn, "hosting")


def a_month(
    agent: str = INDEXER, colleagues: int = 20, days: int = DAYS, addresses: int = 99
) -> Month:
    """Let a program act for colleagues: each once, from one of as many addresses."""
    month = Month()
    month.colleagues(PEOPLE)
    month.work(ANA, boston(), range(DAYS))
    for number in range(colleagues):
        line = machine(number % addresses, number % len(CITIES))
        month.use(f"colleague{number}@example.com", line, number % days, 15.3, 1, agent)
    return month


def programs(month: Month) -> int:
    """Return of how many colleagues a use is taken to be a program's."""
    found = Programs(company(month.cells()))
    return int(found.acts.sum())


def test_what_acts_for_many_from_many_machines_for_weeks_is_a_program() -> None:
    assert programs(a_month()) == 20


@pytest.mark.parametrize(
    "month",
    [
        a_month(agent="laptop"),  # what people have at home: a VPN
        a_month(colleagues=6),
        a_month(days=5),
        a_month(addresses=1),  # in each of four cities
    ],
    ids=["own devices", "few people", "a burst", "one hand's"],
)
def test_nothing_less_is(month: Month) -> None:
    assert programs(month) == 0


def judged(month: Month, line: Line) -> Verdict:
    """Return what is said of Ana's use of a line's city."""
    context, _ = prepared(company(month.cells()))
    (verdict,) = (
        verdict
        for verdict in judge_all(context, 0.5)
        if context.known.people[verdict.case.person] == ANA
        and context.known.places.city[verdict.case.place] == line.city
    )
    return verdict


def test_a_program_that_acts_for_one_as_for_colleagues_is_no_attack() -> None:
    month, line = a_month(), machine(99, 1)
    for day in (3, 9, 17):
        month.use(ANA, line, day, 15.4, 1, INDEXER)  # she is at work in Boston
    verdict = judged(month, line)
    assert verdict.best_benign == "program"
    assert verdict.score < 0.1
    assert (verdict.case.acting.share, verdict.case.acting.people) == (1.0, 20)
    assert verdict.case.acting.in_country == 5


def test_nothing_is_excused_by_it_that_another_device_does_on_such_a_machine() -> None:
    month, line = a_month(), machine(99, 1)
    for day in (3, 9, 17):
        month.use(ANA, line, day, 15.4, 6, "stranger")
    verdict = judged(month, line)
    assert verdict.case.acting == NONE
    assert verdict.totals["program"] < verdict.totals["attack"] - 20.0


def test_the_programs_name_from_machines_of_a_provider_that_it_never_uses_is_less_excused() -> None:
    known, new = (machine(99, 1, asn) for asn in (8000, 666))
    scores = []
    for line in (known, new):
        month = a_month()
        month.use(ANA, line, 9, 15.4, 20, INDEXER)
        scores.append(judged(month, line).log_odds)
    assert scores[1] > scores[0] + 2.0
