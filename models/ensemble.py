"""The ensemble: every member's vote on every (person, place), and what the votes weigh.

Clusters propose and support, the explanations decide. A member's number of clusters must not decide
an alarm, so all votes together move the log-odds of an attack by at most SUPPORT either way:

    log-odds = log-odds of the explanations + SUPPORT * (2 * mean vote - 1)
"""

from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import models.members
from conf import plugins
from models.context import Context
from models.pairs import Pairs
from models.params import Params
from models.sphere import Floats
from models.stages import Stages

SUPPORT = 0.5


@dataclass(frozen=True)
class Votes:
    """Scores in [0, 1]: member -> an entry a pair."""

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
        return Votes(pairs, dict(zip(names, pool.map(scored, names), strict=True)))


def members() -> list[str]:
    """Return the names of the members."""
    return plugins.names(models.members)


def support(votes: Iterable[float]) -> float:
    """Return by how much votes move the log-odds of an attack."""
    given = list(votes)
    return SUPPORT * (2 * sum(given) / len(given) - 1) if given else 0.0
