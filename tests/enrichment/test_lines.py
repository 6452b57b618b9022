"""Chunks of lines become tables of records, whatever the lines hold."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from enrichment import lines
from lake.pieces import Chunk

LINE = st.binary(min_size=1, max_size=40).map(lambda line: line.replace(b"\n", b"."))


def chunk(records: list[bytes], first: int = 0) -> Chunk:
    return Chunk(b"".join(record + b"\n" for record in records), len(records), first)


@given(st.lists(LINE, max_size=30), st.integers(0, 1000))
def test_every_line_is_a_record_in_its_place_or_not_utf8(records: list[bytes], first: int) -> None:
    found = lines.read(chunk(records, first))
    texts = {row["record_ordinal"]: row["record_text"].encode() for row in found.table.to_pylist()}
    everything = {**texts, **dict(found.undecodable)}
    assert everything == {first + n: record + b"\n" for n, record in enumerate(records)}
    assert not set(texts) & {ordinal for ordinal, _ in found.undecodable}


def test_what_is_not_utf8_is_set_aside() -> None:
    found = lines.read(chunk([b"a", b"\xff", "\u00e9".encode()], first=7))
    assert found.table.to_pylist() == [
        {"record_ordinal": 7, "record_text": "a\n"},
        {"record_ordinal": 9, "record_text": "\u00e9\n"},
    ]
    assert found.undecodable == [(8, b"\xff\n")]


def test_line_ends_that_are_known_are_used_as_they_are() -> None:
    known = Chunk(b"ab\ncd\n", 2, 0, np.array([2, 5]))
    assert lines.read(known).table["record_text"].to_pylist() == ["ab\n", "cd\n"]
    assert lines.read(known).table.equals(lines.read(chunk([b"ab", b"cd"])).table)
