"""What the times of use say: the visits to a site, the ways between it and elsewhere, the silences.

A *visit* is a run of presences at the site with no use elsewhere in between. *Anchors* are the
presences elsewhere that show where the person is: at an address that is a place (see
`models/learned.py`) and surely apart from the site.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from models.active_hours import HOUR
from models.columns import Booleans, Floats, Integers
from models.learned import SLACK_HOURS
from models.runs import begins
from models.sphere import way_hours


@dataclass(frozen=True)
class Way:
    """A way between an anchor and a visit: what it would have taken, and what there was."""

    km: float  # surely apart
    hours: float  # between the two uses
    anchor: int  # index of the anchor among the presences given
    arriving: bool  # anchor first
    doubt: float = 0.0  # chance that the anchor's address does not show where the person is

    @property
    def kmh(self) -> float:
        """Speed implied; uses less than a minute apart count as a minute apart."""
        return self.km / max(self.hours, 1 / 60)

    @property
    def possible(self) -> bool:
        return way_hours(self.km) <= self.hours + SLACK_HOURS


@dataclass(frozen=True)
class Visit:
    """One visit. Times in hours since the window's start."""

    first: float
    last: float
    active_hours: int
    arrival: Way | None  # None where no anchor came before
    departure: Way | None
    silence_start: float  # last anchor before, or the window's start
    silence_end: float  # next anchor, or the window's end

    @property
    def ways(self) -> list[Way]:
        return [way for way in (self.arrival, self.departure) if way is not None]

    @property
    def longest_stay_hours(self) -> float:
        """How long the person can have been there, given when they were elsewhere."""
        travel = sum(way_hours(way.km) for way in self.ways)
        return max(0.0, self.silence_end - self.silence_start - travel)


@dataclass(frozen=True)
class Timeline:
    """A site's visits among the person's other uses."""

    visits: list[Visit]
    overlapping: int  # active hours at the site within which there is an anchor as well
    hours: int  # active hours at the site
    span: float  # mean hours from first to last use in an active hour, here and elsewhere added

    @cached_property
    def ways(self) -> list[Way]:
        return [way for visit in self.visits for way in visit.ways]

    @cached_property
    def impossible(self) -> list[Way]:
        return [way for way in self.ways if not way.possible]

    @property
    def fastest(self) -> Way | None:
        """The way that implies the greatest speed."""
        return max(self.ways, key=lambda way: way.kmh, default=None)


def timeline(
    first: Integers,
    last: Integers,
    at_site: Booleans,
    km: Floats,
    window_hours: float,
    doubt: Floats | None = None,
) -> Timeline:
    """Lay out one person's presences, sorted by `first` (seconds); `km` lies to the site.

    `doubt` is the chance of each that its address does not show where the person is.

    Presences given are those at the site and the anchors, no others.
    """
    start, end = first / HOUR, last / HOUR
    doubts = np.zeros(len(first)) if doubt is None else doubt

    def way(anchor: int, hours: float, arriving: bool) -> Way:
        return Way(float(km[anchor]), max(0.0, hours), anchor, arriving, float(doubts[anchor]))

    runs = begins(at_site)
    bounds, latest = [*runs.tolist(), len(first)], np.maximum.reduceat(end, runs).tolist()
    visits = []
    for (low, high), went in zip(pairwise(bounds), latest, strict=True):
        if not at_site[low]:
            continue
        before = low - 1 if low > 0 else None
        after = high if high < len(first) else None
        came = float(start[low])
        visits.append(
            Visit(
                first=came,
                last=went,
                active_hours=high - low,
                arrival=None if before is None else way(before, came - float(end[before]), True),
                departure=None if after is None else way(after, float(start[after]) - went, False),
                silence_start=0.0 if before is None else float(end[before]),
                silence_end=window_hours if after is None else float(start[after]),
            )
        )
    length = end - start
    here, number = float(length @ at_site), int(np.count_nonzero(at_site))
    elsewhere = (float(length.sum()) - here) / max(1, len(first) - number)
    return Timeline(visits, _overlapping(start, end, at_site), number, here / number + elsewhere)


def _overlapping(start: Floats, end: Floats, at_site: Booleans) -> int:
    """Count the site's active hours whose span from first to last use crosses an anchor's."""
    here, there = np.flatnonzero(at_site), np.flatnonzero(~at_site)
    if len(there) == 0:
        return 0
    # Anchors' ends grow with their starts, for each lies within its own hour of one address.
    latest_end = np.maximum.accumulate(end[there])
    begun = np.searchsorted(start[there], end[here], side="right")
    ended = np.searchsorted(latest_end, start[here], side="left")
    return int((begun > ended).sum())
