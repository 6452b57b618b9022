"""How much surer a finding has to be where attacks are rare."""

from math import isclose, log

from hypothesis import given
from hypothesis import strategies as st
from month_of_use import DAYS, Month, boston, lagos

from models import patience
from models.company import Company, company
from models.detection import believed, findings_of, flagged, prepared
from models.judge import judge_all, logistic
from models.params import Params
from models.rarity import GIVEN, MOST, USUAL, needed, user_days
from models.votes import Votes

ANA = "ana@example.com"
PEOPLE = 100  # beside her


def a_company(days: range = range(DAYS)) -> Company:
    month = Month()
    for ordinal in range(PEOPLE):
        month.work(f"c{ordinal}@example.com", boston(f"20.1.{ordinal}.5"), days)
    month.work(ANA, boston(), days)
    month.use(ANA, lagos(), 8, 15.4, events=12)
    return company(month.cells())


KNOWN = a_company()


def test_a_user_day_is_a_person_and_a_day_with_use() -> None:
    working_days = sum(day % 7 < 5 for day in range(DAYS))
    assert user_days(KNOWN) == (PEOPLE + 1) * working_days


def test_where_hardly_anything_looks_like_an_attack_a_finding_has_to_be_surer() -> None:
    known = a_company()
    usual = USUAL * user_days(known)
    assert isclose(needed(known, [1.0, 0.5]), log((usual + GIVEN) / (1.5 + GIVEN)))
    assert needed(known, []) > needed(known, [1.0, 0.5])


def test_in_the_first_days_next_to_nothing_can_be_told() -> None:
    assert needed(a_company(range(10, 11)), []) < 0.15


@given(st.lists(st.floats(0, 1), max_size=300))
def test_it_has_a_bound_and_many_findings_make_no_further_one_easier(scores: list[float]) -> None:
    assert 0 <= needed(KNOWN, scores) <= MOST
    assert needed(KNOWN, [*scores, 1.0]) <= needed(KNOWN, scores)


def test_one_in_doubt_is_flagged_only_where_attacks_are_usual() -> None:
    context, _ = prepared(a_company())
    scored = findings_of(judge_all(context, 0.5), Votes({}))
    (ana,) = [one for one in scored if one.score > 0.5]
    params = Params(flagged_from=logistic(ana.verdict.log_odds - 0.5))
    assert [one.verdict for one in flagged(context.known, [ana], params)] == [ana.verdict]
    assert flagged(context.known, [ana], params, rare=1.0) == []


def test_what_patience_holds_back_is_not_expected_either() -> None:
    context, _ = prepared(a_company())
    scored = findings_of(judge_all(context, 0.5), Votes({}))
    for one, belief in zip(scored, believed(context.known, scored), strict=True):
        held_back = patience.needed(context.known, one.verdict)
        assert isclose(belief, logistic(one.verdict.log_odds - held_back))
        assert belief < one.score
