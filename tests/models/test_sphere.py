"""Distances on the sphere, and the time that a way takes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.sphere import (
    EARTH_RADIUS_KM,
    great_circle_km,
    travel_hours,
    unit_vectors,
    way_hours,
)

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def test_known_distances() -> None:
    london_paris = great_circle_km(51.5074, -0.1278, 48.8566, 2.3522)
    assert london_paris == pytest.approx(344, abs=1)
    assert great_circle_km(0, 0, 0, 180) == pytest.approx(np.pi * EARTH_RADIUS_KM)


def test_the_antimeridian_is_no_border() -> None:
    assert great_circle_km(-18, 179.9, -18, -179.9) == pytest.approx(21.2, abs=0.2)


@given(longitudes, longitudes)
def test_a_pole_is_one_place(one: float, other: float) -> None:
    assert great_circle_km(90, one, 90, other) == pytest.approx(0, abs=1e-6)


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_symmetric_and_agrees_with_the_chord(
    lat1: float, lon1: float, lat2: float, lon2: float
) -> None:
    there = great_circle_km(lat1, lon1, lat2, lon2)
    assert there == pytest.approx(great_circle_km(lat2, lon2, lat1, lon1))
    chord = np.linalg.norm(unit_vectors(lat1, lon1) - unit_vectors(lat2, lon2))
    assert 2 * np.arcsin(min(1.0, chord / 2)) * EARTH_RADIUS_KM == pytest.approx(there, abs=0.5)


@given(st.floats(0, 20_000), st.floats(0, 1000))
def test_a_longer_way_never_takes_less(km: float, more: float) -> None:
    assert travel_hours(km + more) >= travel_hours(km)


def test_near_ways_are_by_road_and_far_ones_by_air() -> None:
    assert travel_hours(55) == pytest.approx(0.5)
    assert travel_hours(9000) == pytest.approx(10.5)


@given(st.floats(0, 20_000))
def test_one_way_takes_as_long_as_among_many(km: float) -> None:
    assert way_hours(km) == travel_hours([km, km])[0]
