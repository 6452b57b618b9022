"""Compares what the providers have published and served with what is in `events/`."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from faults.world import SOURCES, World
from lake.streams import Stream


@dataclass(frozen=True)
class Books:
    """Numbers of different events, but `repeated`: rows beyond the first of each.

    `waiting`: missing of accounts that had not come to rest, so that nobody knows yet.
    """

    served: int
    stored: int
    lost: int
    repeated: int
    by_account: dict[str, tuple[int, int]]  # lost and repeated, where there are any
    waiting: int = 0

    def line(self, faults: int) -> str:
        return (
            f"faults {faults}, served {self.served}, stored {self.stored}, "
            f"lost {self.lost}, repeated {self.repeated}"
        )


def balance(world: World, published: datetime, restless: Collection[Stream] = ()) -> Books:
    """Count. Whatever a provider had published by then must be there, and whatever it served.

    `restless`: streams that are still being read or taken in.
    """
    unknown = {(stream.tenant, stream.source) for stream in restless}
    totals: Counter[str] = Counter()
    found: dict[str, tuple[int, int]] = {}
    for tenant in world.tenants:
        for source in SOURCES:
            expected = _expected(world, source, tenant, published)
            stored = world.deployment.events(tenant, source)
            missing = len(expected - stored.keys())
            lost = 0 if (tenant, source) in unknown else missing
            repeated = sum(stored.values()) - len(stored)
            totals.update(served=len(expected), stored=len(stored), lost=lost, repeated=repeated)
            totals["waiting"] += missing - lost
            if lost or repeated:
                found[f"{tenant}/{source}"] = (lost, repeated)
    return Books(
        totals["served"],
        totals["stored"],
        totals["lost"],
        totals["repeated"],
        found,
        totals["waiting"],
    )


def _expected(world: World, source: str, tenant: str, published: datetime) -> set[str]:
    form = "%Y-%m-%dT%H:%M:%SZ"
    window = {"since": world.start.strftime(form), "until": published.strftime(form)}
    expected: set[str] = set()
    # The simulator has a name of its own for a log that is the only one.
    for stream in SOURCES[source] if len(SOURCES[source]) > 1 else [None]:
        due = world.simulator.truth(source, tenant, stream, **window)
        served = world.simulator.served(source, tenant, stream)
        expected |= {event["uid"] for event in (*due, *served)}
    return expected
