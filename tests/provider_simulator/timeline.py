"""Which events there are in a stream, when each happened and when it was published.

Nothing is kept: an event is its number (0, 1, 2, …), and both its moments are computed from the
stream's key and the number. Moments never decrease with the number, so that a window of time is a
range of numbers. Events come in fours: two at one millisecond, a third shortly after, a fourth
later, so that window edges and equal times are met all the time. Publication is what makes events
late and unordered: most follow at once, some take up to the longest lag of the provider.
"""

from dataclasses import dataclass, field
from itertools import compress
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from provider_simulator.clock import DAY
from provider_simulator.hashing import fraction, halves, mixed, mixed_one

Moments = NDArray[np.int64]
GROUP = 4  # events that share a beginning
_SALT_OF_DELAY = 0x5EED_DE1A
_NINE_IN_TEN, _ALL_BUT_ONE_IN_A_HUNDRED = int(0.90 * 2**32), int(0.99 * 2**32)


@dataclass(frozen=True)
class Lag:
    """How long after an event a provider publishes it, in milliseconds."""

    usual: int  # nine in ten take up to this
    longest: int  # one in a hundred takes anything up to this


@dataclass(frozen=True)
class LatePeriod:
    """Between two moments a share of the events is published about `delay` after it happened."""

    since: int
    until: int
    share: float
    delay: int


class Batches(Protocol):
    """Some providers publish events in files or blobs, when these are finished."""

    longest: int  # milliseconds from an event's being ready to its batch's publication

    def published(self, key: int, times: Moments, ready: Moments) -> Moments:
        """Return when the batches come out that hold events which happened and were ready so."""
        ...


@dataclass(frozen=True)
class Slice:
    """Some events in the order in which they are served, and whether more follow."""

    numbers: list[int]
    times: list[int]
    published: list[int]
    more: bool

    def only(self, kept: list[bool]) -> "Slice":
        """Return the events for which `kept` is true."""
        return Slice(
            list(compress(self.numbers, kept)),
            list(compress(self.times, kept)),
            list(compress(self.published, kept)),
            self.more,
        )


