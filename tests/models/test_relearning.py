"""Attacks do not teach what is usual: what was flagged is left out, and others are judged again."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from month_of_use import DAYS, Month, chicago, lagos, paris

from models.company import company
from models.context import Context
from models.detection import prepared
from models.devices import Device, Use
from models.judge import Verdict, judge_all, judge_person
from models.relearning import NEWS, concerned, news_of, without_attacks
from models.turnover import NEW_VERSION
from models.user_agents import COMPUTER, TELEPHONE

VICTIMS = 8
THRESHOLD = 0.5


def attacked(month: Month) -> None:
    """Let one attacker use several accounts over one carrier abroad, while their owners work."""
    for number in range(VICTIMS):
        person = f"colleague{number}@example.com"
        line = lagos(f"102.{number}.1.5")
        month.use(person, line, 8, 15.2, events=24, agent="stranger")


def judged(month: Month) -> tuple[Context, dict[int, list[Verdict]]]:
    context, _ = prepared(company(month.cells()))
    people = range(len(context.known.people))
    return context, {number: judge_person(context, number, THRESHOLD) for number in people}


def scores(verdicts: Iterable[Verdict]) -> Iterable[tuple[int, float]]:
    return ((verdict.case.person, verdict.score) for verdict in verdicts)


def jump_share(context: Context, ip: str) -> float:
    at = context.known.addresses.ip.index(ip)
    return float(context.learned.jump_share_of_network[context.learned.network[at]])


def test_a_network_is_less_known_for_the_jumps_of_those_attacked_over_it() -> None:
    month = Month()
    month.colleagues(30)
    attacked(month)
    context, by_person = judged(month)
    again = without_attacks(context, by_person, THRESHOLD)
    assert jump_share(context, "102.0.1.5") > 0.6
    assert jump_share(again, "102.0.1.5") < jump_share(context, "102.0.1.5") - 0.1


def test_so_the_attacks_on_many_are_surer_at_second_sight() -> None:
    month = Month()
    month.colleagues(30)
    attacked(month)
    context, by_person = judged(month)
    first = dict(scores(verdict for found in by_person.values() for verdict in found))
    second = dict(scores(judge_all(context, THRESHOLD)))
    assert len(second) == VICTIMS
    assert all(score > first[number] > 0.5 for number, score in second.items())


def test_a_network_that_is_misplaced_for_everybody_stays_so() -> None:
    month = Month()
    month.colleagues(30)
    for number in range(12):
        for day in range(DAYS):
            line = paris(f"85.0.{number}.1")
            month.use(f"colleague{number}@example.com", line, day, 14.6, events=2)
    context, by_person = judged(month)
    again = without_attacks(context, by_person, THRESHOLD)
    assert jump_share(again, "85.0.0.1") > 0.5


def test_one_attacked_over_the_network_of_home_is_at_home_on_it_all_the_same() -> None:
    month = Month()
    month.colleagues(30)
    line = chicago("23.9.0.1", asn=700, kind="isp")
    month.use("colleague0@example.com", line, 8, 15.2, events=12, agent="stranger")
    context, by_person = judged(month)
    (verdict,) = by_person[0]
    learned = without_attacks(context, by_person, THRESHOLD).learned
    network = int(learned.network[context.known.addresses.ip.index("23.9.0.1")])
    (pair,) = learned.by_network.rows(np.array([network]), np.array([0]))
    assert pair >= 0
    assert learned.using[pair] == 1.0
    assert learned.honest_jumps[pair] == 1.0 - verdict.score < 0.5


def test_only_those_are_judged_again_for_whom_something_changed() -> None:
    month = Month()
    month.colleagues(30)
    attacked(month)
    month.use("colleague20@example.com", paris(), 10, 15.2, events=2, agent="laptop")
    context, by_person = judged(month)
    again = without_attacks(context, by_person, THRESHOLD)
    found = {context.known.people[number] for number in concerned(context, again, by_person)}
    assert {f"colleague{number}@example.com" for number in range(VICTIMS)} <= found
    assert "colleague29@example.com" not in found


STRANGE = Use(0.5, 0.0, 0.1, COMPUTER)
OWN = Use(0.5, 0.5, 0.1, COMPUTER)
UPDATED = replace(OWN, updated=True)


@pytest.mark.parametrize(
    ("uses", "kind", "news"),
    [
        ([STRANGE], COMPUTER, True),
        ([STRANGE, OWN], TELEPHONE, False),
        ([OWN], COMPUTER, False),
        ([OWN, UPDATED], NEW_VERSION, True),
        ([STRANGE], NEW_VERSION, False),
    ],
)
def test_it_is_news_that_what_is_new_here_comes_with_another_chance(
    uses: list[Use], kind: int, news: bool
) -> None:
    before = Device(tuple(uses), (0.01, 0.02, 0.03, 0.04))
    chances = list(before.chances)
    chances[kind] *= 1 + 2 * NEWS
    assert news_of(before, replace(before, chances=tuple(chances))) is news
    assert not news_of(before, before)


def test_devices_that_are_known_get_the_chances_of_a_book_that_learned_anew() -> None:
    month = Month()
    month.colleagues(30)
    attacked(month)
    context, by_person = judged(month)
    book = without_attacks(context, by_person, THRESHOLD).devices
    cases = [verdict.case for verdicts in by_person.values() for verdict in verdicts]
    assert len(cases) == VICTIMS
    for case in cases:
        assert book.again(case.device) == book.at(case.person, case.places)
        assert book.again(case.device).chances[COMPUTER] < case.device.chances[COMPUTER]
