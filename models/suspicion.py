"""What was flagged already, and what that makes of others: one attacker, several accounts.

An attacker's block of addresses serves for several accounts, at about the same time. So where some
of its users were attacked, the others are suspect: the more, the nearer in time they used it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import exp
from typing import TYPE_CHECKING

import numpy as np

from models.active_hours import DAY
from models.columns import Integers
from models.company import Company
from models.runs import begins, distinct

if TYPE_CHECKING:
    from models.judge import Verdict

SUSPECT_LEAST = 0.05  # score from which a case makes others suspect
CROWD = 50  # users from which a block is no attacker's
LASTING = 3 * DAY  # seconds between two uses after which they are a third as likely one campaign's


@dataclass(frozen=True)
class Use:
    """One user's use of a block."""

    chance: float  # that an attack is what used it
    first: int  # second of the window
    last: int

    def near(self, first: int, last: int) -> float:
        """Say how near it is to another use in time: 1 for at the same time, 0 for never."""
        return exp(-max(0, self.first - last, first - self.last) / LASTING)


@dataclass(frozen=True)
class Suspicion:
    """What was flagged already: accounts, and blocks of addresses that attacks came from."""

    people: frozenset[int] = frozenset()
    blocks: Mapping[int, Mapping[int, Use]] = field(default_factory=dict)  # block -> user -> use

    @property
    def users(self) -> set[int]:
        """All users of the blocks."""
        return {user for users in self.blocks.values() for user in users}

    def campaign_over(self, known: Company, person: int, rows: Integers) -> float:
        """Return `campaign` of the blocks that the person's presences `rows` used."""
        return self.campaign(person, spans(known, rows)) if self.blocks else 0.0

    def campaign(self, person: int, used: Mapping[int, tuple[int, int]]) -> float:
        """Return the mean chance that a block's other users were attacked, of the worst block.

        `used` says from when till when each block is used; users count as they are near in time.
        """
        worst = 0.0
        for block, (first, last) in used.items():
            others = [use for user, use in self.blocks.get(block, {}).items() if user != person]
            near = [use.near(first, last) for use in others]
            attacked = sum(use.chance * part for use, part in zip(others, near, strict=True))
            worst = max(worst, attacked / max(1.0, sum(near)))
        return worst


def spans(known: Company, rows: Integers) -> dict[int, tuple[int, int]]:
    """Return from when till when each block is used by presences `rows`, in seconds."""
    seen = known.presences
    block = known.addresses.prefix[seen.address[rows]]
    found = {}
    for each in distinct(block).tolist():
        of_block = rows[block == each]
        found[each] = int(seen.first[of_block].min()), int(seen.last[of_block].max())
    return found


def campaigns(
    known: Company, by_person: Mapping[int, list["Verdict"]]
) -> dict[int, dict[int, Use]]:
    """Return the blocks with several users of which some are suspect, and how they used them.

    A user who is at home on the block has no case there, and so no chance.
    """
    belief: dict[int, dict[int, float]] = {}
    for number, verdicts in by_person.items():
        for verdict in verdicts:
            if verdict.score >= SUSPECT_LEAST:
                for block in spans(known, verdict.case.presences):
                    of_block = belief.setdefault(block, {})
                    of_block[number] = max(of_block.get(number, 0.0), verdict.score)
    seen = known.presences
    block_of = known.addresses.prefix[seen.address]
    rows = np.flatnonzero(np.isin(block_of, np.array(sorted(belief), np.int64)))
    users: dict[int, dict[int, Use]] = {}
    # Rows are sorted by person.
    for part in np.split(rows, begins(seen.person[rows])[1:]) if len(rows) else []:
        person = int(seen.person[part[0]])
        for block, (first, last) in spans(known, part).items():
            use = Use(belief[block].get(person, 0.0), first, last)
            users.setdefault(block, {})[person] = use
    return {block: of_block for block, of_block in users.items() if 1 < len(of_block) <= CROWD}
