"""Hourly event log files of Salesforce: the events of an hour, published in three or four files.

The first file of an hour (sequence 1) comes three to six hours after it and holds what was ready by
then; a second comes after a day, a third after three days, a last one after thirty. Most hours have
the first alone.
"""

from dataclasses import dataclass

import numpy as np

from provider_simulator.clock import DAY, HOUR
from provider_simulator.hashing import fraction, mixed
from provider_simulator.timeline import Moments, Slice, Timeline

LATER = (25 * HOUR, 73 * HOUR, 30 * DAY)  # from the end of the hour to the files after the first


@dataclass(frozen=True)
class LogFile:
    """A file: its hour, its place among the hour's files, when it was created, how many rows."""

    hour: int  # milliseconds
    sequence: int
    created: int
    rows: int


class LogFiles:
    """Puts events into files."""

    longest = 50 * HOUR

    def published(self, key: int, times: Moments, ready: Moments) -> Moments:
        """Return when the files were created that hold events which were ready then."""
        ends = (times // HOUR + 1) * HOUR
        created = self.created(key, times // HOUR)
        published = ends + LATER[-1]
        for later in (LATER[1], LATER[0]):
            published = np.where(ready < ends + later, ends + later, published)
        return np.where(ready < created, created, published)

    @staticmethod
    def created(key: int, hours: Moments) -> Moments:
        """Return when the first files of hours come."""
        wait = (3 + 3 * fraction(mixed(key + 7, hours))) * HOUR
        return (hours + 1) * HOUR + wait.astype(np.int64)

    def listed(self, timeline: Timeline, since: int, until: int, now: int) -> list[LogFile]:
        """Return the files about hours in a window that are there by `now`."""
        first, end = timeline.first_at(since // HOUR * HOUR), timeline.first_at(min(until, now + 1))
        times = timeline.times(first, end)
        published = timeline.published(first, end, times)
        seen = published <= now
        pairs = np.stack((times[seen] // HOUR, published[seen]))
        files, counts = np.unique(pairs, axis=1, return_counts=True)
        return [
            LogFile(hour * HOUR, self._sequence(timeline.key, hour, created), created, rows)
            for hour, created, rows in zip(*files.tolist(), counts.tolist(), strict=True)
        ]

    def _sequence(self, key: int, hour: int, created: int) -> int:
        after = created - (hour + 1) * HOUR
        return LATER.index(after) + 2 if after in LATER else 1

    def events(self, timeline: Timeline, hour: int, created: int) -> Slice:
        """Return the events of one file."""
        first, end = timeline.first_at(hour), timeline.first_at(hour + HOUR)
        times = timeline.times(first, end)
        published = timeline.published(first, end, times)
        inside = published == created
        numbers = np.arange(first, end, dtype=np.int64)[inside]
        return Slice(
            numbers.tolist(), times[inside].tolist(), published[inside].tolist(), more=False
        )


LOG_FILES = LogFiles()
