"""Use that neither a device nor a line links to the rest of its user's."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as some
from judged_months import ANA, a_month, at_home, flagged, judged
from month_of_use import DAYS, Line, Month, boston, chicago

from models.company import company
from models.strangers import parts, strangers


def in_the_next_town(ip: str = "20.55.1.1", asn: int = 760) -> Line:
    return replace(boston(ip, asn), city="Worcester", latitude=42.26, longitude=-71.80)


def found(month: Month) -> set[str]:
    known = company(month.cells())
    return {known.addresses.ip[at] for at in np.flatnonzero(strangers(known)).tolist()}


def an_evening(month: Month, line: Line, agent: str | None, day: int = 8) -> None:
    month.use(ANA, line, day, 18.4, events=15, agent=agent)


def a_month_at_home() -> Month:
    month = a_month()
    at_home(month)
    return month


def test_a_strange_device_over_a_strange_line_is_linked_to_nothing() -> None:
    month = a_month_at_home()
    an_evening(month, in_the_next_town(), "stranger")
    assert found(month) == {"20.55.1.1"}


def test_ones_own_device_links_a_new_line() -> None:
    month = Month()
    month.work(ANA, boston(), range(DAYS), agent="anas own")
    an_evening(month, in_the_next_town(), "anas own")
    month.colleagues(30)
    assert found(month) == set()


def test_ones_own_line_links_a_new_device_and_that_another_line() -> None:
    month = a_month_at_home()
    an_evening(month, boston(), "new telephone", day=7)
    an_evening(month, in_the_next_town(), "new telephone")
    assert found(month) == set()


def test_a_device_that_most_have_tells_nothing_of_whose_use_it_is() -> None:
    month = a_month_at_home()
    an_evening(month, in_the_next_town(), "laptop")
    assert found(month) == set()


def test_where_no_device_is_known_nobody_is_a_stranger() -> None:
    month = a_month_at_home()
    an_evening(month, in_the_next_town(), None)
    assert found(month) == set()


def test_what_is_used_on_many_days_is_no_strangers() -> None:
    month = a_month_at_home()
    for day in range(1, 13, 2):
        an_evening(month, in_the_next_town(), "second telephone", day)
    assert found(month) == set()


def test_a_line_that_is_a_colleagues_own_is_no_strangers() -> None:
    month = a_month_at_home()
    month.work("colleague3@example.com", in_the_next_town(), range(DAYS), agent="of colleague 3")
    an_evening(month, in_the_next_town(), "stranger")
    assert found(month) == set()


def test_an_attack_from_the_next_town_is_seen() -> None:
    month = a_month_at_home()
    month.use(ANA, in_the_next_town(), 8, 15.2, events=30, agent="stranger")
    assert flagged(month) == [(ANA, "Worcester, US")]


def test_failed_attempts_from_other_lines_in_the_strangers_town_count_for_it() -> None:
    month = a_month_at_home()
    month.fail(ANA, in_the_next_town("20.56.1.1"), 8, 14.0, events=7)
    month.use(ANA, in_the_next_town(), 8, 15.2, events=30, agent="stranger")
    (verdict,) = [verdict for *_, verdict in judged(month) if verdict.score >= 0.5]
    assert verdict.case.failures == 7


def test_one_who_visits_the_next_town_with_a_new_telephone_is_not_flagged() -> None:
    month = a_month_at_home()
    month.use(ANA, in_the_next_town(), 12, 18.4, events=2, agent="new telephone")
    month.use(ANA, boston(), 12, 21.4, events=2, agent="new telephone")
    assert flagged(month) == []


def test_lines_in_another_town_each_time_are_one_attack() -> None:
    towns = (("Worcester", 42.26, -71.80), ("Buffalo", 42.89, -78.88), ("Toledo", 41.65, -83.54))
    month = a_month_at_home()
    for number, (city, latitude, longitude) in enumerate(towns):
        line = boston(f"20.6{number}.1.1", 770 + number)
        line = replace(line, city=city, latitude=latitude, longitude=longitude)
        month.use(ANA, line, 8, 15.1 + 0.3 * number, events=6, agent="stranger")
    (verdict,) = [verdict for *_, verdict in judged(month) if verdict.score >= 0.5]
    assert len(verdict.case.places) == 3


def test_nor_is_a_carriers_gateway_that_the_owners_telephone_came_over_before() -> None:
    month = a_month_at_home()
    for day in range(1, 20, 2):
        month.use(ANA, chicago(f"23.0.{day}.5"), day, 12.2, events=2, agent="anas telephone")
    assert found(month) == set()


edges = some.lists(some.tuples(some.integers(0, 7), some.integers(0, 7)), max_size=25)


@given(edges)
def test_a_part_is_all_that_can_be_reached(drawn: list[tuple[int, int]]) -> None:
    block, device = (np.array([edge[end] for edge in drawn], np.int64) for end in (0, 1))
    label = parts(block, device, 8)
    for start in range(8):
        reached, devices = {start}, set[int]()
        while True:
            more = {d for b, d in drawn if b in reached}
            wider = {b for b, d in drawn if d in more} | reached
            if wider == reached and more == devices:
                break
            reached, devices = wider, more
        assert set(np.flatnonzero(label == label[start]).tolist()) == reached
        assert label[start] == min(reached)
