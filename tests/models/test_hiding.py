"""The habit of hiding, in the colleagues of one person who is left out."""

from dataclasses import replace

import numpy as np
import pytest
from month_of_use import Line, Month, boston, paris

from models.company import company
from models.hiding import Hiding
from models.learned import learn

ANA, BOB = "ana@example.com", "bob@example.com"


def exit_of(number: int) -> Line:
    line = paris(f"45.0.{number}.5", asn=6000 + number, kind="vpn")
    return line if number % 2 else replace(line, country="CH", city="Zurich")


def hiding(month: Month) -> tuple[Hiding, dict[str, int]]:
    known = company(month.cells())
    number = {name: at for at, name in enumerate(known.people)}
    return Hiding(known, learn(known)), number


def months(days: int) -> Month:
    month = Month()
    month.colleagues(20)
    month.work(ANA, boston(), range(28))
    month.work(BOB, boston(), range(28))
    for day in range(days):
        month.use(ANA, exit_of(day), day, 19.0)
    return month


def test_a_private_vpn_is_a_habit_by_its_days_though_each_has_another_exit() -> None:
    found, number = hiding(months(4))
    assert found.in_country(None, number[BOB]) == 1
    assert found.in_country("FR", number[BOB]) == 1
    assert found.in_country("CH", number[BOB]) == 1
    assert found.in_country("DE", number[BOB]) == 0
    assert found.in_country(None, number[ANA]) == 0


def test_two_days_are_none() -> None:
    found, number = hiding(months(2))
    assert found.in_country(None, number[BOB]) == 0
    assert found.in_country("CH", number[BOB]) == 0


def test_where_all_hide_on_one_number_another_is_rare() -> None:
    month = Month()
    month.colleagues(30)
    for colleague in range(5):
        for day in range(4):
            line = paris(f"45.1.{colleague}.5", asn=6000, kind="vpn")
            month.use(f"colleague{colleague}@example.com", line, day, 19.0)
    for day in range(4):
        month.use("colleague25@example.com", paris("45.9.9.5", asn=6001, kind="vpn"), day, 19.0)
    found, number = hiding(month)
    new, known = found.on_numbers(np.array([6000]), number["colleague0@example.com"])
    assert (new, known) == (pytest.approx(2 / 7), True)  # four on the one, one alone on the other
    assert found.on_numbers(np.array([7000]), number["colleague0@example.com"])[1] is False
    # Nobody's own number tells of others.
    new, known = found.on_numbers(np.array([6001]), number["colleague25@example.com"])
    assert (new, known) == (pytest.approx(1 / 7), False)


def test_until_somebody_hides_every_number_is_as_likely_new() -> None:
    month = Month()
    month.colleagues(5)
    found, _ = hiding(month)
    assert found.on_numbers(np.array([6000]), 0) == (0.5, False)
