"""The custom distance and the properties that its documentation claims."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.distance import WEIGHTS, Uses, distance, terms

uses = st.builds(
    Uses,
    place=st.integers(0, 5),
    day_share=st.floats(0, 1),
    colleagues_near=st.integers(0, 5000),
    network=st.integers(0, 5),
    kind=st.integers(0, 4),
)
km = st.floats(0, 20_000)
kmh = st.floats(0, 1e6)


def test_the_weights_sum_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


@given(uses)
def test_a_use_is_at_no_distance_from_itself(use: Uses) -> None:
    assert distance(use, use, 0.0, 0.0) == 0.0


@given(uses, uses, km, kmh)
def test_distance_is_symmetric_and_between_0_and_1(
    a: Uses, b: Uses, far: float, fast: float
) -> None:
    assert distance(a, b, far, fast) == pytest.approx(distance(b, a, far, fast))
    assert 0.0 <= distance(a, b, far, fast) <= 1.0 + 1e-12


@given(uses, uses, km, st.floats(0, 5000), kmh)
def test_distance_never_falls_as_kilometres_grow(
    a: Uses, b: Uses, far: float, more: float, fast: float
) -> None:
    assert distance(a, b, far + more, fast) >= distance(a, b, far, fast) - 1e-12


@given(km, km, km)
def test_the_geography_of_exact_places_keeps_the_triangle(ab: float, bc: float, ac: float) -> None:
    a, b, c = sorted((ab, bc, ac))
    if c <= a + b:
        use = Uses(0, 1.0, 0, 0, 0)
        one, two, three = (terms(use, use, side, 0.0)["geography"] for side in (a, b, c))
        assert three <= one + two + 1e-12


def test_every_term_explains_itself() -> None:
    home = Uses(0, 0.9, 400, 0, 0)
    away = Uses(1, 0.05, 0, 1, 1)
    explained = terms(home, away, 8000, 12_000)
    assert set(explained) == set(WEIGHTS)
    assert explained["speed"] == 1.0
    assert explained["network"] == 1.0
    assert explained["person"] == pytest.approx(0.95)
    assert explained["colleagues"] == 1.0
    assert explained["geography"] == pytest.approx(1.0, abs=1e-3)


def test_speed_over_a_short_way_says_nothing() -> None:
    home = Uses(0, 0.9, 400, 0, 0)
    assert terms(home, home, 60, 100_000)["speed"] == 0.0


@given(st.lists(st.tuples(uses, uses, km, kmh), min_size=1, max_size=5))
def test_of_many_couples_each_is_at_its_own_distance(
    couples: list[tuple[Uses, Uses, float, float]],
) -> None:
    first, second, far, fast = zip(*couples, strict=True)
    together = distance(columns(first), columns(second), np.array(far), np.array(fast))
    alone = [float(distance(*couple)) for couple in couples]
    assert together.tolist() == pytest.approx(alone)


def columns(each: Sequence[Uses]) -> Uses:
    """Return uses as one with an entry each."""
    names = [field.name for field in fields(Uses)]
    return Uses(**{name: np.array([getattr(use, name) for use in each]) for name in names})
