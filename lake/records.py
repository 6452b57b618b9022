"""Bytes of a file or raw object to records: whole NDJSON lines in chunks, ready for DuckDB.

The unit is a record: a line, an element of an array or envelope, a CSV row. Nothing is parsed
here beyond finding where records end: invalid JSON, NUL bytes and invalid UTF-8 pass through,
to be judged by who reads the chunks. NDJSON costs no Python step for each line.
"""

import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import BinaryIO

import numpy as np

from lake import damaged_files, raw_names
from lake.csv_rows import csv_pieces
from lake.decode import Undecodable, decode
from lake.json_split import JsonSplitter
from lake.json_text import is_json
from lake.pieces import Bad, Chunk, Ends, Piece
from lake.raw import Raw

__all__ = ["Bad", "Chunk", "form", "pieces", "records"]

CHUNK_BYTES = 8 * 1024 * 1024
_BLOCK_BYTES = 1 << 20
_FORMS = {".ndjson": "ndjson", ".jsonl": "ndjson", ".json": "json", ".csv": "csv"}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_SPACE = b" \t\r\n"
_BLANK = np.frombuffer(_SPACE, dtype=np.uint8)  # what a blank line begins with


def form(name: str) -> str | None:
    """Return ndjson, json or csv by the end of a file's name, None when it tells none of them."""
    plain = name.lower().removesuffix(".gz").removesuffix(".zst")
    return next((found for end, found in _FORMS.items() if plain.endswith(end)), None)


def records(
    stream: BinaryIO, name: str, envelope: Sequence[str] = (), chunk_bytes: int = CHUNK_BYTES
) -> Iterator[Chunk | Bad]:
    """Yield the records of a file in order, in chunks of some `chunk_bytes`, and the bad ones.

    `envelope` names the keys under which a `.json` document may hold its records. Of a truncated
    or corrupt file everything before the damage is yielded, then one bad record for the rest.
    """
    found = form(name)
    source = _Source(decode(stream, name, chunk_bytes if found == "ndjson" else 0))
    first = size = 0
    waiting: list[Piece] = []
    for piece in _found(source, found, envelope, chunk_bytes):
        if isinstance(piece, Piece):
            waiting.append(piece)
            size += len(piece.data)
            if size < chunk_bytes:
                continue
        for chunk in _chunk(waiting, first):
            yield chunk
            first += chunk.count
        waiting, size = [], 0
        if isinstance(piece, Bad):
            yield piece.at(first)
            first += 1
    for chunk in _chunk(waiting, first):
        yield chunk
        first += chunk.count
    if source.damage:
        damage = source.damage
        yield Bad(source.cut_off, damage.reason, str(damage), first, damage.offset)


def pieces(raw: Raw, key: str) -> Iterator[Chunk | Bad]:
    """Yield the records of a raw object."""
    if raw_names.form_of(key) == damaged_files.FORM:
        with raw.open(key) as stream:
            yield from damaged_files.read(stream)
        return
    for piece in records(raw.compressed(key), raw_names.compressed_name(key)):
        if isinstance(piece, Bad) and piece.offset is not None:
            piece = replace(piece, identity=key)  # the object itself is damaged
        yield piece


