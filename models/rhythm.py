"""When a person is active: the share of working days' and rest days' hours with some use.

Rates are learned from the person's own active days, and drawn to the company's where there are few.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from models.active_hours import HOUR
from models.columns import Floats, Integers
from models.company import Company
from models.runs import distinct, distinct_sorted

HOURS_OF_DAY = 24
BACK_OFF_DAYS = 3.0  # how many days of the company's rhythm a person's own is mixed with


@dataclass(frozen=True)
class Rhythm:
    """Expected use: `rate` by kind of day (0 working, 1 rest) and hour of day (UTC)."""

    rate: Floats  # (2, 24): share of active days of that kind with use in that hour
    cumulative: Floats  # expected active hours up to each hour of the window

    @cached_property
    def profile(self) -> Floats:
        """Share of use by hour of day, sums to 1, no hour impossible."""
        total = self.rate[0] * 5 + self.rate[1] * 2 + 0.02
        return np.asarray(total / total.sum())

    def expected(self, start: float, end: float) -> float:
        """Return the active hours expected between two hours of the window."""
        return self._until(end) - self._until(start)

    def working_days(self, start: float, end: float) -> float:
        """Return how many working days' worth of use is expected between two hours."""
        return self.expected(start, end) / max(self.working_day, 1.0)

    def _until(self, hour: float) -> float:
        """Return the active hours expected up to a moment, between whole hours in proportion."""
        whole = min(max(int(hour), 0), len(self.cumulative) - 1)
        before = float(self.cumulative[whole])
        if hour <= whole or whole == len(self.cumulative) - 1:
            return before
        return (float(self.cumulative[whole + 1]) - before) * (hour - whole) + before

    @cached_property
    def working_day(self) -> float:
        """Expected active hours of a whole working day on which the person works."""
        return float(self.rate[0].sum())


def day_kinds(start: datetime, days: int) -> Integers:
    """Return for each day of the window 0 for Monday to Friday, 1 for the weekend."""
    weekday = (start.weekday() + np.arange(days)) % 7
    return (weekday > 4).astype(np.int64)


def counts(hours: Integers, kinds: Integers) -> tuple[Integers, Integers]:
    """Return distinct active (day, hour) by kind and hour (2, 24), and active days by kind (2,)."""
    hours = distinct_sorted(hours)
    day = hours // HOURS_OF_DAY
    slot = kinds[day] * HOURS_OF_DAY + hours - day * HOURS_OF_DAY
    active = np.bincount(slot, minlength=2 * HOURS_OF_DAY).reshape(2, HOURS_OF_DAY)
    return active, np.bincount(kinds[distinct_sorted(day)], minlength=2)


def rhythm(hours: Integers, kinds: Integers, company: Floats) -> Rhythm:
    """Learn from the hours of the window in which a person is active, in order.

    `kinds` are those of the window's days, `company` is the company's rate (2, 24).
    """
    active, days = counts(hours, kinds)
    rate = (active + BACK_OFF_DAYS * company) / (days + BACK_OFF_DAYS)[:, None]
    # Rest days on which nobody works: weigh by how many of them are active at all.
    of_kind = np.bincount(kinds, minlength=2)
    worked = np.minimum(1.0, (days + 0.5) / (of_kind + 0.5))
    hourly = rate[kinds] * np.array([1.0, worked[1]])[kinds][:, None]
    return Rhythm(rate, np.concatenate([[0.0], np.cumsum(hourly.reshape(-1))]))


def company_rate(known: Company, kinds: Integers) -> Floats:
    """Return the share of people's active days, by kind and hour, with some use in that hour."""
    seen, hours = known.presences, known.window.hours
    pairs = distinct(seen.person * hours + seen.first // HOUR)
    hour = pairs % hours
    days = distinct(pairs // 24)
    active = np.bincount(kinds[hour // 24] * 24 + hour % 24, minlength=48).reshape(2, 24)
    of_kind = np.bincount(kinds[days % known.window.days], minlength=2)
    return np.asarray(active / np.maximum(of_kind, 1)[:, None])
