"""Places are fixed to the precision they deserve, and lie apart less their radii."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.places import Places, fixed, gather, level

NAN = float("nan")


@pytest.mark.parametrize(
    ("precision", "radius", "region", "city", "finest"),
    [
        ("city", 20.0, "Texas", "Austin", "city"),
        ("city", NAN, "Texas", "Austin", "city"),
        (None, NAN, "Texas", "Austin", "city"),
        ("city", 200.0, "Texas", "Austin", "region"),
        ("city", 1000.0, "Texas", "Austin", "country"),
        ("region", 50.0, "Texas", "Austin", "region"),
        ("country", 5.0, "Texas", "Austin", "country"),
        ("city", 50.0, None, "Singapore", "city"),
        ("city", 50.0, "Texas", None, "region"),
        ("city", NAN, None, None, "country"),
    ],
)
def test_a_level_is_kept_only_where_it_is_known(
    precision: str | None, radius: float, region: str | None, city: str | None, finest: str
) -> None:
    assert level(precision, radius, region, city) == finest


def test_levels_below_the_finest_are_dropped() -> None:
    assert fixed("US", "Texas", "Austin", "city") == ("US", "Texas", "Austin")
    assert fixed("US", "Texas", "Austin", "region") == ("US", "Texas", None)
    assert fixed("US", "Texas", "Austin", "country") == ("US", None, None)


def three_places(radius: float = 50.0) -> Places:
    names = [("US", "Texas", "Austin"), ("US", "Texas", None), ("US", None, None),
             ("FR", "Ile-de-France", "Paris")]  # fmt: skip
    return gather(
        names,
        np.array([30.27, 31.0, 39.0, 48.86]),
        np.array([-97.74, -99.0, -98.0, 2.35]),
        np.array([radius, 200.0, 500.0, radius]),
        np.ones(4),
    )[0]


def test_a_place_is_nowhere_apart_from_what_holds_it() -> None:
    places = three_places()
    index = {places.name(number): number for number in range(len(places))}
    austin = index["Austin, US"]
    assert places.apart_km(austin, [index["Texas, US"], index["US"], austin]).tolist() == [0, 0, 0]
    assert places.apart_km(austin, [index["Paris, FR"]])[0] == pytest.approx(8100, abs=150)


@given(st.floats(0, 2000), st.floats(0, 2000))
def test_a_radius_never_raises_the_distance(radius: float, more: float) -> None:
    narrow, wide = three_places(radius), three_places(radius + more)
    assert (wide.apart_km(0, range(4)) <= narrow.apart_km(0, range(4)) + 1e-9).all()


def test_a_place_lies_amid_its_addresses_across_the_antimeridian() -> None:
    places, of_address = gather(
        [("FJ", None, "Labasa")] * 2,
        np.array([-16.4, -16.4]),
        np.array([179.5, -179.5]),
        np.array([50.0, 50.0]),
        np.ones(2),
    )
    assert of_address.tolist() == [0, 0]
    assert abs(places.longitude[0]) == pytest.approx(180, abs=1e-6)
