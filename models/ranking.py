"""How good an order of rows is: precision at the first k, and average precision.

A row is given by the attacks that it finds; a row that finds none is false.
"""

from collections.abc import Hashable, Sequence, Set

RANKS = (1, 5, 10, 20, 50, 100, 200, 500, 1000)


def precision_at(hits: Sequence[Set[Hashable]], ranks: Sequence[int] = RANKS) -> dict[str, float]:
    """Return the share of true rows among the first k, for each k that there are rows for."""
    return {str(k): sum(map(bool, hits[:k])) / k for k in ranks if k <= len(hits)}


def average_precision(hits: Sequence[Set[Hashable]], attacks: int) -> float | None:
    """Return the mean, over all attacks, of the precision at the rank that first finds each.

    An attack that is never found counts as 0; without attacks there is no mean.
    """
    if not attacks:
        return None
    known: set[Hashable] = set()
    right, total = 0, 0.0
    for rank, found in enumerate(hits, 1):
        right += bool(found)
        new = found - known
        known |= new
        total += len(new) * right / rank
    return total / attacks
