"""Turns a chunk of lines into a table of records, without touching Python line by line."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lake.pieces import Chunk

LINE_FEED = 10


@dataclass(frozen=True)
class Lines:
    """Records of a chunk: `table` (record_ordinal, record_text), and those that are no UTF-8."""

    table: pa.Table
    undecodable: list[tuple[int, bytes]]


def read(chunk: Chunk) -> Lines:
    """Split a chunk at its line ends; each line keeps its own."""
    offsets = _offsets(chunk)
    count = len(offsets) - 1
    texts = pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(chunk.data))
    ordinals = np.arange(chunk.first, chunk.first + count, dtype=np.int64)
    table = pa.table({"record_ordinal": pa.array(ordinals), "record_text": texts})
    bad = _undecodable(texts)
    if bad is None:
        return Lines(table, [])
    lines = texts.cast(pa.binary())
    undecodable = [(int(ordinals[row]), lines[row].as_py()) for row in np.flatnonzero(bad)]
    return Lines(table.filter(pa.array(~bad)), undecodable)


def _offsets(chunk: Chunk) -> NDArray[np.int32]:
    """Return where each line begins, and where the last one ends."""
    ends = chunk.ends
    if ends is None:
        ends = np.flatnonzero(np.frombuffer(chunk.data, np.uint8) == LINE_FEED)
    offsets = np.zeros(len(ends) + 1, np.int32)
    offsets[1:] = ends
    offsets[1:] += 1
    return offsets


def _undecodable(texts: pa.StringArray) -> NDArray[np.bool_] | None:
    try:
        texts.validate(full=True)
    except pa.ArrowInvalid:
        return np.array([not _is_utf8(line) for line in texts.cast(pa.binary()).to_pylist()])
    return None


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
