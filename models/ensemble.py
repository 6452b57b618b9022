"""The ensemble: every member's vote on every (person, place), and what the votes weigh.

Clusters propose and support, the explanations decide. A member's number of clusters must not decide
an alarm. What a score is worth differs from company to company, so it is calibrated: a vote is the
share of the company's visits (uses of a place that is not the person's main one) with a lower
score. Were all of them honest, votes would be spread evenly; attacks crowd at the top, which a
density of 2 * vote describes. Members are alike, so together they count as one observation:

    log-odds = log-odds of the explanations + mean of log(2 * vote)       vote at least VOTE_LEAST

So the members add at most log 2 = 0.69, and take away at most 1.61.
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import log

import numpy as np

import models.members
from conf import plugins
from models.context import Context
from models.pairs import Pairs
from models.params import Params
from models.sphere import Floats
from models.stages import Stages

VOTE_LEAST = 0.1
SUPPORT = log(2)


@dataclass(frozen=True)
class Votes:
    """Calibrated scores in [0, 1]: member -> an entry a pair."""

    pairs: Pairs
    scores: Mapping[str, Floats]

    def of(self, person: int, place: int) -> dict[str, float]:
        """Return the members' votes on a place of a person."""
        row = self.pairs.index(person, place)
        return {name: float(scores[row]) for name, scores in self.scores.items()}


def vote(context: Context, params: Params, stages: Stages) -> Votes:
    """Fit every member and let it score every pair."""
    pairs = Pairs.of(context)
    names = members() if len(context.known.places) > 2 else []
    if not names:
        return Votes(pairs, {})
    _ = pairs.frame  # made once, before the members ask for it at the same time

    def scored(name: str) -> Floats:
        with stages.stage(f"member {name}"):
            member = plugins.load(models.members, name)
            scores: Floats = member.score(member.fit(pairs, params), pairs)
            return scores

    # Side by side: fitting on some thousand places is waiting for Spark, not computing.
    with ThreadPoolExecutor(len(names)) as pool:
        scores = pool.map(scored, names)
        return Votes(pairs, {n: calibrated(s, pairs) for n, s in zip(names, scores, strict=True)})


def calibrated(scores: Floats, pairs: Pairs) -> Floats:
    """Return for each pair the share of the company's visits with a lower score; of equals half.

    Two more visits, the one below and the other above all, keep few from saying much.
    """
    visits = np.sort(scores[~pairs.main])
    below = np.searchsorted(visits, scores, side="left")
    up_to = np.searchsorted(visits, scores, side="right")
    return np.asarray(((below + up_to) / 2 + 1) / (len(visits) + 2))


def members() -> list[str]:
    """Return the names of the members."""
    return plugins.names(models.members)


def support(votes: Iterable[float]) -> float:
    """Return by how much votes move the log-odds of an attack."""
    given = [log(2 * max(vote, VOTE_LEAST)) for vote in votes]
    return sum(given) / len(given) if given else 0.0
