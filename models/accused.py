"""What analysts called malicious: its like is flagged again, whatever its score.

Detection weighs what it sees; an analyst may know more. The score of such a row says what detection
makes of it, the severity (`models/feedback.py`) what the analyst did.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from models import feedback
from models.case import Case
from models.company import Company
from schemas.feedback import COMPANY

PersonPlace = tuple[str, str | None, str | None, str | None]


@dataclass(frozen=True)
class Accused:
    """Uses that were judged malicious: of a person at a place, or of anybody from a block."""

    places: frozenset[PersonPlace] = frozenset()  # user, country, region, city
    blocks: frozenset[str] = frozenset()  # /24 of IPv4, /48 of IPv6: the text of the shared part

    def holds(self, known: Company, case: Case, place: int) -> bool:
        """Say whether a person's use of a place is such a one."""
        if not self.places and not self.blocks:
            return False
        places = known.places
        name = (places.country[place], places.region[place], places.city[place])
        if (known.people[case.person], *name) in self.places:
            return True
        address = np.unique(known.presences.address[case.presences])
        there = address[known.addresses.place[address] == place]
        ips = [known.addresses.ip[at] for at in there.tolist()]
        return bool(feedback.blocks(ips) & self.blocks)


NOBODY = Accused()


def accused(verdicts: Iterable[feedback.Row], day: date) -> Accused:
    """Return what the verdicts in force on `day`, the last day looked at, call malicious."""
    standing = feedback.malicious(verdicts, day)
    return Accused(
        frozenset(
            (verdict["user"], verdict["country"], verdict["region"], verdict["city"])
            for verdict in standing
            if verdict["scope"] != COMPANY
        ),
        frozenset(
            block
            for verdict in standing
            if verdict["scope"] == COMPANY
            for block in verdict["blocks"] or ()
        ),
    )
