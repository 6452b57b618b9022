"""Marks that attacks bear: what they say depends on how many honest visits bear them too."""

import numpy as np
import pytest
from month_of_use import DAYS, Month, boston, lagos, paris

from models import marks
from models.company import Company, company
from models.marks import ATTACK, GENERAL, MOST, Marks, learned

VISITORS = 50


def visits(guessed: int, failures: int = 3, elsewhere: bool = False) -> Company:
    """Fifty people who visit Paris; for so many there were failed attempts, there or in Lagos."""
    month = Month()
    for number in range(VISITORS):
        who = f"colleague{number}@example.com"
        month.work(who, boston(f"20.1.{number}.5"), range(DAYS))
        month.use(who, paris(f"80.1.{number}.5"), 5, 14)
        if number < guessed:
            month.fail(who, lagos() if elsewhere else paris("80.9.9.9"), 4, 14, failures)
    return company(month.cells())


def test_where_hardly_any_visit_has_failures_they_say_as_much_as_in_general() -> None:
    expected = marks.PRIOR_VISITS * GENERAL.failures / (VISITORS + marks.PRIOR_VISITS)
    assert learned(visits(0)).failures == pytest.approx(expected)


def test_where_somebody_guesses_from_the_towns_that_are_visited_they_say_less() -> None:
    few = learned(visits(5)).failures
    assert few == pytest.approx((5 + marks.PRIOR_VISITS * GENERAL.failures) / 100)
    assert learned(visits(5, failures=2)).failures < few  # two are mistyped
    assert learned(visits(5, elsewhere=True)).failures < few
    assert learned(visits(50)).failures == MOST


def test_the_main_place_is_no_visit() -> None:
    month = Month()
    for number in range(VISITORS):
        who = f"colleague{number}@example.com"
        month.work(who, boston(f"20.1.{number}.5"), range(DAYS))
        month.fail(who, boston(f"20.1.{number}.5"), 4, 14, 5)
    assert learned(company(month.cells())) == GENERAL


def test_a_mark_is_evidence_by_how_much_likelier_attackers_bear_it() -> None:
    honest = Marks(0.01, 0.05, 0.01)
    for bears in ((3, False, 0.0), (0, True, 0.0), (0, False, 0.5)):
        assert ATTACK.log_chance(*bears) > honest.log_chance(*bears)
    assert ATTACK.log_chance(2, False, 0.4) < honest.log_chance(2, False, 0.4)
    assert honest.log_chance(3, True, 0.9) == pytest.approx(np.log(0.01 * 0.05 * 0.01))
