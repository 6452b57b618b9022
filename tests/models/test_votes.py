"""Votes: what a member sees beyond what the explanations have weighed, and what it is worth."""

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from travelling_company import ANA, travelling

from models.ensemble import Scores
from models.judge import Verdict, judge_all
from models.pairs import Pairs
from models.params import Params
from models.votes import ALIKE, VOTE_LEAST, WEIGHT, calibrated, most_alike, support, votes

finite = st.floats(-20, 20)


@given(st.lists(finite, min_size=1, max_size=200))
def test_every_visit_is_alike_to_itself_and_to_the_nearest_others(log_odds: list[float]) -> None:
    values = np.array(log_odds)
    alike = most_alike(values)
    assert alike.shape == (len(values), min(len(values), ALIKE + 1))
    for at, row in enumerate(alike):
        assert len(set(row.tolist())) == len(row)
        assert at in row
        left = np.delete(values, row)
        low, high = values[row].min(), values[row].max()
        assert not ((left > low) & (left < high)).any()  # nothing in between is passed over


@given(st.lists(finite, min_size=1, max_size=80), st.data())
def test_a_vote_is_the_share_of_those_alike_with_a_lower_score(
    log_odds: list[float], data: st.DataObject
) -> None:
    scores = np.array(data.draw(st.lists(finite, min_size=len(log_odds), max_size=len(log_odds))))
    alike = most_alike(np.array(log_odds))
    for at, vote in enumerate(calibrated(scores, alike).tolist()):
        others = [scores[other] for other in alike[at] if other != at]
        lower = sum(other < scores[at] for other in others)
        equal = sum(other == scores[at] for other in others)
        assert vote == pytest.approx((lower + equal / 2 + 1) / (len(others) + 2))
        assert 0 < vote < 1


def test_a_scale_of_ones_own_changes_no_vote() -> None:
    generator = np.random.default_rng(1)
    scores, alike = generator.random(100), most_alike(generator.random(100))
    assert np.allclose(calibrated(scores, alike), calibrated(scores**3, alike))


def test_a_score_that_goes_with_the_log_odds_adds_nothing_to_them() -> None:
    log_odds = np.linspace(-10, 10, 1000)
    cast_votes = calibrated(log_odds, most_alike(log_odds))
    assert cast_votes[ALIKE:-ALIKE] == pytest.approx(0.5)


def test_votes_are_cast_on_every_place_that_was_judged() -> None:
    context = travelling()
    verdicts = judge_all(context, Params().threshold)
    pairs = Pairs.of(context)
    far = np.zeros(len(pairs))
    lagos = context.known.places.country.index("NG")
    ana = context.known.people.index(ANA)
    far[pairs.rows_of(np.array([ana]), np.array([lagos]))] = 1.0
    given_votes = votes(Scores(pairs, {"one": far, "other": 1 - far}), verdicts)
    judged = {(v.case.person, place) for v in verdicts for place in v.case.places}
    assert set(given_votes.of_pair) == judged
    assert len(judged) > 20
    of_ana = given_votes.of(ana, lagos)
    assert of_ana["one"] > 0.9
    assert of_ana["other"] < 0.1
    assert given_votes.of(ana, 10_000) == {}


def test_without_members_or_cases_nobody_votes() -> None:
    pairs = cast(Pairs, SimpleNamespace())
    verdict = cast(Any, SimpleNamespace(log_odds=1.0, case=SimpleNamespace(person=1, places=[2])))
    none: list[Verdict] = []
    assert votes(Scores(pairs, {}), [verdict]).of_pair == {}
    assert votes(Scores(pairs, {"one": np.zeros(0)}), none).of_pair == {}


def test_votes_support_but_do_not_decide() -> None:
    assert support([1.0, 1.0]) == pytest.approx(WEIGHT * np.log(2))
    assert support([0.0]) == pytest.approx(WEIGHT * np.log(2 * VOTE_LEAST))
    assert support([0.5, 0.5]) == 0.0
    assert support([]) == 0.0
