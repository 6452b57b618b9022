"""The days that a run looks at."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta


@dataclass(frozen=True)
class Window:
    """The days looked at: [first midnight, last midnight) UTC."""

    start: datetime
    end: datetime

    @classmethod
    def before(cls, as_of: date, days: int) -> "Window":
        """Return the `days` days before `as_of`, which is itself not included."""
        end = datetime.combine(as_of, time(), UTC)
        return cls(end - timedelta(days=days), end)

    @classmethod
    def of(cls, first: date, last: date) -> "Window":
        """Return the days `first` to `last`, both included."""
        return cls.before(last + timedelta(days=1), (last - first).days + 1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def hours(self) -> int:
        return 24 * self.days

    @property
    def first_day(self) -> date:
        return self.start.date()

    @property
    def last_day(self) -> date:
        return (self.end - timedelta(microseconds=1)).date()