@dataclass
class Timeline:
    """The events of one stream of one tenant, from `origin` on and without end."""

    key: int
    origin: int
    per_day: int
    lag: Lag
    late: list[LatePeriod] = field(default_factory=list)
    batches: Batches | None = None

    @property
    def longest(self) -> int:
        """The longest time from an event to its publication."""
        longest = max([self.lag.longest, *(late.delay for late in self.late)])
        return longest + (self.batches.longest if self.batches else 0)

    @property
    def step(self) -> int:
        """Milliseconds from one event to the next, on average."""
        return max(1, DAY // self.per_day)

    def times(self, first: int, end: int) -> Moments:
        """Return when the events of a range of numbers happened."""
        step, low = self.step, first // GROUP
        groups = np.arange(low, -(-end // GROUP), dtype=np.int64)
        early, late = halves(mixed(self.key, groups))
        times = np.empty((len(groups), GROUP), dtype=np.int64)
        times[:] = (self.origin + groups * (GROUP * step) + (early * step >> 32))[:, None]
        times[:, 2] += step // 4
        # The fourth one: between one and two steps after the first.
        times[:, 3] += step + (late * step >> 32)
        return times.reshape(-1)[first - low * GROUP : end - low * GROUP]

    def _time(self, number: int) -> int:
        """Return when one event happened."""
        step, (group, place) = self.step, divmod(number, GROUP)
        chance = mixed_one(self.key, group)
        start = self.origin + group * GROUP * step + ((chance >> 32) * step >> 32)
        if place == GROUP - 1:
            return start + step + ((chance & 0xFFFF_FFFF) * step >> 32)
        return start + (step // 4 if place == 2 else 0)

    def ready(self, first: int, end: int, times: Moments) -> Moments:
        """Return when the events of a range of numbers were ready to be published."""
        numbers = np.arange(first, end, dtype=np.int64)
        chance, how_long = halves(mixed(self.key ^ _SALT_OF_DELAY, numbers))
        usual, beyond = self.lag.usual, self.lag.longest - self.lag.usual
        delay = how_long * usual >> 32
        slow = chance >= _NINE_IN_TEN
        most = np.where(chance[slow] < _ALL_BUT_ONE_IN_A_HUNDRED, beyond // 4, beyond)
        delay[slow] = usual + (how_long[slow] * most >> 32)
        for period in self.late:
            inside = (times >= period.since) & (times < period.until)
            struck = inside & (fraction(mixed(self.key + 3, numbers)) < period.share)
            spread = how_long * (period.delay // 50) >> 32
            delay = np.where(struck, period.delay - spread, delay)
        return times + delay

    def published(self, first: int, end: int, times: Moments | None = None) -> Moments:
        """Return when the events of a range of numbers were published, alone or in a batch."""
        times = self.times(first, end) if times is None else times
        ready = self.ready(first, end, times)
        return ready if self.batches is None else self.batches.published(self.key, times, ready)

    def first_at(self, moment: int) -> int:
        """Return the number of the first event at or after a moment."""
        number = max(0, (moment - self.origin) // (GROUP * self.step) - 1) * GROUP
        while self._time(number) < moment:
            number += 1
        return number

    def by_time(
        self, first: int, end: int, now: int, limit: int, *, newest_first: bool = False
    ) -> Slice:
        """Return up to `limit` events of a range of numbers that are published by `now`."""
        end = min(end, self.first_at(now + 1))
        found: list[tuple[Moments, Moments, Moments]] = []
        count, width = 0, limit + limit // 4 + 16
        while first < end and count <= limit:
            low, high = (max(first, end - width), end) if newest_first else (first, first + width)
            high = min(high, end)
            times = self.times(low, high)
            published = self.published(low, high, times)
            seen = published <= now
            part = np.arange(low, high, dtype=np.int64)[seen], times[seen], published[seen]
            count += len(part[0])
            found.append(tuple(column[::-1] for column in part) if newest_first else part)  # type: ignore[arg-type]
            first, end = (first, low) if newest_first else (high, end)
        return _joined(found, limit)

    def by_publication(
        self,
        after: tuple[int, int],
        until: int,
        limit: int,
        window: tuple[int, int] | None = None,
    ) -> Slice:
        """Return up to `limit` events published up to `until` and after a (moment, number).

        With a `window` only events that happened from its first to before its second moment.
        """
        begin, longest = after[0], self.longest
        found: list[tuple[Moments, Moments, Moments]] = []
        count, width = 0, (limit + limit // 4 + 16) * self.step
        while begin <= until and count <= limit:
            end = min(until, begin + width)
            low, high = self.first_at(begin - longest), self.first_at(end + 1)
            numbers, times = np.arange(low, high, dtype=np.int64), self.times(low, high)
            published = self.published(low, high, times)
            seen = (published >= begin) & (published <= end)
            seen &= (published > after[0]) | (numbers > after[1])
            if window is not None:
                seen &= (times >= window[0]) & (times < window[1])
            numbers, times, published = numbers[seen], times[seen], published[seen]
            order = np.lexsort((numbers, published))
            found.append((numbers[order], times[order], published[order]))
            count, begin, width = count + len(order), end + 1, width * 4
        return _joined(found, limit)

    def existing(self, now: int, since: int | None = None) -> Slice:
        """Return all events that are published by `now` and happened at or after `since`."""
        first = 0 if since is None else self.first_at(since)
        return self.by_time(first, self.first_at(now + 1), now, 1 << 40)


def _joined(found: list[tuple[Moments, Moments, Moments]], limit: int) -> Slice:
    if not found:
        return Slice([], [], [], more=False)
    numbers, times, published = (np.concatenate(column) for column in zip(*found, strict=True))
    more = len(numbers) > limit
    return Slice(
        numbers[:limit].tolist(), times[:limit].tolist(), published[:limit].tolist(), more=more
    )
