"""The members of the ensemble: each finds the strange visit stranger than those that many make."""

import numpy as np
import pytest
from month_of_use import Month, boston, lagos
from pyspark.sql import SparkSession
from travelling_company import ANA, TRAVELLERS, travelling

from models.company import company
from models.detection import prepared
from models.ensemble import Scores, members, scores
from models.params import Params
from models.stages import Stages


@pytest.fixture(scope="module")
def scored(spark: SparkSession) -> Scores:
    stages = Stages()
    found = scores(travelling(), Params(), stages)
    assert set(stages.seconds) == {f"member {name}" for name in members()}
    return found


def of(scored: Scores, person: str, country: str) -> dict[str, float]:
    known = scored.pairs.context.known
    row = scored.pairs.rows_of(
        np.array([known.people.index(person)]), np.array([known.places.country.index(country)])
    )
    return {name: float(values[row[0]]) for name, values in scored.of_member.items()}


def test_every_member_scores_every_place_of_everybody_between_0_and_1(scored: Scores) -> None:
    assert len(scored.of_member) == 6
    for values in scored.of_member.values():
        assert values.shape == (len(scored.pairs),)
        assert (values >= 0).all()
        assert (values <= 1).all()


def test_every_member_finds_the_visit_that_nobody_else_makes_the_strangest(scored: Scores) -> None:
    nowhere, pairs = of(scored, ANA, "NG"), scored.pairs
    office = pairs.place == pairs.context.known.places.country.index("FR")
    assert office.sum() == TRAVELLERS
    for name, values in scored.of_member.items():
        assert nowhere[name] > values[office].max(), name


def test_scores_are_the_same_each_time(scored: Scores) -> None:
    again = scores(scored.pairs.context, Params(), Stages())
    for name, values in scored.of_member.items():
        assert np.allclose(values, again.of_member[name]), name


def test_where_there_are_too_few_visits_no_member_scores() -> None:
    month = Month()
    month.colleagues(10)
    month.work(ANA, boston(), range(20))
    month.use(ANA, lagos(), 8, 15.4)
    context, _ = prepared(company(month.cells()))
    assert scores(context, Params(), Stages()).of_member == {}
