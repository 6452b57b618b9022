"""What a city database's record says of a place, in each of the two layouts that are in use."""

from collections.abc import Callable
from typing import Any

Place = tuple[str, str | None, str | None, float | None, float | None, float, str]
"""country, region, city, latitude, longitude, radius_km, precision"""

RADIUS_KM = {"city": 50.0, "region": 200.0, "country": 500.0}  # where the database gives none
_UNKNOWN_COUNTRIES = {"ZZ", "XX", "--"}


def nested_place(record: dict[str, Any]) -> Place | None:
    """Read the GeoIP2 and GeoLite2 layout, which DB-IP's own downloads follow too."""
    country = (record.get("country") or {}).get("iso_code")
    subdivisions = record.get("subdivisions")
    region = None
    if subdivisions:
        region = _english(subdivisions[0]) or subdivisions[0].get("iso_code")
    location = record.get("location") or {}
    return _place(
        country,
        region,
        _english(record.get("city") or {}),
        location.get("latitude"),
        location.get("longitude"),
        location.get("accuracy_radius"),
    )


def flat_place(record: dict[str, Any]) -> Place | None:
    """Read the layout of the ip-location-db packages, which know no radius."""
    return _place(
        record.get("country_code"),
        record.get("state1"),
        record.get("city"),
        record.get("latitude"),
        record.get("longitude"),
        None,
    )


def layout_of(records: list[dict[str, Any]]) -> Callable[[dict[str, Any]], Place | None] | None:
    """Return how to read a city database, by some of its records; null where it is none."""
    keys = {key for record in records for key in record}
    if {"country_code", "latitude", "longitude"} <= keys:
        return flat_place
    if {"country", "location"} <= keys:
        return nested_place
    return None


def _english(named: dict[str, Any]) -> str | None:
    name: str | None = (named.get("names") or {}).get("en")
    return name


def _place(
    country: str | None,
    region: str | None,
    city: str | None,
    latitude: float | None,
    longitude: float | None,
    radius_km: float | None,
) -> Place | None:
    if not country or country in _UNKNOWN_COUNTRIES:
        return None
    # DB-IP appends the district, as in "Berlin (Mitte)": one city must stay one place.
    city = city.partition(" (")[0] if city else None
    precision = "city" if city else "region" if region else "country"
    if latitude is None or longitude is None:
        latitude = longitude = None
    else:  # four places are some 10 m; more is noise of single-precision floats
        latitude, longitude = round(latitude, 4), round(longitude, 4)
    return (
        country.upper(),
        region or None,
        city,
        latitude,
        longitude,
        float(radius_km or RADIUS_KM[precision]),
        precision,
    )
