"""The custom distance and the properties that its documentation claims."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.distance import WEIGHTS, Use, distance, terms

kinds = st.sampled_from([None, "isp", "mobile", "hosting", "vpn"])
uses = st.builds(
    Use,
    place=st.integers(0, 5),
    day_share=st.floats(0, 1),
    colleagues_near=st.integers(0, 5000),
    network=st.integers(0, 5),
    kind=kinds,
)
km = st.floats(0, 20_000)
kmh = st.floats(0, 1e6)


def test_the_weights_sum_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1.0)


@given(uses)
def test_a_use_is_at_no_distance_from_itself(use: Use) -> None:
    assert distance(use, use, 0.0, 0.0) == 0.0


@given(uses, uses, km, kmh)
def test_distance_is_symmetric_and_between_0_and_1(a: Use, b: Use, far: float, fast: float) -> None:
    assert distance(a, b, far, fast) == pytest.approx(distance(b, a, far, fast))
    assert 0.0 <= distance(a, b, far, fast) <= 1.0 + 1e-12


@given(uses, uses, km, st.floats(0, 5000), kmh)
def test_distance_never_falls_as_kilometres_grow(
    a: Use, b: Use, far: float, more: float, fast: float
) -> None:
    assert distance(a, b, far + more, fast) >= distance(a, b, far, fast) - 1e-12


@given(km, km, km)
def test_the_geography_of_exact_places_keeps_the_triangle(ab: float, bc: float, ac: float) -> None:
    a, b, c = sorted((ab, bc, ac))
    if c <= a + b:
        use = Use(0, 1.0, 0, 0, None)
        one, two, three = (terms(use, use, side, 0.0)["geography"] for side in (a, b, c))
        assert three <= one + two + 1e-12


def test_every_term_explains_itself() -> None:
    home = Use(0, 0.9, 400, 0, "isp")
    away = Use(1, 0.05, 0, 1, "hosting")
    explained = terms(home, away, 8000, 12_000)
    assert set(explained) == set(WEIGHTS)
    assert explained["speed"] == 1.0
    assert explained["network"] == 1.0
    assert explained["person"] == pytest.approx(0.95)
    assert explained["colleagues"] == 1.0
    assert explained["geography"] == pytest.approx(1.0, abs=1e-3)


def test_speed_over_a_short_way_says_nothing() -> None:
    home = Use(0, 0.9, 400, 0, "isp")
    assert terms(home, home, 60, 100_000)["speed"] == 0.0
