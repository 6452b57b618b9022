"""Simulated months for the tests: small ones, over the shipped geo database."""

import gzip
import json
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from conf.settings import Settings
from models.simulator import attacks, month
from models.simulator.blocks import blocks
from models.simulator.month import Lived
from models.simulator.world import World

LAST_DAY = date(2026, 4, 10)  # the clocks of Europe change within the 30 days before
NOWHERE = Path("/nonexistent")  # no geo update is there
SETTINGS = Settings(geo_city_db="", geo_asn_db="", data_dir=NOWHERE)


@cache
def shipped_world() -> World:
    return World(blocks(SETTINGS))


def a_month(seed: int = 1, users: int = 120, plan: str = "mix", days: int = 30) -> Lived:
    """A fresh month; the caller may change it."""
    planned = attacks.plan_of(plan)
    return month.live(shipped_world(), users, users * 300, days, seed, LAST_DAY, planned)


def records_of(folder: Path) -> Iterator[dict[str, Any]]:
    """Every record that lies in the folder of one source."""
    for path in sorted(folder.iterdir()):
        if path.suffix == ".gz":
            yield from json.loads(gzip.decompress(path.read_bytes()))["Records"]
        else:
            yield from map(json.loads, path.read_text(encoding="utf-8").splitlines())
