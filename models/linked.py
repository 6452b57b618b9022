"""What was flagged beside a place: other places of the account, other accounts on its addresses.

An attack is often several rows. Each names the others, so that an analyst sees one.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.company import prefix
from models.evidence import Evidence
from models.places import Places

PersonPlace = tuple[int, int]


@dataclass(frozen=True)
class Linked:
    """What else is flagged."""

    places: tuple[str, ...] = ()  # of the same account
    accounts: tuple[str, ...] = ()  # from the same blocks of addresses
    people: frozenset[int] = frozenset()  # whose they are


ALONE = Linked()


def linked(
    flagged: Sequence[PersonPlace],
    evidence: Mapping[PersonPlace, Evidence],
    places: Places,
    people: Sequence[str],
) -> dict[PersonPlace, Linked]:
    """Return for each flagged (person, place) what was flagged beside it."""
    of_person: dict[int, set[int]] = defaultdict(set)
    of_block: dict[str, set[int]] = defaultdict(set)
    for person, place in flagged:
        of_person[person].add(place)
        for ip in evidence[person, place].ips:
            of_block[prefix(ip)].add(person)
    found = {}
    for person, place in flagged:
        names = {
            places.spoken(other)
            for other in of_person[person]
            if places.town[other] != places.town[place]
        }
        blocks = {prefix(ip) for ip in evidence[person, place].ips}
        others = {other for block in blocks for other in of_block[block]} - {person}
        accounts = sorted(people[other] for other in others)
        found[person, place] = Linked(tuple(sorted(names)), tuple(accounts), frozenset(others))
    return found
