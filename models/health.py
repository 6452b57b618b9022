"""Tells whether a run of the detection saw what runs usually see.

A run is summed up in shares: of the events, how many each filter kept out; of the cases, how many
each explanation took; how many places, addresses, cells and flagged rows there are for each person.
A share *jumps* when it leaves a band about the median of the past runs. The band is as wide as the
widest of

- four deviations, the median absolute deviation being 1/1.4826 of one (robust: a few odd runs among
  the past ones neither shift nor widen it),
- a fifth of the median, for steady companies vary by so much over a year,
- what counting alone does to a small number (three times the root of it, and three).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Any

Row = Mapping[str, Any]
RUNS_LEAST = 5  # fewer say nothing about what is usual
RUNS_MOST = 30
DEVIATIONS = 4.0
STEADY = 0.2
OF_PEOPLE = ("cells", "addresses", "places", "active_hours", "cases", "flagged", "quiet")


@dataclass(frozen=True)
class Share:
    """`part` of `whole`, such as 12 of 3,000 events."""

    part: float
    whole: float
    of: str

    @property
    def value(self) -> float:
        return self.part / self.whole if self.whole else 0.0

    def __str__(self) -> str:
        per_person = self.of == "person"
        return f"{self.value:,.2f} a person" if per_person else f"{self.value:.1%} of {self.of}"


def shares(run: Row) -> dict[str, Share]:
    """Return what sums a run up, by a name that can be read. `run` as `schemas.health.HEALTH`."""
    people = run["people"]
    found = {name.replace("_", " "): Share(run[name] or 0, people, "person") for name in OF_PEOPLE}
    for name, number in dict(run["filtered"]).items():
        of = "addresses" if name.endswith("_addresses") else "events"
        found[name.replace("_", " ")] = Share(number, run[of], of)
    for name, number in dict(run["explained"]).items():
        found[f"cases explained by {name}"] = Share(number, run["cases"], "cases")
    return found


def jumps(run: Row, past: Sequence[Row]) -> list[str]:
    """Return a sentence for each share that left its band, and one if the people did.

    `past`: earlier runs, in any order; of many, give the last RUNS_MOST.
    """
    if len(past) < RUNS_LEAST:
        return []
    now, before = shares(run), [shares(one) for one in past]
    names = sorted(now.keys() | {name for one in before for name in one})
    sentences = []
    for name in names:
        like = next(one[name] for one in (now, *before) if name in one)
        usual = [one[name].value if name in one else 0.0 for one in before]
        share = now.get(name, Share(0, _whole(now, like.of), like.of))
        low, high = band(usual, share.whole)
        if share.whole and not low <= share.value <= high:
            typical = Share(median(usual), 1, share.of)
            sentences.append(f"{name}: {share}, usually {typical} (median of {len(past)} runs)")
    people = [one["people"] for one in past]
    low, high = band(people, 1.0)
    if not low <= run["people"] <= high:
        sentences.append(f"people: {run['people']:,}, usually {median(people):,.0f}")
    return sentences


def band(usual: Sequence[float], whole: float) -> tuple[float, float]:
    """Return the least and the greatest value that is no jump.

    `usual`: the past values, shares of something; `whole`: how much of that there is now.
    """
    middle = median(usual)
    deviation = 1.4826 * median(abs(value - middle) for value in usual)
    counting = (3 * sqrt(middle * whole) + 3) / whole if whole else 0.0
    width = max(DEVIATIONS * deviation, STEADY * middle, counting)
    return middle - width, middle + width


def _whole(now: Mapping[str, Share], of: str) -> float:
    return next((share.whole for share in now.values() if share.of == of), 0.0)
