"""Simulates a company's month: raw logs as its providers would hand them over, and the truth."""

import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from conf.errors import UsageError
from conf.settings import Settings
from models.simulator import attacks, month, write
from models.simulator.blocks import blocks
from models.simulator.world import World


def simulate(
    out: Path,
    users: int,
    events: int,
    days: int,
    seed: int,
    last_day: date,
    settings: Settings,
    plan: str = "mix",
    sources: Sequence[str] = write.FOUR,
    progress: Callable[[int], None] = lambda written: None,
) -> dict[str, Any]:
    """Write `out`/<source>/… and beside it `out`.truth.ndjson and `out`.noise.ndjson.

    The month is the `days` days up to and with `last_day` (UTC). `events` counts records; the
    addresses are those of the geo database that `settings` name. `plan`: mix (every kind of
    attack once), demo (two abnormal places), none, or kinds separated by commas. `progress` is
    told the records written so far. Returns counts: records by source, accounts, attacks.
    """
    for name, value in (("users", users), ("events", events), ("days", days)):
        if value < 1:
            raise UsageError(f"{name}: {value} is too small: give at least 1")
    write.check(out, sources)
    planned = attacks.plan_of(plan)
    started = time.monotonic()
    world = World(blocks(settings))
    lived = month.live(world, users, events, days, seed, last_day, planned)
    records = write.write(lived, out, events, seed, sources, progress)
    return {
        "records": sum(records.values()),
        "sources": records,
        "people": len(lived.company.people),
        "service_accounts": len(lived.accounts) - len(lived.company.people),
        "attacks": len({attack.name for attack in lived.attacks}),
        "accounts_attacked": len(lived.attacks),
        "first_day": lived.company.first_day.isoformat(),
        "last_day": last_day.isoformat(),
        "raw": str(out),
        "truth": str(write.truth_file(out)),
        "noise": str(write.noise_file(out)),
        "seconds": {"simulate": round(time.monotonic() - started, 2)},
    }
