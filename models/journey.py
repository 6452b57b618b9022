"""Journeys: whether a visit lies between two other places, and what lies between those."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.active_hours import HOUR
from models.columns import Floats, Integers
from models.learned import APART_LEAST_KM
from models.places import Places
from models.sphere import way_hours
from models.timeline import Timeline

DETOUR, DETOUR_KM = 1.3, 500.0  # flights go by hubs
DELAY_HOURS = 48.0  # waiting and sleeping on the way, at most


@dataclass(frozen=True)
class Journey:
    """The stops before and after a visit: how far apart, and how long between their uses."""

    km: float
    hours: float
    km_by: float  # from stop to stop by way of the visit

    @property
    def on_the_way(self) -> bool:
        """Say whether the visit lies between the stops, as airports to change at do."""
        return self.km_by <= DETOUR * self.km + DETOUR_KM

    @property
    def plausible(self) -> bool:
        """Say whether one travels from stop to stop just then: neither too fast nor at leisure."""
        travel = way_hours(self.km)
        return self.km >= APART_LEAST_KM and travel <= self.hours <= travel + DELAY_HOURS


def neighbours(timeline: Timeline, hours: Floats) -> Iterator[tuple[int | None, int | None]]:
    """Yield for each visit which of other presences, by their hours, come last before, first after.

    None where there is none.
    """
    before = hours.searchsorted([visit.first for visit in timeline.visits]) - 1
    after = hours.searchsorted([visit.last for visit in timeline.visits], side="right")
    for last, first in zip(before.tolist(), after.tolist(), strict=True):
        yield (last if last >= 0 else None), (first if first < len(hours) else None)


def journeys(
    known: Places,
    timeline: Timeline,
    here: int,
    first: Integers,
    last: Integers,
    place: Integers,
) -> list[Journey | None]:
    """Return the journey of each visit, at `here`; the stops are given by their times and places.

    None where there is no stop before or after.
    """
    found: list[Journey | None] = []
    hours = first / HOUR
    for before, after in neighbours(timeline, hours):
        if before is None or after is None:
            found.append(None)
            continue
        km = known.between_km(int(place[before]), int(place[after]))
        by = sum(known.between_km(here, int(place[stop])) for stop in (before, after))
        found.append(Journey(km, float(first[after] - last[before]) / HOUR, by))
    return found


def silences(
    timeline: Timeline, first: Integers, last: Integers, window_hours: float
) -> list[tuple[float, float]]:
    """Return from when until when each visit is the only use, in hours of the window.

    Given are the presences anywhere else, whether or not they show where the person is. Visits
    within one silence share it.
    """
    found: dict[tuple[float, float], None] = {}
    hours = first / HOUR
    for before, after in neighbours(timeline, hours):
        start = 0.0 if before is None else float(last[before]) / HOUR
        end = window_hours if after is None else float(first[after]) / HOUR
        found[start, end] = None
    return list(found)


def beside(timeline: Timeline, first: Integers, last: Integers) -> list[float]:
    """Return for each visit the hours to the nearest of other presences, infinite without any."""
    found = []
    hours = first / HOUR
    for visit, (before, after) in zip(timeline.visits, neighbours(timeline, hours), strict=True):
        gaps = [float("inf")]
        if before is not None:
            gaps.append(max(0.0, visit.first - float(last[before]) / HOUR))
        if after is not None:
            gaps.append(float(first[after]) / HOUR - visit.last)
        if bool(((first / HOUR <= visit.last) & (last / HOUR >= visit.first)).any()):
            gaps.append(0.0)
        found.append(min(gaps))
    return found
