"""Local time: a company's day starts when its people get up, and moves twice a year.

Offsets come from the longitude, corrected where a country keeps another time than its longitude
says. That is exact enough for habits, and needs no time zone database.
"""

from datetime import date, timedelta

# Hours east of UTC in winter, for countries whose clocks differ from their longitude.
STANDARD_HOURS = {
    **dict.fromkeys(("ES", "FR", "BE", "NL", "LU", "DE", "CH", "AT", "IT", "PL", "CZ", "NO"), 1.0),
    **dict.fromkeys(("SE", "DK", "HU", "SK", "SI", "HR", "RS"), 1.0),
    **dict.fromkeys(("GB", "IE", "PT"), 0.0),
    **dict.fromkeys(("FI", "EE", "LV", "LT", "RO", "BG", "GR", "UA"), 2.0),
    "IN": 5.5,
    "CN": 8.0,
    "SG": 8.0,
    "MY": 8.0,
    "AR": -3.0,
    "NP": 5.75,
    "IR": 3.5,
    "TR": 3.0,
}
_EUROPE = (
    "ES FR BE NL LU DE CH AT IT PL CZ NO SE DK HU SK SI HR RS GB IE PT FI EE LV LT RO BG GR UA"
)
EUROPE = frozenset(_EUROPE.split())
NORTH_AMERICA = frozenset(("US", "CA"))


def utc_offset(country: str, longitude: float, day: date) -> float:
    """Return the hours that local clocks are ahead of UTC on `day`."""
    standard = STANDARD_HOURS.get(country, float(round(longitude / 15)))
    return standard + (1.0 if _is_summer_time(country, day) else 0.0)


def _is_summer_time(country: str, day: date) -> bool:
    if country in EUROPE:
        return _last_sunday(day.year, 3) <= day < _last_sunday(day.year, 10)
    if country in NORTH_AMERICA:
        return _sunday(day.year, 3, 2) <= day < _sunday(day.year, 11, 1)
    return False


def _sunday(year: int, month: int, ordinal: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (ordinal - 1))


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)  # March and October, the only months asked, have 31 days
    return last - timedelta(days=(last.weekday() + 1) % 7)
