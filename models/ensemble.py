"""The ensemble: how strange each member finds every (person, place); votes are made in votes.py."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import models.members
from conf import plugins
from models.columns import Floats
from models.context import Context
from models.pairs import Pairs
from models.params import Params
from models.stages import Stages
from models.visits import Visits


@dataclass(frozen=True)
class Scores:
    """How strange the pairs are, in [0, 1]: member -> an entry a pair."""

    pairs: Pairs
    of_member: Mapping[str, Floats]


def scores(context: Context, params: Params, stages: Stages) -> Scores:
    """Fit every member and let it score every pair; none does where there are too few visits."""
    pairs = Pairs.of(context)
    visits = Visits.of(pairs, params.seed)
    names = members() if len(visits.fitted) else []
    if not names:
        return Scores(pairs, {})
    _ = visits.frame  # made once, before the members ask for it at the same time

    def scored(name: str) -> Floats:
        with stages.stage(f"member {name}"):
            member = plugins.load(models.members, name)
            found: Floats = member.score(member.fit(visits, params), visits)
            return found

    # Side by side: fitting on some thousand visits is waiting for Spark, not computing.
    with ThreadPoolExecutor(len(names)) as pool:
        return Scores(pairs, dict(zip(names, pool.map(scored, names), strict=True)))


def members() -> list[str]:
    """Return the names of the members."""
    return plugins.names(models.members)
