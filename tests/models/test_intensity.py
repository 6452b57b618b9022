"""How busy honest people are away from home is learned from the company."""

import numpy as np
from month_of_use import DAYS, Month, boston, lagos, paris

from models.company import company
from models.detection import prepared
from models.intensity import DAILY, HOURLY, Intensity, drawn_to_prior, learned
from models.judge import judge_all
from models.likelihood import log_long_days


def travelling(events: int) -> Month:
    """Return a month in which everybody works in Boston and visits Paris, busy in some degree."""
    month = Month()
    for number in range(60):
        person = f"colleague{number}@example.com"
        month.work(person, boston(f"20.1.{number}.5"), range(DAYS))
        for hour in (9.0, 10.0, 11.0):
            month.use(person, paris(), 10, hour, events=events)
    return month


def test_where_visits_are_busy_a_busy_visit_is_honest() -> None:
    calm, busy = (learned(company(travelling(events).cells()))[0] for events in (1, 40))
    assert busy.usual > calm.usual + 1.0
    assert busy.log_density(2.0) > calm.log_density(2.0) + 1.0


def test_nobody_away_from_home_leaves_what_is_so_in_general() -> None:
    month = Month()
    month.work("ana@example.com", boston(), range(DAYS))
    assert learned(company(month.cells())) == (HOURLY, DAILY)


def test_few_visits_say_less_than_many() -> None:
    few, many = (drawn_to_prior(np.full(n, -1.0), HOURLY) for n in (3, 300))
    assert -0.2 < few.usual < 0.0
    assert many.usual < -0.9
    assert many.busier < few.busier < HOURLY.busier


def test_a_few_attacks_hardly_move_what_is_learned() -> None:
    honest = np.random.default_rng(5).normal(-0.5, 0.5, 400)
    attacked = np.concatenate([honest, np.full(20, 3.0)])
    one, other = (drawn_to_prior(values, HOURLY) for values in (honest, attacked))
    assert abs(one.usual - other.usual) < 0.1
    assert abs(one.busier - other.busier) < 0.15


def test_a_busy_visit_alone_never_speaks_against_honesty_without_bound() -> None:
    spread = Intensity(-0.5, 0.3, 0.3)
    assert spread.log_density(2.0) > -8.0
    assert spread.log_density(-0.5) > spread.log_density(0.5) > spread.log_density(1.5)


def test_the_density_adds_up_to_one() -> None:
    spread = Intensity(-0.4, 0.9, 0.5)
    values = np.linspace(-15, 15, 6001)
    total = sum(np.exp(spread.log_density(value)) for value in values.tolist()) * 0.005
    assert abs(total - 1.0) < 0.01


def test_days_are_as_long_as_visits_are() -> None:
    short, long = Month(), Month()
    for month, hours in ((short, (9,)), (long, (8, 9, 11, 13, 15, 17))):
        for number in range(30):
            person = f"colleague{number}@example.com"
            month.work(person, boston(f"20.1.{number}.5"), range(14))
            month.work(person, paris(), [14, 15], hours=hours)
    one, other = (learned(company(month.cells()))[1] for month in (short, long))
    assert one.usual < -1.0 < -0.3 < other.usual


def test_one_who_does_not_sleep_is_an_attackers_program() -> None:
    month = Month()
    month.colleagues(30)
    for day in (8, 9, 10):
        for hour in range(24):
            month.use("colleague0@example.com", lagos(), day, hour + 0.4, events=1)
    context, _ = prepared(company(month.cells()))
    (verdict,) = judge_all(context, 0.5)
    assert verdict.case.day_length > 1.0
    assert log_long_days(verdict.case) < -3.0
    assert verdict.score > 0.9


def test_short_days_say_nothing() -> None:
    month = Month()
    month.colleagues(30)
    month.use("colleague0@example.com", lagos(), 8, 15.4, events=12)
    context, _ = prepared(company(month.cells()))
    (verdict,) = judge_all(context, 0.5)
    assert verdict.case.day_length < 0.0
    assert log_long_days(verdict.case) == 0.0


def test_of_few_events_chance_alone_makes_a_busy_hour() -> None:
    spread = Intensity(-0.1, 0.3, 0.25)
    few, many = (spread.log_density(0.7, counted) for counted in (5, 500))
    assert few > many + 1.0
    assert spread.log_density(-0.1, 5) < spread.log_density(-0.1, 500)
