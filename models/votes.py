"""From members' scores to votes, and what the votes weigh.

Clusters propose and support, the explanations decide. What a score is worth differs from company
to company, and much of what makes a visit strange the explanations have weighed already. So a
member is asked what it sees beyond them: its vote is the share of lower scores among the ALIKE
visits of the company that the explanations find most nearly as likely an attack. Were all of these
honest, votes would be spread evenly; attacks crowd at the top, which a density of 2 * vote
describes. Members are alike, so together they count as WEIGHT observations and not as six:

    log-odds = log-odds of the explanations + 4 * mean of log(2 * vote)   vote at least VOTE_LEAST

So the members add at most 4 log 2 = 2.8, where all agree that nothing like it is stranger, and an
honest visit, whose votes are spread evenly, loses 0.8 on the average.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from models.columns import Floats, Integers
from models.ensemble import Scores
from models.judge import Verdict

VOTE_LEAST = 0.1
WEIGHT = 4.0
ALIKE = 60


@dataclass(frozen=True)
class Votes:
    """Votes in [0, 1]: (person, place) -> member -> vote."""

    of_pair: Mapping[tuple[int, int], Mapping[str, float]]

    def of(self, person: int, place: int) -> Mapping[str, float]:
        """Return the members' votes on a place of a person."""
        return self.of_pair.get((person, place), {})


def votes(scores: Scores, verdicts: Sequence[Verdict]) -> Votes:
    """Return the votes on every place that was judged."""
    judged = [
        (verdict.log_odds, verdict.case.person, place)
        for verdict in verdicts
        for place in verdict.case.places
    ]
    if not judged or not scores.of_member:
        return Votes({})
    log_odds, person, place = (np.array(column) for column in zip(*judged, strict=True))
    rows = scores.pairs.rows_of(person, place)
    alike = most_alike(log_odds)
    cast = {name: calibrated(of[rows], alike) for name, of in scores.of_member.items()}
    return Votes(
        {
            (who, where): {name: float(vote[at]) for name, vote in cast.items()}
            for at, (_, who, where) in enumerate(judged)
        }
    )


def most_alike(log_odds: Floats) -> Integers:
    """Return for each visit the ALIKE visits nearest in log-odds, itself among them, or all."""
    order = np.argsort(log_odds, kind="stable")
    width = min(ALIKE + 1, len(order))
    rank = np.argsort(order)
    begins = np.clip(rank - width // 2, 0, len(order) - width)
    return np.asarray(order[begins[:, None] + np.arange(width)])


def calibrated(scores: Floats, alike: Integers) -> Floats:
    """Return for each visit the share of those alike with a lower score; of equals half.

    Two more, the one below and the other above all, keep few from saying much.
    """
    own = scores[:, None]
    below = (scores[alike] < own).sum(axis=1)
    equal = (scores[alike] == own).sum(axis=1) - 1  # but itself
    return np.asarray((below + equal / 2 + 1) / (alike.shape[1] + 1))


def support(votes: Iterable[float]) -> float:
    """Return by how much votes move the log-odds of an attack."""
    given = [log(2 * max(vote, VOTE_LEAST)) for vote in votes]
    return WEIGHT * sum(given) / len(given) if given else 0.0
