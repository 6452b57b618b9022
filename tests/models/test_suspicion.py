"""What an attack on one account says of the others that used the same block of addresses."""

from math import exp

import pytest
from month_of_use import Month, boston, lagos

from models.active_hours import DAY
from models.company import company
from models.detection import prepared
from models.judge import judge_person
from models.suspicion import LASTING, Suspicion, Use, campaigns

BLOCK = 1
BELIEF = Suspicion(
    blocks={BLOCK: {10: Use(0.6, 0, 100), 11: Use(0.0, 50, 200)}, 2: {12: Use(0.3, 0, 0)}}
)


def test_all_users_of_suspect_blocks_are_judged_again() -> None:
    assert BELIEF.users == {10, 11, 12}
    assert Suspicion().users == set()


def test_what_was_believed_of_the_others_counts_not_of_oneself() -> None:
    assert BELIEF.campaign(11, {BLOCK: (0, 100)}) == 0.6
    assert BELIEF.campaign(10, {BLOCK: (50, 200)}) == 0.0
    assert BELIEF.campaign(13, {BLOCK: (0, 100)}) == 0.3
    assert BELIEF.campaign(13, {7: (0, 100)}) == 0.0


def test_it_counts_the_less_the_longer_the_time_between() -> None:
    soon = BELIEF.campaign(12, {2: (0, 0)}), BELIEF.campaign(11, {BLOCK: (100 + DAY, 101 + DAY)})
    assert soon == (0.0, pytest.approx(0.6 * exp(-DAY / LASTING)))
    assert BELIEF.campaign(11, {BLOCK: (100 + 14 * DAY, 101 + 14 * DAY)}) < 0.01


def test_an_honest_user_long_ago_does_not_weaken_what_is_believed_of_one_at_the_same_time() -> None:
    uses = {10: Use(0.9, 20 * DAY, 21 * DAY), 11: Use(0.0, 0, 0)}
    assert Suspicion(blocks={BLOCK: uses}).campaign(12, {BLOCK: (20 * DAY, 20 * DAY)}) > 0.89


def test_a_campaign_is_the_blocks_with_several_users_of_whom_one_is_suspect() -> None:
    month = Month()
    month.colleagues(20)
    for number in (3, 4):
        month.use(f"colleague{number}@example.com", lagos(), 5 + number, 15.4, 12, agent="stranger")
    month.use("colleague5@example.com", lagos("102.7.7.7"), 8, 15.4, 12, agent="stranger")
    month.use("colleague6@example.com", boston("20.77.0.1"), 8, 15.4)
    known = prepared(company(month.cells()))[0]
    by_person = {each: judge_person(known, each, 0.5) for each in range(len(known.known.people))}
    (uses,) = campaigns(known.known, by_person).values()
    assert {known.known.people[number] for number in uses} == {
        "colleague3@example.com",
        "colleague4@example.com",
    }
    assert all(use.chance > 0.5 for use in uses.values())
    assert sorted(use.first // DAY for use in uses.values()) == [8, 9]
