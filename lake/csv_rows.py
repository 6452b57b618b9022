"""CSV (RFC 4180, with a header row) as NDJSON objects of strings; an empty cell is null.

A quote that is never closed takes the lines that follow into its cell, up to the next quote. Where
such a row holds a line that is a whole row by itself, or goes on too long, its first line alone is
a bad record, and the others are read again.
"""

import csv
import json
from collections import deque
from collections.abc import Iterator

from lake.pieces import Bad, Piece

_ROWS = 2_000  # in a piece
# A quote that is never closed swallows what follows, at most up to here.
csv.field_size_limit(64 * 1024 * 1024)
# Bytes of a row among lines that are read again: each may begin with such a quote.
_NEAR = 16 * 1024


class _Lines:
    """Text lines, remembering those that the row in hand was read from."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self._again: deque[bytes] = deque()
        self._row: list[bytes] = []
        self.ended = False
        self.unclosed = False  # the row in hand goes on beyond its last line

    def __iter__(self) -> Iterator[str]:
        most = size = 0
        while True:
            if not self._row:
                most, size = _NEAR if self._again else 0, 0
            elif most and size > most:
                self.unclosed = True
                return
            line = self._again.popleft() if self._again else next(self._lines, None)
            if line is None:
                self.ended, self.unclosed = True, bool(self._row)
                return
            self._row.append(line)
            size += len(line)
            yield _text(line)

    def taken(self) -> list[bytes]:
        """Return the lines of the row in hand, and start the next."""
        row, self._row, self.unclosed = self._row, [], False
        return row

    def give_back(self, lines: list[bytes]) -> None:
        """Let lines be read again."""
        self._again.extendleft(reversed(lines))
        self.ended = False


def csv_pieces(lines: Iterator[bytes]) -> Iterator[Piece | Bad]:
    """Yield the rows as NDJSON, ragged ones as bad records. `lines` keep their line ends."""
    source = _Lines(lines)
    header: list[str] | None = None
    done: list[str] = []
    for row in _rows(source):
        unclosed = source.unclosed or isinstance(row, str)
        read_from = source.taken()
        if (
            header is not None
            and len(read_from) > 1
            and _swallows(row, read_from, unclosed, header)
        ):
            source.give_back(read_from[1:])
            read_from, unclosed = read_from[:1], True
        raw = b"".join(read_from).rstrip(b"\r\n")
        if not raw.strip():
            continue
        if header is None and isinstance(row, list) and not unclosed:
            header = row
        elif header is not None and len(row) == len(header) and not unclosed:
            record = dict(zip(header, (cell or None for cell in row), strict=True))
            done.append(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
        else:
            yield from _piece(done)
            done = []
            yield Bad(raw, "ragged_row", _detail(row, header, unclosed))
        if len(done) >= _ROWS:
            yield from _piece(done)
            done = []
    yield from _piece(done)


def _rows(source: _Lines) -> Iterator[list[str] | str]:
    """Yield the rows; where one cannot be read, what is wrong with it."""
    while not source.ended:
        reader = csv.reader(iter(source))
        try:
            yield from reader
        except csv.Error as error:
            yield str(error)


def _swallows(row: list[str] | str, lines: list[bytes], unclosed: bool, header: list[str]) -> bool:
    """Tell whether a row over several lines has taken in others that are rows themselves."""
    width = len(header)
    if not unclosed and len(row) == width and _strict(lines) is not None:
        return False
    if unclosed and sum(map(len, lines)) > _NEAR:
        return True
    even = (line for line in lines[1:] if line.count(b'"') % 2 == 0)
    return any(len(_strict([line]) or ()) == width for line in even)


def _strict(lines: list[bytes]) -> list[str] | None:
    """Return the one row that lines are by the letter of the standard, None when they are none."""
    try:
        rows = list(csv.reader(map(_text, lines), strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _detail(row: list[str] | str, header: list[str] | None, unclosed: bool) -> str:
    if isinstance(row, str):
        return row
    if unclosed:
        return "a quote is never closed"
    return f"{len(row)} cells, the header has {len(header) if header else 0}"


def _text(line: bytes) -> str:
    # Bytes that are no UTF-8 pass through unchanged.
    return line.decode("utf-8", "surrogateescape")


def _piece(lines: list[str]) -> Iterator[Piece]:
    if lines:
        text = "\n".join(lines) + "\n"
        yield Piece(text.encode("utf-8", "surrogateescape"), len(lines))
