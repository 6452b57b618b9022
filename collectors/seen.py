"""Which blobs of a list were read, so that a list can be read again without reading them again.

Their ids are long and many: a few digits of a hash of each are kept, by the hour in which the blob
was made, and forgotten when no list goes back so far.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

_HOUR = len("2026-01-02T03")


@dataclass(frozen=True)
class Seen:
    """Marks of blobs that were read, by the hour they were made in: ISO 8601, UTC, as text."""

    hours: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, kept: Mapping[str, Iterable[str]], since: datetime) -> "Seen":
        """Return what a cursor kept (`kept()`), less what was made in hours before `since`."""
        oldest = since.astimezone(UTC).isoformat()[:_HOUR]
        return cls({hour: tuple(marks) for hour, marks in kept.items() if hour >= oldest})

    def has(self, blob: str, made: str) -> bool:
        """Tell whether a blob was read; `made` is when it was made."""
        return _mark(blob) in self.hours.get(made[:_HOUR], ())

    def adding(self, blob: str, made: str) -> "Seen":
        """Return the same with one more blob."""
        hour = made[:_HOUR]
        return Seen({**self.hours, hour: (*self.hours.get(hour, ()), _mark(blob))})

    def kept(self) -> dict[str, list[str]]:
        """Return what to keep in a cursor: JSON."""
        return {hour: list(marks) for hour, marks in self.hours.items()}


def _mark(blob: str) -> str:
    return hashlib.sha256(blob.encode()).hexdigest()[:12]
