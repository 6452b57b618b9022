"""How commands report the counts of records."""

from typing import Any

from enrichment.counts import Counts


def as_json(counts: Counts) -> dict[str, Any]:
    """Return the counts under the names that users rely on."""
    found: dict[str, Any] = {
        "read": counts.read,
        "mapped": counts.mapped,
        "duplicates": counts.duplicates,
        "quarantined": counts.quarantined,
        "reasons": dict(sorted(counts.reasons.items())),
        "events": counts.events,
    }
    return found | ({"sensor_files": counts.sensor_files} if counts.sensor_files else {})


def lines(counts: Counts) -> list[str]:
    """Return the counts as lines for a person."""
    found = [
        f"{counts.read:,} records read = {counts.mapped:,} mapped + {counts.duplicates:,} "
        f"duplicates + {counts.quarantined:,} quarantined; {counts.events:,} events written"
    ]
    found += [f"  {count:,} {reason}" for reason, count in counts.reasons.most_common()]
    if counts.sensor_files:
        found.append(f"{counts.sensor_files:,} files of sensors stored")
    return found


def seconds(stages: dict[str, float]) -> str:
    """Return how long each stage took, as one line."""
    return ", ".join(f"{name} {taken:.1f} s" for name, taken in stages.items())
