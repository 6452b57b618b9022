"""CSV (RFC 4180, with a header row) as NDJSON objects of strings; an empty cell is null."""

import csv
import json
from collections.abc import Iterator

from lake.pieces import Bad, Piece

_ROWS = 2_000  # in a piece
# A quote that is never closed swallows what follows, at most up to here.
csv.field_size_limit(64 * 1024 * 1024)


class _Lines:
    """Text lines, remembering those that the row in hand was read from."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self.row: list[bytes] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self.row.append(line)
            # Bytes that are no UTF-8 pass through unchanged.
            yield line.decode("utf-8", "surrogateescape")

    def taken(self) -> bytes:
        """Return the bytes of the row in hand, and start the next."""
        row, self.row = b"".join(self.row), []
        return row.rstrip(b"\r\n")


def csv_pieces(lines: Iterator[bytes]) -> Iterator[Piece | Bad]:
    """Yield the rows as NDJSON, ragged ones as bad records. `lines` keep their line ends."""
    source = _Lines(lines)
    header: list[str] | None = None
    done: list[str] = []
    for row in _rows(source):
        raw = source.taken()
        if not raw.strip():
            continue
        if isinstance(row, list) and header is None:
            header = row
        elif isinstance(row, list) and header is not None and len(row) == len(header):
            record = dict(zip(header, (cell or None for cell in row), strict=True))
            done.append(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
        else:
            yield from _piece(done)
            done = []
            wanted = len(header) if header else 0
            detail = row if isinstance(row, str) else f"{len(row)} cells, the header has {wanted}"
            yield Bad(raw, "ragged_row", detail)
        if len(done) >= _ROWS:
            yield from _piece(done)
            done = []
    yield from _piece(done)


def _rows(source: _Lines) -> Iterator[list[str] | str]:
    """Yield the rows; where one cannot be read, what is wrong with it."""
    while True:
        reader = csv.reader(iter(source))
        try:
            yield from reader
        except csv.Error as error:
            yield str(error)
        else:
            return


def _piece(lines: list[str]) -> Iterator[Piece]:
    if lines:
        text = "\n".join(lines) + "\n"
        yield Piece(text.encode("utf-8", "surrogateescape"), len(lines))