class _Source:
    """The blocks of a file, without byte order mark, up to its end or its damage."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self.damage: Undecodable | None = None
        self.cut_off = b""
        self._blocks = blocks

    def cuts(self, last: bytes) -> bool:
        """Tell whether the damage cut off this last record; it is part of the damage then."""
        if self.damage is None or is_json(last):
            return False
        self.cut_off = last
        return True

    def __iter__(self) -> Iterator[bytes]:
        blocks = self._checked()
        for block in itertools.islice(blocks, 1):
            yield block.removeprefix(_BYTE_ORDER_MARK)
            del block  # or it would be kept until the last one is read
        yield from blocks

    def _checked(self) -> Iterator[bytes]:
        try:
            yield from self._blocks
        except Undecodable as damage:
            self.damage = damage


def _found(
    source: _Source, found: str | None, envelope: Sequence[str], chunk_bytes: int
) -> Iterator[Piece | Bad]:
    if found == "csv":
        return csv_pieces(_text_lines(source))
    if found == "json":
        return _json_pieces(source, envelope, chunk_bytes)
    return _line_pieces(source, iter(source), chunk_bytes)


def _line_pieces(source: _Source, blocks: Iterable[bytes], size: int) -> Iterator[Piece]:
    for whole in _whole_lines(blocks, size):
        if not whole.endswith(b"\n") and source.cuts(whole):
            return
        piece = _unified(whole)
        if piece.count:
            yield piece


def _unified(whole: bytes) -> Piece:
    """Return whole lines with LF for CRLF, without blank ones."""
    if not whole.endswith(b"\n"):
        whole += b"\n"
    if b"\r" in whole:
        whole = whole.replace(b"\r\n", b"\n")
    codes = np.frombuffer(whole, dtype=np.uint8)
    ends = _line_ends(whole)
    if np.isin(codes[ends[:-1] + 1], _BLANK).any() or codes[0] in _BLANK:
        lines = [line for line in whole.split(b"\n") if line.strip(_SPACE)]
        return Piece(b"".join(line + b"\n" for line in lines), len(lines))
    return Piece(whole, len(ends), ends)


def _line_ends(whole: bytes) -> Ends:
    # Lines of some kB are found by the C library in less than half the time that numpy takes to
    # compare each letter.
    lengths = np.fromiter(map(len, io.BytesIO(whole)), dtype=np.int64)
    return np.cumsum(lengths) - 1


def _whole_lines(blocks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield runs of whole lines of some `size` bytes, at last with what follows the last LF."""
    kept: list[bytes] = []
    length = 0
    for block in blocks:
        end = block.rfind(b"\n") + 1
        if end and length + end >= size:
            # The one copy on this path; none where the block is whole lines by itself.
            yield b"".join([*kept, block[:end]]) if kept else block[:end]
            kept, length = [], 0
            block = block[end:]
        if block:
            kept.append(block)
        length += len(block)
    whole = b"".join(kept)
    end = whole.rfind(b"\n") + 1
    yield from filter(None, (whole[:end], whole[end:]))


def _json_pieces(source: _Source, envelope: Sequence[str], size: int) -> Iterator[Piece]:
    splitter = JsonSplitter(envelope)
    blocks = _joined(source)
    for number, block in enumerate(blocks):
        if number == 0 and not block.lstrip(_SPACE).startswith((b"{", b"[")):
            yield from _line_pieces(source, itertools.chain([block], blocks), size)
            return
        if found := splitter.feed(block):
            yield Piece(b"\n".join(found) + b"\n", len(found))
        if splitter.rest is not None:
            yield from _line_pieces(source, itertools.chain([splitter.rest], blocks), size)
            return
    last = splitter.finish()
    if last and not source.cuts(last):
        yield Piece(last + b"\n", 1)


def _text_lines(source: _Source) -> Iterator[bytes]:
    for whole in _whole_lines(source, _BLOCK_BYTES):
        if source.damage and not whole.endswith(b"\n"):
            source.cut_off = whole
        else:
            yield from whole.splitlines(keepends=True)


def _joined(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Join small blocks: what is done for each block should not count."""
    parts: list[bytes] = []
    size = 0
    for block in blocks:
        parts.append(block)
        size += len(block)
        if size >= _BLOCK_BYTES:
            yield b"".join(parts)
            parts, size = [], 0
    if parts:
        yield b"".join(parts)


def _chunk(pieces: list[Piece], first: int) -> Iterator[Chunk]:
    if pieces:
        data = b"".join(piece.data for piece in pieces)
        ends = pieces[0].ends if len(pieces) == 1 else None
        yield Chunk(data, sum(piece.count for piece in pieces), first, ends)
