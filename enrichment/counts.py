"""What became of records. Always: read = mapped + duplicates + quarantined."""

from collections import Counter
from dataclasses import dataclass, field

from conf.errors import AntipodeError


@dataclass
class Counts:
    """Counts of records (`read`, `mapped`, `duplicates`, `quarantined`) and of rows (`events`).

    `reasons` counts the quarantined records by reason; `sensor_files` counts files that were stored
    only, whose records are not read here.
    """

    read: int = 0
    mapped: int = 0
    duplicates: int = 0
    quarantined: int = 0
    events: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    sensor_files: int = 0

    def require_sum(self, raw_object: str) -> None:
        """Raise AntipodeError unless read = mapped + duplicates + quarantined."""
        known = self.mapped + self.duplicates + self.quarantined
        if known != self.read:
            raise AntipodeError(
                f"{raw_object}: {self.read} records read, but {self.mapped} mapped + "
                f"{self.duplicates} duplicates + {self.quarantined} quarantined are {known}. This "
                "is a mistake of Antipode's, please report it; the raw object holds every record."
            )

    def add(self, other: "Counts") -> None:
        """Add another run's counts to these."""
        self.read += other.read
        self.mapped += other.mapped
        self.duplicates += other.duplicates
        self.quarantined += other.quarantined
        self.events += other.events
        self.reasons.update(other.reasons)
        self.sensor_files += other.sensor_files


def all_duplicates(records: int) -> Counts:
    """Return the counts of records that were all there before."""
    return Counts(read=records, duplicates=records)
