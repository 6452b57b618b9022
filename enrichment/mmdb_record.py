"""Decodes records of a MaxMind database (MMDB), safely on damaged bytes and fast on many records.

The format: https://maxmind.github.io/MaxMind-DB/ (version 2.0). Most values of a record are
pointers to values that many records share; each of those is decoded once. Damage raises one of
the ordinary errors of Python (IndexError, ValueError, struct.error, ...), and never more.
"""

import mmap
import struct
from typing import Any

MOST_SHARED = 300_000  # values that are remembered, some 30 MB
MOST_DEPTH = 32
MOST_ITEMS = 65_536
_DOUBLE = struct.Struct(">d")
_FLOAT = struct.Struct(">f")
# Added to a pointer of 1, 2, 3 or 4 bytes, by the specification.
_POINTER_FROM = (0, 2048, 526_336, 0)


class Records:
    """The records in the data section of `octets`, which begins at `base`."""

    def __init__(self, octets: mmap.mmap, base: int) -> None:
        """Decode nothing yet."""
        self._octets = octets
        self._base = base
        self._shared: dict[bytes, Any] = {}  # by the octets of the pointers to them

    def at(self, offset: int) -> Any:
        """Return the value that begins at `offset` of the file."""
        return self._value(offset, 0)[0]

    def _value(self, offset: int, depth: int) -> tuple[Any, int]:
        octets = self._octets
        control = octets[offset]
        kind = control >> 5
        if kind == 1:
            end = offset + 2 + (control >> 3 & 3)
            pointer = octets[offset:end]
            value = self._shared.get(pointer)
            return self._pointed(pointer, depth) if value is None else value, end
        offset += 1
        if kind == 0:
            kind = 7 + octets[offset]
            offset += 1
        size = control & 0x1F
        if size >= 29:
            extra = size - 28
            size = (29, 285, 65_821)[extra - 1] + int.from_bytes(octets[offset : offset + extra])
            offset += extra
        if kind == 2:
            return octets[offset : offset + size].decode(), offset + size
        if kind in (7, 11):
            return self._collection(kind == 7, size, offset, depth + 1)
        return _number(kind, size, octets[offset : offset + size]), offset + (
            size if kind != 14 else 0
        )

    def _pointed(self, octets: bytes, depth: int) -> Any:
        """Return the value that a pointer leads to, and remember it."""
        if depth > MOST_DEPTH:
            raise ValueError("pointers without end")
        control = octets[0]
        length = (control >> 3 & 3) + 1
        pointer = int.from_bytes(octets[1:])
        if length < 4:
            pointer |= (control & 7) << 8 * length
        value, _ = self._value(pointer + _POINTER_FROM[length - 1] + self._base, depth + 1)
        if len(self._shared) >= MOST_SHARED:
            self._shared.clear()
        self._shared[octets] = value
        return value

    def _collection(self, is_map: bool, size: int, offset: int, depth: int) -> tuple[Any, int]:
        if size > MOST_ITEMS or depth > MOST_DEPTH:
            raise ValueError("a collection that is too large or too deep")
        if not is_map:
            items = []
            for _ in range(size):
                item, offset = self._value(offset, depth)
                items.append(item)
            return items, offset
        record = {}
        for _ in range(size):
            key, offset = self._value(offset, depth)
            record[key], offset = self._value(offset, depth)
        return record, offset


def _number(kind: int, size: int, octets: bytes) -> Any:
    """Return a value that is neither text nor a collection."""
    if kind == 3:
        return _DOUBLE.unpack(octets)[0]
    if kind == 15:
        return _FLOAT.unpack(octets)[0]
    if kind == 14:
        return size != 0
    if kind == 8:
        return int.from_bytes(octets, signed=len(octets) == 4)
    if kind == 4:
        return octets
    if kind in (5, 6, 9, 10):
        return int.from_bytes(octets)
    raise ValueError(f"a value of unknown kind {kind}")
