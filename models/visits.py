"""What the clusterings see: every (person, place), described from several sides and on one scale.

Most visits of a company are of a few kinds: the office abroad, the weekend house, the airport on
the way, the exit of one's VPN. A clustering finds these kinds, whatever they are there, from the
visits themselves; what lies far from all of them, or in a small one, is strange. The clusterings
are fitted on *visits*: pairs far from their person's main place, at most FITTED of them.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

import models.views
from conf import plugins
from models.arrow import spread
from models.columns import Booleans, Floats, Integers
from models.learned import APART_LEAST_KM
from models.pairs import Pairs

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

LEAST = 20  # visits from which kinds of visits can be told
FITTED = 5_000  # of twenty kinds, that is plenty
SCALE_LEAST = 1e-3
FARTHEST = 6.0  # standard deviations: beyond, more says no more


@dataclass(frozen=True)
class Visits:
    """`far`: which pairs are visits; `features` (pairs, columns): standard deviations."""

    pairs: Pairs
    far: Booleans
    features: Floats
    fitted: Integers  # rows of the visits that are clustered

    @classmethod
    def of(cls, pairs: Pairs, seed: int) -> "Visits":
        """Describe all pairs, on the scale of the visits among them."""
        stays = pairs.context.stays
        far = ~stays.main & (stays.km >= APART_LEAST_KM)
        views = [plugins.load(models.views, name) for name in plugins.names(models.views)]
        columns = np.concatenate([view.columns(pairs) for view in views], axis=1)
        rows = np.flatnonzero(far)
        if len(rows) < LEAST:
            return cls(pairs, far, np.zeros_like(columns), rows[:0])
        middle = np.median(columns[rows], axis=0)
        scale = columns[rows].std(axis=0) + SCALE_LEAST
        features = np.clip((columns - middle) / scale, -FARTHEST, FARTHEST)
        if len(rows) > FITTED:
            rows = np.sort(np.random.default_rng(seed).choice(rows, FITTED, replace=False))
        return cls(pairs, far, features, rows)

    @cached_property
    def frame(self) -> "DataFrame":
        """The visits that are clustered, as MLlib wants them: a column `features`.

        They are few: one partition, for a task costs more than all the visits in it. Not cached
        here: MLlib then keeps them itself, once it has looked whether all are numbers; of a cached
        frame it would do so at each step.
        """
        from pyspark.ml.functions import array_to_vector
        from pyspark.sql import functions as f

        points = pa.array(self.features[self.fitted].tolist(), pa.list_(pa.float64()))
        features = array_to_vector(f.col("point")).alias("features")
        return spread(pa.table({"point": points})).select(features).coalesce(1)
