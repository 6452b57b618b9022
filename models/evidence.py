"""The events behind a finding, fetched from Spark for the few people flagged."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from models.arrow import collect
from models.cells import with_ids
from models.company import Company

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

EVENT = ("time", "uid", "source", "ip", "asn", "agent", "rules", "lists")
Counted = tuple[tuple[str, int], ...]  # what, and in how many events; the most frequent first


@dataclass(frozen=True)
class Evidence:
    """All events of one (person, place), failed ones as well."""

    first_time: datetime
    last_time: datetime
    count: int
    sources: list[str]
    ips: list[str]
    asns: list[int]
    uids: list[str]  # in time, a sample when there are too many: first and last among them
    agents: Counted = ()  # user agents
    sensitive: Counted = ()  # rules of sensitive activity that fired
    lists: tuple[str, ...] = ()  # of addresses of bad reputation


def fetch(
    events: "DataFrame", known: Company, flagged: Sequence[tuple[int, int]], uids: int
) -> dict[tuple[int, int], Evidence]:
    """Return the evidence of flagged (person, place) pairs; at most `uids` event ids each."""
    from pyspark.sql import functions as f

    if not flagged:
        return {}
    pair_of = {
        (known.people[person], int(known.addresses.id[address])): pair
        for person, address, pair in _cells_of(known, flagged)
    }
    # By the stored column first: nothing else is computed for everybody else's events.
    theirs = events.where(f.col("person").isin(sorted({person for person, _ in pair_of})))
    found = collect(
        with_ids(theirs, known.window)
        .where(f.col("address_id").isin(sorted({address for _, address in pair_of})))
        .select("person", "address_id", *EVENT)
    ).sort_by([("time", "ascending"), ("uid", "ascending")])
    at: dict[tuple[int, int], list[int]] = {}
    keys = zip(found["person"].to_pylist(), found["address_id"].to_pylist(), strict=True)
    for number, key in enumerate(keys):
        if key in pair_of:
            at.setdefault(pair_of[key], []).append(number)
    return {pair: gathered(found.take(pa.array(numbers)), uids) for pair, numbers in at.items()}


def _cells_of(
    known: Company, flagged: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Yield (person, address, pair) of all cells of the pairs (person, place).

    Of addresses with failures only, all those in the town of the place.
    """
    wanted, town = set(flagged), known.places.town
    in_town = {(person, int(town[place])): (person, place) for person, place in flagged}
    place = known.addresses.place[known.cells.address]
    columns = (known.cells.person, known.cells.address, place, known.cells.successes, town[place])
    for person, address, at, successes, around in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        if (person, at) in wanted:
            yield person, address, (person, at)
        elif successes == 0 and (person, around) in in_town:
            yield person, address, in_town[person, around]


def gathered(rows: pa.Table, uids: int) -> Evidence:
    """Sum up events sorted by time."""
    times = rows["time"].to_pylist()
    ids = [uid for uid in rows["uid"].to_pylist() if uid is not None]
    return Evidence(
        first_time=times[0],
        last_time=times[-1],
        count=rows.num_rows,
        sources=sorted({source for source in rows["source"].to_pylist() if source}),
        ips=sorted({ip for ip in rows["ip"].to_pylist() if ip}),
        asns=sorted({number for number in rows["asn"].to_pylist() if number is not None}),
        uids=sampled(ids, uids),
        agents=counted(rows["agent"].to_pylist()),
        sensitive=counted(rule for rules in rows["rules"].to_pylist() for rule in rules or ()),
        lists=tuple(sorted({name for names in rows["lists"].to_pylist() for name in names or ()})),
    )


def counted(values: Iterable[str | None]) -> Counted:
    """Count values, the most frequent first."""
    counts = Counter(value for value in values if value)
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def sampled(values: list[str], most: int) -> list[str]:
    """Return at most `most` values, evenly spread, the first and the last among them."""
    if len(values) <= most:
        return values
    return [values[at] for at in np.linspace(0, len(values) - 1, most).round().astype(int)]
