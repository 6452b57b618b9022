"""Renders events as the provider's own JSON, from templates that are laid out once.

A template is a record in which `$name` stands for a value of the event: `$uuid` (unique id),
`$number` (position in the stream), `$digits` (16 hexadecimal digits that look random), `$time` and
`$received` (when it happened and was published; `$also_time` is `$time` in another form), `$login`,
`$name` and `$person` (who: first.last, First Last, two digits), `$ip`, `$tenant` and `$account`
(twelve digits of the tenant's own). A string that is all `<name>` stands for the bare value, as in
`"<time>"` for a number; `${person}` is written where a letter follows. Everything is bytes, and
computed for a whole page at once: rendering must not be what limits a measurement.
"""

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

import numpy as np

from provider_simulator.hashing import mixed
from provider_simulator.moments import iso_milliseconds
from provider_simulator.timeline import Moments, Slice

_BARE = re.compile(r'"<(\w+)>"')
_WITHIN = re.compile(r"\$\{?(\w+)\}?")
FIELDS = (
    *("uuid", "number", "digits", "time", "also_time", "received", "login", "name", "person", "ip"),
    *("tenant", "account"),
)
PEOPLE = tuple(
    f"{first}.{last}".encode()
    for last in ("almeida", "brandt", "castillo", "dufour")
    for first in ("ada", "bruno", "chloe", "dario", "elif", "farid", "greta", "hugo", "ines", "jan")
)
NAMES = tuple(person.replace(b".", b" ").title() for person in PEOPLE)
PERSONS = tuple(b"%02d" % number for number in range(len(PEOPLE)))
# Addresses that MaxMind's test databases place: London, Boxford, Linköping, Changchun, Milton.
ADDRESSES = tuple(
    f"{prefix}.{last}".encode()
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
class Kind:
    """One kind of record: bytes with `%s` for values, and which values those are, in order."""

    form: bytes
    names: tuple[str, ...]
    values: Callable[[tuple[Any, ...]], tuple[Any, ...]]

    @classmethod
    def of(cls, record: Any) -> "Kind":
        text = json.dumps(record, separators=(",", ":"), ensure_ascii=False).replace("%", "%%")
        return cls.of_text(_BARE.sub(r"$\1", text))

    @classmethod
    def of_text(cls, text: str) -> "Kind":
        """Take a record that is not JSON; its percent signs are doubled."""
        names = _WITHIN.findall(text)
        form = _WITHIN.sub("%s", text).encode()
        if len(names) < 2:
            raise ValueError(f"fewer than two values in {text}")  # itemgetter gives no tuple then
        return cls(form, tuple(names), itemgetter(*(FIELDS.index(name) for name in names)))


@dataclass(frozen=True)
class Template:
    """The records of a stream: several kinds of them, filled in with the values of an event."""

    kinds: tuple[Kind, ...]
    time: Callable[[Moments], list[bytes]] = iso_milliseconds
    also_time: Callable[[Moments], list[bytes]] | None = None  # the form of `$also_time`

    @classmethod
    def of(
        cls, *records: Any, time: Callable[[Moments], list[bytes]] = iso_milliseconds
    ) -> "Template":
        return cls(tuple(Kind.of(record) for record in records), time)

    @cached_property
    def _tells_receipt(self) -> bool:
        return any("received" in kind.names for kind in self.kinds)

    def which(self, series: Series, numbers: list[int]) -> list[int]:
        """Return the kind of each event, as its position among `kinds`."""
        chances = mixed(series.key + 4, np.array(numbers, dtype=np.int64))
        found: list[int] = (chances % np.uint64(len(self.kinds))).tolist()
        return found

    def render(self, series: Series, events: Slice) -> list[bytes]:
        """Return the records of some events."""
        numbers = events.numbers
        chances = mixed(series.key + 4, np.array(numbers, dtype=np.int64))
        prefix, count = series.uuid.encode(), len(numbers)
        digits = chances.astype(">u8").tobytes().hex().encode()
        who = (chances >> np.uint64(8)) % np.uint64(len(PEOPLE))
        where = (chances >> np.uint64(20)) % np.uint64(len(ADDRESSES))
        times = np.array(events.times, dtype=np.int64)
        unused = [b""] * count
        rows = zip(
            [b"%s%012x" % (prefix, number) for number in numbers],
            [b"%d" % number for number in numbers],
            [digits[16 * place : 16 * place + 16] for place in range(count)],
            self.time(times),
            self.also_time(times) if self.also_time else unused,
            self.time(np.array(events.published)) if self._tells_receipt else unused,
            *([table[index] for index in who.tolist()] for table in (PEOPLE, NAMES, PERSONS)),
            [ADDRESSES[index] for index in where.tolist()],
            [series.tenant.encode()] * count,
            [b"%012d" % series.digits] * count,
            strict=True,
        )
        which, kinds = self.which(series, numbers), self.kinds
        return [
            kinds[kind].form % kinds[kind].values(row)
            for kind, row in zip(which, rows, strict=True)
        ]


def by_hash(line: bytes, _series: Series, _number: int) -> list[str]:
    """The id of a record without one: the MD5 of its own text, and that it is its first event."""
    return [hashlib.md5(line, usedforsecurity=False).hexdigest() + "/0"]


def by_uuid(_line: bytes, series: Series, number: int) -> list[str]:
    return [f"{series.uuid}{number:012x}"]
