"""Where a person lives and works."""

import numpy as np
from month_of_use import DAYS, Line, Month, boston, chicago, lagos, paris

from models.company import company
from models.dwellings import DAYS_SHARE, Dwellings
from models.stays import Stays

ANA, BEN = "ana@example.com", "ben@example.com"
WORCESTER = Line("20.9.1.5", "US", "Massachusetts", "Worcester", 42.26, -71.80, 700)


def dwellings(month: Month) -> set[tuple[str, str]]:
    """Return (person, city) of those that are dwellings, of all pairs."""
    known = company(month.cells())
    person, place = (
        axis.ravel() for axis in np.mgrid[0 : len(known.people), 0 : len(known.places)]
    )
    held = Dwellings.of(Stays.of(known)).hold(person, place)
    return {
        (known.people[who], str(known.places.city[where]))
        for who, where in zip(person[held].tolist(), place[held].tolist(), strict=True)
    }


def test_people_dwell_where_they_are_most_and_near_it() -> None:
    month = Month()
    month.work(ANA, boston(), range(DAYS))
    month.use(ANA, WORCESTER, 5, 12.0)
    month.use(ANA, lagos(), 6, 12.0)
    month.work(BEN, lagos("102.0.1.9"), range(DAYS))
    assert dwellings(month) == {(ANA, "Boston"), (ANA, "Worcester"), (BEN, "Lagos")}


def test_people_dwell_where_they_are_on_a_good_part_of_their_days() -> None:
    month = Month()
    month.work(ANA, boston(), range(DAYS))
    days = [day for day in range(DAYS) if day % 7 < 5]
    enough = round(DAYS_SHARE * len(days))
    month.work(ANA, paris(), days[:enough])
    month.work(ANA, chicago(), days[: enough - 1])
    assert dwellings(month) == {(ANA, "Boston"), (ANA, "Paris")}


def test_one_who_was_seen_once_dwells_there() -> None:
    month = Month()
    month.use(ANA, lagos(), 6, 12.0)
    assert dwellings(month) == {(ANA, "Lagos")}
