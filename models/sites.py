"""A person's sites: the places of one person that lie so near that they are one part of a life."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.columns import Integers
from models.company import Company
from models.learned import APART_LEAST_KM
from models.runs import distinct, tallied


@dataclass(frozen=True)
class Sites:
    """The sites of one person, heaviest first."""

    places: list[list[int]]  # the places of each site, its heaviest first
    days: list[int]  # active days of each site
    of_place: dict[int, int]

    def of(self, place: Integers) -> Integers:
        """Return the site of each of a person's places."""
        known = np.array(sorted(self.of_place), np.int64)
        site = np.array([self.of_place[number] for number in known.tolist()], np.int64)
        return site[np.searchsorted(known, place)]

    @property
    def main(self) -> int:
        """The site that the person uses on most days."""
        return 0


def sites(known: Company, place: Integers, day: Integers) -> Sites:
    """Group a person's presences (`place`, `day` of the window) into sites.

    Each place joins the heaviest site of which it is less than APART_LEAST_KM apart. A place known
    to its region or country only comes last: else all of a country would be one site.
    """
    span = known.window.days
    each, days = tallied(distinct(place * span + day) // span)
    hours = tallied(place)[1]
    by_weight = each[np.lexsort((each, -hours, -days))].tolist()
    rank = {number: at for at, number in enumerate(by_weight)}
    groups: list[list[int]] = []
    for number in sorted(by_weight, key=lambda number: known.places.vague(number)):
        site = nearest(known, number, groups)
        if site is None:
            groups.append([number])
        else:
            groups[site].append(number)
    groups.sort(key=lambda group: min(rank[number] for number in group))
    used = dict(zip(each.tolist(), days.tolist(), strict=True))
    return Sites(
        groups,
        [sum(used[number] for number in group) for group in groups],
        {number: site for site, group in enumerate(groups) for number in group},
    )


def nearest(known: Company, place: int, groups: list[list[int]]) -> int | None:
    """Return the first site that begins with a place hardly apart from `place`, and is alike."""
    places = known.places
    for number, (head, *_) in enumerate(groups):
        alike = places.apart[head] == places.apart[place]
        if alike and places.between_km(place, head) < APART_LEAST_KM:
            return number
    return None


def together(grouped: Sites, which: Sequence[int]) -> Sites:
    """Return the sites with some of them made one, in the place of the first of these."""
    first, others = which[0], set(which[1:])
    places, days = list(grouped.places), list(grouped.days)
    places[first] = [place for site in which for place in grouped.places[site]]
    days[first] = sum(grouped.days[site] for site in which)
    kept = [site for site in range(len(places)) if site not in others]
    of_place = {place: number for number, site in enumerate(kept) for place in places[site]}
    return Sites([places[site] for site in kept], [days[site] for site in kept], of_place)
