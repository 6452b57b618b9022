"""What the tables of a lake hold, as lists."""

from typing import Any

from jobs.normalize import Target
from lake.lake import Lake


def events(target: Target) -> list[dict[str, Any]]:
    return Lake(target.uri, target.settings).table("events").arrow().to_pylist()


def quarantine(target: Target) -> list[dict[str, Any]]:
    return Lake(target.uri, target.settings).table("quarantine").arrow().to_pylist()
