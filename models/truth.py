"""Files that say what really happened: the attacks there were, and what was honest but peculiar.

A truth file is NDJSON, a line for each account attacked:
`{"attack": …, "kind": …, "user": …, "event_uids": […]}`; lines of the same attack belong together.
A file of peculiarities has lines `{"noise": …, "user": …, "ips": […]}`.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conf.errors import Damaged


@dataclass(frozen=True)
class Truth:
    """One attack on one account."""

    attack: str
    kind: str
    user: str
    event_uids: frozenset[str]


@dataclass(frozen=True)
class Noise:
    """An honest peculiarity of one account, and the addresses that it shows itself by."""

    noise: str
    user: str
    ips: frozenset[str]


def read_truth(path: Path) -> list[Truth]:
    """Read a truth file; a line that is none is Damaged."""
    return [
        Truth(
            str(line["attack"]), str(line["kind"]), str(line["user"]).lower(),
            frozenset(line["event_uids"]),
        )
        for line in _lines(path, ("attack", "kind", "user", "event_uids"))
    ]  # fmt: skip


def read_noise(path: Path) -> list[Noise]:
    """Read a file of honest peculiarities, as `antipode simulate` writes it."""
    return [
        Noise(str(line["noise"]), str(line["user"]).lower(), frozenset(line["ips"]))
        for line in _lines(path, ("noise", "user", "ips"))
    ]


def _lines(path: Path, keys: Sequence[str]) -> Iterable[dict[str, Any]]:
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
        except ValueError as error:
            raise Damaged(f"{path}, line {number}: no JSON ({error})") from None
        missing = [key for key in keys if not isinstance(line, dict) or key not in line]
        if missing:
            raise Damaged(f"{path}, line {number}: {missing[0]!r} is missing")
        yield line
