"""Blobs of Microsoft 365: events that became ready in the same ten minutes, published together.

A blob is its number: ten minutes since 1970. It is created at their end; most are listed at once,
one in five up to half an hour later, so that lists are not in the order of creation.
"""

from dataclasses import dataclass

import numpy as np

from provider_simulator.clock import MINUTE
from provider_simulator.hashing import fraction, mixed
from provider_simulator.timeline import Moments, Slice, Timeline

LENGTH = 10 * MINUTE
LATEST = 30 * MINUTE
_SALT = 0xB10B


@dataclass(frozen=True)
class Blob:
    """A blob: when it was created, and from when on it is listed."""

    number: int
    created: int
    listed: int


class Blobs:
    """Puts events into blobs."""

    longest = LENGTH + LATEST

    def published(self, key: int, times: Moments, ready: Moments) -> Moments:
        """Return when the blobs are listed that hold events which were ready then."""
        return self._listed(key, ready // LENGTH)

    def blob(self, key: int, number: int) -> Blob:
        listed = int(self._listed(key, np.array([number], dtype=np.int64))[0])
        return Blob(number, (number + 1) * LENGTH, listed)

    def listed(self, timeline: Timeline, since: int, until: int, now: int) -> list[Blob]:
        """Return the blobs created in a window that are listed by `now`, in a mixed order."""
        # Created at the end of their ten minutes; the first moment counts, the last does not.
        begin, end = -(-since // LENGTH) - 1, -(-until // LENGTH) - 1
        ready = self._ready(timeline, begin * LENGTH, end * LENGTH)[1]
        # There is no blob without events.
        numbers = np.unique(ready // LENGTH)
        numbers = numbers[(numbers >= begin) & (numbers < end)]
        listed = self._listed(timeline.key, numbers)
        order = np.argsort(mixed(timeline.key ^ _SALT, numbers), kind="stable")
        return [
            Blob(number, (number + 1) * LENGTH, seen)
            for number, seen in zip(numbers[order].tolist(), listed[order].tolist(), strict=True)
            if seen <= now
        ]

    def _ready(self, timeline: Timeline, begin: int, end: int) -> tuple[int, Moments]:
        """Return the first of the numbers that may be ready in a window, and when each is."""
        longest = timeline.longest - self.longest
        first, last = timeline.first_at(begin - longest), timeline.first_at(end)
        return first, timeline.ready(first, last, timeline.times(first, last))

    def events(self, timeline: Timeline, number: int) -> Slice:
        """Return the events of a blob, in a mixed order."""
        begin, end = number * LENGTH, (number + 1) * LENGTH
        first, ready = self._ready(timeline, begin, end)
        last = first + len(ready)
        inside = (ready >= begin) & (ready < end)
        numbers = np.arange(first, last, dtype=np.int64)[inside]
        times = timeline.times(first, last)[inside]
        published = timeline.published(first, last)[inside]
        order = np.argsort(mixed(timeline.key ^ _SALT, numbers), kind="stable")
        return Slice(
            numbers[order].tolist(), times[order].tolist(), published[order].tolist(), more=False
        )

    @staticmethod
    def _listed(key: int, numbers: Moments) -> Moments:
        chance = fraction(mixed(key + 6, numbers))
        late = np.where(chance < 0.8, 0.0, (chance - 0.8) * 5 * LATEST)
        return (numbers + 1) * LENGTH + late.astype(np.int64)


BLOBS = Blobs()
