"""A person's presences, and which of them show where the person is."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.active_hours import DAY, HOUR
from models.columns import Booleans, Floats, Integers
from models.context import Context
from models.learned import APART_LEAST_KM
from models.places import Places
from models.runs import among, begins, indexed, share
from models.set_apart import STRANGE
from models.sites import Sites, sites, together

SOLID_EVENTS = 3  # in an hour
MOSTLY = 0.5  # share of a site's active hours
STOP_HOURS = 2  # active hours from which a place of one day is more than a stop on the way


@dataclass(frozen=True)
class OwnCells:
    """What a person's presences lie in, an entry a cell."""

    used: Integers  # rows of the company's cells
    place: Integers
    site: Integers
    hours: Integers  # active hours

    def at(self, site: int) -> tuple[Integers, Floats]:
        """Return the rows of a site's cells, and the share of its active hours in each."""
        here = self.site == site
        hours = self.hours[here]
        return self.used[here], hours / hours.sum()


@dataclass(frozen=True)
class Person:
    """One person's presences (rows of the company's), without those already judged an attack's."""

    number: int
    rows: Integers
    places: Integers  # an entry a row, as `first`
    first: Integers
    sites: Sites
    site: Integers
    shows: Booleans  # the presence shows where the person is
    cells: OwnCells

    @classmethod
    def of(cls, context: Context, number: int, rows: Integers) -> "Person":
        known = context.known
        used, index = indexed(known.presences.cell[rows])
        place = known.addresses.place[known.cells.address[used]]
        places, first = place[index], known.presences.first[rows]
        grouped = sites(known, places, known.presences.day[rows])
        cells = OwnCells(used, place, grouped.of(place), np.bincount(index))
        site = cells.site[index]
        solid = shows(context, rows, site == 0) if len(grouped.places) > 1 else site == 0
        return cls(number, rows, places, first, grouped, site, solid, cells)

    @cached_property
    def hour(self) -> Integers:
        """Hour of the window of each presence, in order."""
        return self.first // HOUR

    @cached_property
    def day(self) -> Integers:
        """Day of the window of each presence, in order."""
        return self.first // DAY

    @cached_property
    def active_days(self) -> int:
        return len(begins(self.day))

    def km_to(self, places: Places, place: int) -> Floats:
        """Return the kilometres that surely lie between a place and that of each presence."""
        each, index = self._each_place
        return np.array([places.between_km(place, other) for other in each])[index]

    @cached_property
    def _each_place(self) -> tuple[list[int], Integers]:
        """Return the distinct places, and which of them that of each presence is."""
        each, index = indexed(self.places)
        return each.tolist(), index

    def exits(self, context: Context) -> list[int]:
        """Return the sites, but for the main one, that one hand may hold though they lie apart.

        They are mostly exits that few people share, or strangers' lines in the person's country:
        those of a proxy in other people's homes are in another town each time.
        """
        learned, places = context.learned, context.known.places
        address = context.known.presences.address[self.rows]
        home = places.country[self.sites.places[self.sites.main][0]]
        own = [place for site in self.sites.places for place in site]
        strange = [
            place
            for place in own
            if places.apart[place] == STRANGE and places.country[place] == home
        ]
        held = learned.hides[address] & learned.few_share[address] | among(self.places, strange)
        sites = range(1, len(self.sites.places))
        return [site for site in sites if share(held[self.site == site]) > MOSTLY]

    def with_one(self, which: list[int]) -> "Person":
        """Return the person with some sites made one, in the place of the first of them."""
        grouped = together(self.sites, which)
        cells = replace(self.cells, site=grouped.of(self.cells.place))
        return replace(self, sites=grouped, site=grouped.of(self.places), cells=cells)


def shows(context: Context, rows: Integers, main: Booleans) -> Booleans:
    """Say which presences show where a person is: at addresses that are places, and not by a whiff.

    An hour of one or two events over a line that the person hardly uses may be a phone that roams
    through its home, or an aircraft. Carriers count only where nothing else shows the person at the
    main site (`main`): a line elsewhere may be an attacker's.
    """
    seen, physical = context.known.presences, context.physical[rows]
    own = context.settled[seen.cell[rows]]
    fixed_line = physical & (own | (seen.events[rows] >= SOLID_EVENTS)) & ~context.mobile[rows]
    # Where the main site is a proxy's, which shows nobody: the lines that the person settled on.
    at = main if physical[main].any() else own
    return fixed_line if fixed_line[at].any() else physical


def anchors(person: Person, site: int, km: Floats) -> Booleans:
    """Say which of a person's presences show where the person is, apart from a site.

    Lighter sites may be an attacker's, or stops on the way: each is judged beside the heavier.
    """
    return np.asarray((person.site < site) & person.shows & (km > APART_LEAST_KM))


def stops(person: Person, site: int) -> Booleans:
    """Say which presences may begin or end a journey by a site: heavier sites, or lasting ones."""
    lasting = np.array(
        [
            number < site or days > 1 or int((person.site == number).sum()) >= STOP_HOURS
            for number, days in enumerate(person.sites.days)
        ]
    )
    return np.asarray((person.site != site) & person.shows & lasting[person.site])
