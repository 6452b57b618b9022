"""How much surer a run has to be: in a tenant's first days, and of what has only just begun."""

from math import isclose, log

import pytest
from month_of_use import DAYS, Month, boston, lagos

from models.company import Company, company
from models.context import Context
from models.detection import findings_of, flagged, needed_score, prepared
from models.judge import Verdict, judge_all, logistic
from models.params import Params
from models.patience import BEGUN, FORGOTTEN, UNKNOWN, needed
from models.votes import Votes

ANA = "ana@example.com"


def prepared_month(from_day: int, attack_day: int) -> Context:
    """Return a company with events from a day on, and an attack on one of its people."""
    month = Month()
    for ordinal in range(10):
        month.work(f"c{ordinal}@example.com", boston(f"20.1.{ordinal}.5"), range(from_day, DAYS))
    month.work(ANA, boston(), range(from_day, DAYS))
    month.use(ANA, lagos(), attack_day, 15.4, events=12)
    return prepared(company(month.cells()))[0]


def judged(from_day: int, attack_day: int) -> tuple[Company, Verdict]:
    """Return the company and the verdict on the attack."""
    context = prepared_month(from_day, attack_day)
    (verdict,) = [one for one in judge_all(context, 0.5) if one.case.person == 0]
    return context.known, verdict


def test_after_weeks_an_old_use_needs_next_to_nothing_more() -> None:
    assert 0 < needed(*judged(0, 8)) < 0.05


@pytest.mark.parametrize(("from_day", "days"), [(21, 7), (24, 4)])
def test_the_fewer_days_are_known_the_surer(from_day: int, days: int) -> None:
    known, verdict = judged(from_day, from_day + 1)
    assert isclose(needed(known, verdict), UNKNOWN / days**2)


def test_what_began_on_the_last_day_needs_to_be_surer_but_only_that_day() -> None:
    usual = needed(*judged(0, DAYS - 2))
    assert isclose(needed(*judged(0, DAYS - 1)), usual + BEGUN)


def test_what_is_of_the_first_day_has_lost_what_was_before_it() -> None:
    usual = needed(*judged(0, 1))
    assert isclose(needed(*judged(0, 0)), usual + FORGOTTEN)


def test_the_score_needed_is_that_of_so_much_more_log_odds() -> None:
    score = needed_score(Params(flagged_from=0.6), 1.5)
    assert isclose(log(score / (1 - score)), log(0.6 / 0.4) + 1.5)
    assert isclose(needed_score(Params(flagged_from=0.6), 0.0), 0.6)


@pytest.mark.parametrize(("day", "found"), [(DAYS - 1, 0), (DAYS - 2, 1)])
def test_what_is_not_sure_enough_on_its_first_day_is_flagged_on_the_next(
    day: int, found: int
) -> None:
    context = prepared_month(0, day)
    (verdict,) = judge_all(context, 0.5)
    params = Params(flagged_from=logistic(verdict.log_odds - BEGUN / 2))
    scored = findings_of([verdict], Votes({}))
    assert len(flagged(context.known, scored, params)) == found
