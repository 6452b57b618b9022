"""The members of the ensemble: each ranks the strange place above the usual one."""

import numpy as np
import pytest
from month_of_use import DAYS, Month, boston, lagos, paris
from pyspark.sql import SparkSession

from models.company import company
from models.detection import prepared
from models.ensemble import (
    SUPPORT,
    VOTE_LEAST,
    Votes,
    calibrated,
    members,
    support,
    vote,
)
from models.params import Params
from models.stages import Stages

ANA, BOB = "ana@example.com", "bob@example.com"


@pytest.fixture(scope="module")
def votes(spark: SparkSession) -> Votes:
    """A company at home in Boston and Paris; Ana is once in Lagos, where nobody is."""
    month = Month()
    month.colleagues(10)
    for number in range(10):
        month.work(f"parisian{number}@example.com", paris(f"80.1.{number}.5"), range(DAYS))
    month.work(ANA, boston(), range(DAYS))
    month.work(BOB, boston("20.3.3.3"), range(14))
    month.work(BOB, paris("80.3.3.3"), range(14, DAYS))
    month.use(ANA, lagos(), 8, 15.4)
    context, _ = prepared(company(month.cells()))
    stages = Stages()
    voted = vote(context, Params(), stages)
    assert set(stages.seconds) == {f"member {name}" for name in members()}
    return voted


def of(votes: Votes, person: str, country: str) -> dict[str, float]:
    known = votes.pairs.context.known
    return votes.of(known.people.index(person), known.places.country.index(country))


def test_every_member_votes_between_0_and_1(votes: Votes) -> None:
    assert len(votes.scores) == 6
    for scores in votes.scores.values():
        assert scores.shape == (len(votes.pairs),)
        assert (scores >= 0).all()
        assert (scores <= 1).all()


def test_every_member_finds_a_far_new_place_strange(votes: Votes) -> None:
    there, home = of(votes, ANA, "NG"), of(votes, ANA, "US")
    for name in votes.scores:
        assert there[name] > 0.5, name
        assert there[name] > home[name], name


def test_every_member_finds_a_place_of_colleagues_less_strange(votes: Votes) -> None:
    nowhere, among_colleagues = of(votes, ANA, "NG"), of(votes, BOB, "FR")
    for name in votes.scores:
        assert among_colleagues[name] < nowhere[name], name


def test_votes_are_the_same_each_time(votes: Votes) -> None:
    again = vote(votes.pairs.context, Params(), Stages())
    for name, scores in votes.scores.items():
        assert np.allclose(scores, again.scores[name]), name


def test_a_vote_is_the_share_of_visits_with_a_lower_score(votes: Votes) -> None:
    pairs = votes.pairs
    assert pairs.main.sum() == len(set(pairs.person.tolist()))
    ranked = calibrated(np.arange(float(len(pairs))), pairs)
    assert (np.diff(ranked) >= 0).all()
    assert 0.0 < ranked.min() < 0.5 < ranked.max() < 1.0
    assert (calibrated(np.full(len(pairs), 0.3), pairs) == 0.5).all()


def test_a_scale_of_ones_own_changes_no_vote(votes: Votes) -> None:
    scores = np.random.default_rng(1).random(len(votes.pairs))
    assert np.allclose(calibrated(scores, votes.pairs), calibrated(scores**3, votes.pairs))


def test_votes_support_but_do_not_decide() -> None:
    assert support([1.0, 1.0]) == pytest.approx(SUPPORT)
    assert support([0.0]) == pytest.approx(np.log(2 * VOTE_LEAST))
    assert support([0.5, 0.5]) == 0.0
    assert support([]) == 0.0
