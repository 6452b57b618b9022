"""Records of files: none lost, none split, in order, with their bytes, whatever the bytes are."""

import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_records import noise, read

from lake import records as records_module
from lake.lake import Lake
from lake.raw import compress
from lake.records import Bad, Chunk, form, pieces
from lake.streams import Stream


def test_lines_are_records_and_blank_ones_are_not() -> None:
    data = b'\xef\xbb\xbf{"a":1}\r\n\r\n \t\n\n{"b":2}\n  {"c":3}'
    assert read(data) == [b'{"a":1}', b'{"b":2}', b'  {"c":3}']


def test_no_block_is_kept_once_the_next_is_read() -> None:
    blocks = [b"first\n" * 100, b"second\n" * 100, b"third\n"]
    alone = [sys.getrefcount(block) for block in blocks]
    source = iter(records_module._Source(iter(blocks)))
    assert (next(source), next(source)) == (blocks[0], blocks[1])
    assert sys.getrefcount(blocks[0]) == alone[0]


def test_nul_bytes_and_invalid_utf8_pass_through() -> None:
    assert read(b'{"a":"\x00\xff"}\nplain\x00\n') == [b'{"a":"\x00\xff"}', b"plain\x00"]


@pytest.mark.parametrize("name", ["x.ndjson", "x.json", "x.csv", "x.ndjson.gz", "x.json.zst"])
def test_an_empty_file_holds_no_record(name: str) -> None:
    assert read(b"", name) == []


@pytest.mark.parametrize("name", ["x.ndjson", "x.json", "x.csv"])
def test_a_blank_file_holds_no_record(name: str) -> None:
    assert read(b"\n \n\r\n", name) == []


line = st.binary(max_size=20).map(lambda body: body.replace(b"\n", b"").replace(b"\r", b""))


@given(
    st.lists(line, max_size=30),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
    st.integers(1, 50),
)
def test_every_line_comes_out_once_in_order(
    lines: list[bytes], end: bytes, ended: bool, chunk_bytes: int
) -> None:
    lines = [
        b"-" + body
        if body.startswith((b"\xef\xbb\xbf", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"))
        else body
        for body in lines
    ]
    data = end.join(lines) + (end if ended else b"")
    assert read(data, chunk_bytes=chunk_bytes) == [body for body in lines if body.strip(b" \t")]


@settings(deadline=None, max_examples=50)
@given(st.lists(line, max_size=30), st.integers(1, 64), st.integers(1, 64))
def test_lines_do_not_depend_on_how_the_file_comes(
    lines: list[bytes], block: int, chunk: int
) -> None:
    data = b"".join(b"x" + body + b"\n" for body in lines)
    blocks = [data[start : start + block] for start in range(0, len(data), block)]
    source = records_module._Source(iter(blocks))
    pieces = list(records_module._line_pieces(source, iter(source), chunk))
    assert b"".join(piece.data for piece in pieces) == data
    assert sum(piece.count for piece in pieces) == len(lines)


def test_a_line_longer_than_any_block_stays_whole() -> None:
    long = b'{"a":"' + b"x" * (5 << 20) + b'"}'
    assert read(b"{}\n" + long + b"\n{}\n", chunk_bytes=1 << 20) == [b"{}", long, b"{}"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.ndjson", "ndjson"),
        ("a.JSONL.gz", "ndjson"),
        ("a/b.json.zst", "json"),
        ("a.csv", "csv"),
        ("a.txt", None),
        ("json", None),
        ("a.gz", None),
    ],
)
def test_the_form_is_told_by_the_name(name: str, expected: str | None) -> None:
    assert form(name) == expected


def test_a_raw_object_gives_its_records_and_its_damage(lake: Lake) -> None:
    stream = Stream("acme", "okta", "log")
    now = datetime(2026, 1, 1, tzinfo=UTC)
    whole = lake.raw.append(stream, compress(b'{"a":1}\n{"b":2}\n'), "ndjson", now)
    assert list(pieces(lake.raw, whole.key)) == [Chunk(b'{"a":1}\n{"b":2}\n', 2, 0)]
    body = compress(noise(20_000))
    cut = lake.raw.append(stream, body[: len(body) // 2], "ndjson", now)
    *_, bad = pieces(lake.raw, cut.key)
    assert isinstance(bad, Bad)
    assert bad.reason == "truncated"
