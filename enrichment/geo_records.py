"""What a city database's record says of a place, in each of the two layouts that are in use."""

from collections.abc import Callable
from operator import itemgetter
from typing import Any

Place = tuple[str, str | None, str | None, float | None, float | None, float, str]
"""country, region, city, latitude, longitude, radius_km, precision"""

RADIUS_KM = {"city": 50.0, "region": 200.0, "country": 500.0}  # where the database gives none
_UNKNOWN_COUNTRIES = {"ZZ", "XX", "--"}


Fields = tuple[str | None, str | None, str | None, float | None, float | None, float | None]
"""country, region, city, latitude, longitude, radius as the database has them"""

_flat_fields = itemgetter("country_code", "state1", "city", "latitude", "longitude")


def nested_fields(record: dict[str, Any]) -> Fields:
    """Read the GeoIP2 and GeoLite2 layout, which DB-IP's own downloads follow too."""
    subdivisions = record.get("subdivisions")
    region = None
    if subdivisions:
        region = _english(subdivisions[0]) or subdivisions[0].get("iso_code")
    location = record.get("location") or {}
    return (
        (record.get("country") or {}).get("iso_code"),
        region,
        _english(record.get("city") or {}),
        location.get("latitude"),
        location.get("longitude"),
        location.get("accuracy_radius"),
    )


def flat_fields(record: dict[str, Any]) -> Fields:
    """Read the layout of the ip-location-db packages, which know no radius."""
    return (*_flat_fields(record), None)


def layout_of(records: list[dict[str, Any]]) -> Callable[[dict[str, Any]], Fields] | None:
    """Return how to read a city database, by some of its records; null where it is none."""
    keys = {key for record in records for key in record}
    if {"country_code", "latitude", "longitude"} <= keys:
        return flat_fields
    if {"country", "location"} <= keys:
        return nested_fields
    return None


def _english(named: dict[str, Any]) -> str | None:
    name: str | None = (named.get("names") or {}).get("en")
    return name


def place_of(fields: Fields) -> Place | None:
    """Return the place that a record's fields mean; null where not even the country is said."""
    country, region, city, latitude, longitude, radius_km = fields
    if not country or country in _UNKNOWN_COUNTRIES:
        return None
    if not isinstance(region, str | None):
        raise TypeError(f"a region is text, not {region!r}")
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
