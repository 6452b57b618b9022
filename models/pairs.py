"""What the members of the ensemble see: one entry a (person, place), and the distinct places.

Members cluster distinct weighted places, never events: some thousands of points, however many
events there are.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from models.active_hours import DAY
from models.arrow import spread
from models.context import Context
from models.places import Booleans, Integers
from models.runs import distinct
from models.sphere import Floats, unit_vectors

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True)
class Pairs:
    """Sorted by person, then place. `days` are active days, `network` the one used on most."""

    context: Context
    person: Integers
    place: Integers
    days: Integers
    hours: Integers
    network: Integers  # index of learned.by_network
    network_share: Floats  # of the network's days among the person's, in all places

    @classmethod
    def of(cls, context: Context) -> "Pairs":
        """Make the pairs of all presences."""
        known, seen = context.known, context.known.presences
        span, length = len(known.places) + 1, known.window.hours // 24 + 2
        key = seen.person * span + known.place_of_presence
        pair, hours = np.unique(key, return_counts=True)
        days = _per(distinct(key * length + seen.first // DAY) // length, pair)
        network = context.learned.network[seen.address]
        main = _main(key, network, pair)
        return cls(
            context, pair // span, pair % span, days, hours, main,
            _network_share(context, pair // span, main),
        )  # fmt: skip

    def __len__(self) -> int:
        return len(self.person)

    @cached_property
    def vectors(self) -> Floats:
        """Unit vectors of the places (not of the pairs)."""
        places = self.context.known.places
        return unit_vectors(places.latitude, places.longitude)

    @cached_property
    def place_weight(self) -> Floats:
        """How much a place counts: its people, each by the log of their days."""
        weight = np.zeros(len(self.context.known.places))
        np.add.at(weight, self.place, np.log1p(self.days))
        return weight

    @cached_property
    def days_of_person(self) -> Floats:
        """Days summed over a person's places, an entry a pair."""
        total = np.zeros(len(self.context.known.people))
        np.add.at(total, self.person, self.days)
        return np.asarray(total[self.person])

    @cached_property
    def main(self) -> Booleans:
        """Say which pairs are their person's main place: most days, then most hours."""
        order = np.lexsort((-self.hours, -self.days, self.person))
        first = np.ones(len(order), np.bool_)
        first[1:] = self.person[order][1:] != self.person[order][:-1]
        result = np.zeros(len(order), np.bool_)
        result[order[first]] = True
        return result

    @cached_property
    def frame(self) -> "DataFrame":
        """The distinct places as MLlib wants them: features (unit vector), weight. Cached.

        They are few: one partition, for a task costs more than all the places in it.
        """
        from pyspark.ml.functions import array_to_vector
        from pyspark.sql import functions as f

        points = pa.table(
            {
                "point": pa.array(self.vectors.tolist(), pa.list_(pa.float64())),
                "weight": pa.array(self.place_weight + 1e-3),
            }
        )
        features = array_to_vector(f.col("point")).alias("features")
        return spread(points).select(features, "weight").coalesce(1).cache()

    def index(self, person: int, place: int) -> int:
        """Return the pair's position."""
        low, high = np.searchsorted(self.person, [person, person + 1])
        return int(low + np.searchsorted(self.place[low:high], place))


def _per(keys: Integers, pair: Integers) -> Integers:
    found, counts = np.unique(keys, return_counts=True)
    return counts[np.searchsorted(found, pair)].astype(np.int64)


def _main(key: Integers, network: Integers, pair: Integers) -> Integers:
    """Return the network of most active hours, an entry a pair."""
    span = int(network.max(initial=0)) + 1
    both, counts = np.unique(key * span + network, return_counts=True)
    order = np.lexsort((-counts, both // span))
    first = np.searchsorted((both // span)[order], pair)
    return np.asarray(both[order][first] % span)


def _network_share(context: Context, person: Integers, network: Integers) -> Floats:
    seen = context.known.presences
    used = context.learned.network[seen.address]
    span = int(used.max(initial=0)) + 1
    both, counts = np.unique(seen.person * span + used, return_counts=True)
    total = np.bincount(seen.person, minlength=int(seen.person.max(initial=0)) + 1)
    return np.asarray(counts[np.searchsorted(both, person * span + network)] / total[person])
