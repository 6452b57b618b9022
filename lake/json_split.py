"""Splits a JSON document into its records without parsing it: an array, an envelope, objects.

Only the structure is followed: which bytes lie in strings, and how deep the brackets are. numpy
finds it for a block at a time, so that a large array costs little memory, and a Python step only
near its top level. What lies between is handed on as it is, valid or not.
"""

from collections.abc import Sequence
from enum import Enum

import numpy as np
import numpy.typing as npt

_QUOTE, _COMMA, _BACKSLASH, _LIST = (ord(character) for character in '",\\[')
_SPACE = b" \t\r\n"
_STRUCTURAL = bytes(code in b'"{}[],\\' for code in range(256))  # 1 for what makes structure
_STEP = np.zeros(256, dtype=np.int64)
_STEP[list(b"{[")] = 1
_STEP[list(b"}]")] = -1

Tokens = tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8], npt.NDArray[np.int64]]


class _In(Enum):
    NOTHING = 0  # before, between and after top-level values
    OBJECT = 1  # in a top-level object
    LIST = 2  # in the array that holds the records


class JsonStructure:
    """Finds the brackets and commas that are no part of a string, over any division in blocks."""

    def __init__(self) -> None:
        """Start at the beginning of a document."""
        self._in_string = self._escaping = False
        self._depth = 0

    def scan(self, block: bytes) -> Tokens:
        """Return the position in `block` and the character of each, and the depth after it."""
        # Translating bytes, then looking for true ones, is numpy's quickest way.
        positions = np.flatnonzero(np.frombuffer(block.translate(_STRUCTURAL), dtype=np.bool_))
        characters = np.frombuffer(block, dtype=np.uint8)[positions]
        quotes = characters == _QUOTE
        escaped = self._escaped(positions[characters == _BACKSLASH], len(block))
        if escaped.size and positions.size:
            places = np.minimum(np.searchsorted(positions, escaped), len(positions) - 1)
            quotes[places[positions[places] == escaped]] = False
        inside = (np.cumsum(quotes, dtype=np.uint8) + self._in_string) & 1 == 1
        if inside.size:
            self._in_string = bool(inside[-1])
        found = ~inside & (characters != _QUOTE) & (characters != _BACKSLASH)
        positions, characters = positions[found], characters[found]
        depths = np.cumsum(_STEP[characters]) + self._depth
        if depths.size:
            self._depth = int(depths[-1])
        return positions, characters, depths

    def _escaped(self, backslashes: npt.NDArray[np.int64], size: int) -> npt.NDArray[np.int64]:
        """Return the positions that follow an odd number of backslashes."""
        if not size:
            return backslashes
        if self._escaping:  # as if the last backslash stood just before this block
            backslashes = np.concatenate(([-1], backslashes))
        first = np.flatnonzero(np.diff(backslashes, prepend=-3) != 1)  # of each run
        lengths = np.diff(first, append=len(backslashes))
        odd = lengths % 2 == 1
        followers: npt.NDArray[np.int64] = backslashes[first][odd] + lengths[odd]
        self._escaping = bool(followers.size and followers[-1] == size)
        return followers


class JsonSplitter:
    """Takes a document block by block, gives its records, each as one line without its end.

    `envelope` names the top-level keys whose array holds the records. After a first object that
    fills exactly one line the document is taken for NDJSON: then `rest` holds what follows.
    """

    def __init__(self, envelope: Sequence[str] = ()) -> None:
        """Start at the beginning of a document."""
        self.rest: bytes | None = None
        self._endings = tuple(f'"{key}"'.encode() for key in envelope)
        self._structure = JsonStructure()
        self._kept = bytearray()  # from the end of the last record
        self._where = _In.NOTHING
        self._level = 1  # the depth in the array that holds the records
        self._enveloped = False  # the object in hand is an envelope
        self._lifted = 0  # brackets that closed nothing
        self._first = True

    def feed(self, block: bytes) -> list[bytes]:
        """Return the records that end in `block`; blank ones between commas are left out."""
        positions, characters, depths = self._structure.scan(block)
        near = depths <= (2 if self._endings else 1)
        tokens = zip(
            (positions[near] + len(self._kept)).tolist(),
            characters[near].tolist(),
            depths[near].tolist(),
            strict=True,
        )
        self._kept += block
        records: list[bytes] = []
        start = 0
        for position, character, found_depth in tokens:
            depth = found_depth + self._lifted
            if depth < 0:
                self._lifted += 1
                continue
            end = self._step(start, position, character, depth, records)
            start = start if end is None else end
            if self.rest is not None:
                return records
        del self._kept[:start]
        return records

    def finish(self) -> bytes | None:
        """Return the record that the end of the document cut off, None when it is whole."""
        if self._where is _In.OBJECT and self._enveloped:
            return None  # the end of the envelope is no record
        return _line(self._kept) or None

    def _step(
        self, start: int, position: int, character: int, depth: int, records: list[bytes]
    ) -> int | None:
        """Take one token; return where what follows starts, None when nothing changed."""
        if self._where is _In.LIST:
            if depth < self._level or (depth == self._level and character == _COMMA):
                self._add(start, position, records)
                if depth < self._level:
                    self._where = _In.OBJECT if self._enveloped else _In.NOTHING
                return position + 1
        elif self._where is _In.OBJECT:
            if depth == 0:
                return self._end_of_object(start, position + 1, records)
            if depth == 2 and character == _LIST and self._names_envelope(position):
                self._where, self._level, self._enveloped = _In.LIST, 2, True
                return position + 1
        elif depth == 1 and character != _COMMA:
            self._add(start, position, records)
            self._where = _In.LIST if character == _LIST else _In.OBJECT
            self._level, self._enveloped = 1, False
            return position + (character == _LIST)
        return None

    def _end_of_object(self, start: int, end: int, records: list[bytes]) -> int:
        self._where = _In.NOTHING
        if not self._enveloped:
            whole_line = self._first and b"\n" not in self._kept[start:end]
            self._add(start, end, records)
            rest = self._kept[end:] if whole_line else b""
            if rest.lstrip(b" \t\r").startswith(b"\n"):
                self.rest = bytes(rest)
        return end

    def _add(self, start: int, end: int, records: list[bytes]) -> None:
        if line := _line(self._kept[start:end]):
            records.append(line)
            self._first = False

    def _names_envelope(self, position: int) -> bool:
        longest = max(map(len, self._endings)) + 64  # and what space there may be
        before = self._kept[max(0, position - longest) : position].rstrip(_SPACE)
        return before.endswith(b":") and before[:-1].rstrip(_SPACE).endswith(self._endings)


def _line(record: bytearray) -> bytes:
    """Return a record on one line. Line ends between its values are space, so nothing is lost."""
    return bytes(record.strip(_SPACE + b",")).replace(b"\r", b" ").replace(b"\n", b" ")
