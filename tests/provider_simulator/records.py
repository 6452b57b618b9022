"""Renders events as the provider's own JSON, from templates that are laid out once.

A template is a record in which `$name` stands for a value of the event: `$uuid` (unique id),
`$number` (position in the stream), `$digits` (16 hexadecimal digits that look random), `$time`,
`$login`, `$name` and `$person` (who; ten of the same name are one person of one tenant), `$ip`
and `$tenant`. A string that is all `<name>` stands for the bare value, as in `"<time>"` for a
number.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from provider_simulator.clock import iso_milliseconds
from provider_simulator.timeline import mixed

_BARE = re.compile(r'"<(\w+)>"')
_WITHIN = re.compile(r"\$(\w+)")
PEOPLE = tuple(
    f"{first}.{last}"
    for last in ("almeida", "brandt", "castillo", "dufour")
    for first in ("ada", "bruno", "chloe", "dario", "elif", "farid", "greta", "hugo", "ines", "jan")
)
NAMES = tuple(person.replace(".", " ").title() for person in PEOPLE)
# Addresses that MaxMind's test databases place: London, Boxford, Linköping, Changchun, Milton.
ADDRESSES = tuple(
    f"{prefix}.{last}"
    for prefix, first, count in (
        ("81.2.69", 142, 16),
        ("2.125.160", 216, 8),
        ("89.160.20", 112, 16),
        ("175.16.199", 1, 16),
        ("216.160.83", 56, 8),
    )
    for last in range(first, first + count)
)


@dataclass(frozen=True)
class Series:
    """One stream of one tenant, as far as its records need to know."""

    tenant: str
    stream: str
    key: int

    @cached_property
    def uuid(self) -> str:
        """The part that the ids of its events share: 24 of 36 characters."""
        x = f"{self.key & (2**64 - 1):016x}"
        return f"{x[:8]}-{x[8:12]}-4{x[12:15]}-8{x[13:16]}-"

    @cached_property
    def digits(self) -> int:
        """A number of twelve digits that is the tenant's own: an organisation, an account."""
        return int.from_bytes(hashlib.sha256(self.tenant.encode()).digest()[:5], "big") % 10**12


@dataclass(frozen=True)
class Template:
    """The records of a stream: several kinds of them, filled in with the values of an event."""

    kinds: tuple[str, ...]
    time: Callable[[int], str] = iso_milliseconds

    @classmethod
    def of(cls, *kinds: Any, time: Callable[[int], str] = iso_milliseconds) -> "Template":
        return cls(tuple(_laid_out(kind) for kind in kinds), time)

    def render(self, series: Series, numbers: Sequence[int], times: Sequence[int]) -> list[str]:
        """Return the record of each number, which happened at the time beside it."""
        hashes: list[int] = mixed(series.key + 4, np.array(numbers, dtype=np.int64)).tolist()
        kinds, when, prefix, tenant = self.kinds, self.time, series.uuid, series.tenant
        account = f"{series.digits:012}"
        lines = []
        for number, moment, chance in zip(numbers, times, hashes, strict=True):
            who = (chance >> 8) % len(PEOPLE)
            values = {
                "uuid": f"{prefix}{number:012x}",
                "number": number,
                "digits": f"{chance:016x}",
                "time": when(moment),
                "login": PEOPLE[who],
                "name": NAMES[who],
                "person": f"{who:02}",
                "ip": ADDRESSES[(chance >> 20) % len(ADDRESSES)],
                "tenant": tenant,
                "account": account,
            }
            lines.append(kinds[chance % len(kinds)] % values)
        return lines


def _laid_out(record: Any) -> str:
    text = json.dumps(record, separators=(",", ":"), ensure_ascii=False).replace("%", "%%")
    return _WITHIN.sub(r"%(\1)s", _BARE.sub(r"%(\1)s", text))


def by_hash(line: str, _series: Series, _number: int, _time: int) -> str:
    """The id of a record without one: the MD5 of its own text, and that it is its first event."""
    return hashlib.md5(line.encode(), usedforsecurity=False).hexdigest() + "/0"


def by_uuid(_line: str, series: Series, number: int, _time: int) -> str:
    return f"{series.uuid}{number:012x}"
