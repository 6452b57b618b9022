"""Records of files: none lost, none split, in order, with their bytes, whatever the bytes are."""

import csv
import gzip
import io
import json
from collections.abc import Sequence
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from lake import records as records_module
from lake.csv_rows import csv_pieces
from lake.json_split import JsonSplitter, JsonStructure
from lake.records import Bad, Chunk, form, records


def read(
    data: bytes, name: str = "x.ndjson", envelope: Sequence[str] = (), chunk_bytes: int = 1 << 20
) -> list[bytes | Bad]:
    """The records one by one, after checking what holds for every chunk."""
    found: list[bytes | Bad] = []
    for piece in records(io.BytesIO(data), name, envelope, chunk_bytes):
        if isinstance(piece, Bad):
            assert piece.ordinal == len(found)
            found.append(piece)
            continue
        assert isinstance(piece, Chunk)
        assert piece.first == len(found)
        assert piece.data.endswith(b"\n")
        lines = piece.data.split(b"\n")[:-1]
        assert len(lines) == piece.count
        assert all(line.strip(b" \t\r\n") for line in lines)
        found += lines
    return found


def values(found: list[bytes | Bad]) -> list[Any]:
    return [json.loads(record) for record in found if isinstance(record, bytes)]


# Lines


def test_lines_are_records_and_blank_ones_are_not() -> None:
    data = b'\xef\xbb\xbf{"a":1}\r\n\r\n \t\n\n{"b":2}\n  {"c":3}'
    assert read(data) == [b'{"a":1}', b'{"b":2}', b'  {"c":3}']


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


# Compression


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("name", ["x.ndjson.gz", "x.ndjson.zst", "x.ndjson"])
def test_compression_is_told_by_the_bytes(compress: Any, name: str) -> None:
    data = b'{"a":1}\n{"b":2}\n'
    assert read(compress(data), name) == [b'{"a":1}', b'{"b":2}']
    assert read(compress(data[:9]) + compress(data[9:]), name) == [b'{"a":1}', b'{"b":2}']


def test_zeros_after_a_gzip_member_are_padding() -> None:
    assert read(gzip.compress(b"{}\n") + b"\0" * 512, "x.ndjson.gz") == [b"{}"]


def _noise(count: int) -> bytes:
    """Lines that compress badly, so that a cut in the file is a cut in the lines."""
    return b"".join(
        b'{"n":"%s"}\n' % format(pow(7, n, 2**521 - 1), "x").encode() for n in range(count)
    )


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_a_truncated_file_ends_in_one_bad_record(compress: Any) -> None:
    data = _noise(20_000)
    whole = compress(data)
    *good, bad = read(whole[: len(whole) // 2], "x.ndjson.gz")
    assert isinstance(bad, Bad)
    assert bad.reason == "truncated"
    lines = data.split(b"\n")
    assert good == lines[: len(good)]
    assert len(good) > 5_000
    assert lines[len(good)].startswith(bad.record)


@pytest.mark.parametrize(
    "compress", [gzip.compress, zstandard.ZstdCompressor(write_checksum=True).compress]
)
def test_a_corrupt_file_ends_in_one_bad_record(compress: Any) -> None:
    whole = bytearray(compress(_noise(20_000)))
    middle = len(whole) // 2
    whole[middle : middle + 200] = b"\xff" * 200
    *good, bad = read(bytes(whole), "x.ndjson.gz")
    assert isinstance(bad, Bad)
    assert bad.reason == "corrupt"
    assert good[:5_000] == _noise(5_000).split(b"\n")[:-1]


def test_garbage_after_compressed_bytes_is_one_bad_record() -> None:
    good, bad = read(gzip.compress(b"{}\n") + b"garbage", "x.ndjson.gz")
    assert good == b"{}"
    assert isinstance(bad, Bad)


def test_a_last_line_that_is_whole_counts_beside_the_damage() -> None:
    body = zstandard.ZstdCompressor().compressobj()
    data = body.compress(b'{"a":1}\n{"b":2}') + body.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    found = read(data, "x.ndjson.zst")
    assert found[:2] == [b'{"a":1}', b'{"b":2}']
    assert isinstance(found[2], Bad)
    assert found[2].record == b""


def test_a_file_that_is_not_what_its_name_says_is_one_bad_record() -> None:
    (bad,) = read(b'{"a":1}\n', "x.ndjson.gz")
    assert isinstance(bad, Bad)
    assert (bad.reason, bad.record) == ("corrupt", b"")
    assert "neither gzip nor zstd" in bad.detail


def test_a_bomb_is_read_in_small_blocks() -> None:
    from lake.decode import decode

    bomb = zstandard.compress(b"\0" * (1 << 29))
    longest = max(map(len, decode(io.BytesIO(bomb), "x.zst")))
    assert longest <= 1 << 28
    bomb = gzip.compress(b"\0" * (1 << 26))
    assert max(map(len, decode(io.BytesIO(bomb), "x.gz"))) <= 1 << 22


# JSON documents

ENVELOPE = ("Records", "value")
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(['"', "\\", "]},", '\\"']),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=4) | st.sampled_from(ENVELOPE), inner, max_size=3)
    ),
    max_leaves=12,
)
layouts = st.sampled_from([{}, {"indent": 1}, {"ensure_ascii": False}, {"separators": (",", ":")}])


@settings(deadline=None)
@given(st.lists(json_values, max_size=8), layouts)
def test_the_elements_of_an_array_are_its_records(
    elements: list[Any], layout: dict[str, Any]
) -> None:
    assert values(read(json.dumps(elements, **layout).encode(), "x.json")) == elements


@settings(deadline=None)
@given(
    st.lists(json_values, max_size=5),
    st.dictionaries(st.sampled_from(["next", "value2"]), json_values),
    layouts,
)
def test_the_elements_in_an_envelope_are_its_records(
    elements: list[Any], beside: dict[str, Any], layout: dict[str, Any]
) -> None:
    for document in ({**beside, "Records": elements}, {"Records": elements, **beside}):
        data = json.dumps(document, **layout).encode()
        assert values(read(data, "x.json", ENVELOPE)) == elements


@settings(deadline=None)
@given(json_values, layouts)
def test_one_object_is_one_record(value: Any, layout: dict[str, Any]) -> None:
    document = {"id": value, "Records": "none"}
    assert values(read(json.dumps(document, **layout).encode(), "x.json", ENVELOPE)) == [document]


@settings(deadline=None)
@given(st.lists(json_values, min_size=1, max_size=5), layouts, st.integers(1, 40))
def test_records_do_not_depend_on_where_blocks_end(
    elements: list[Any], layout: dict[str, Any], size: int
) -> None:
    document = [{"a": element} for element in elements]
    for data, envelope in (
        (json.dumps(document, **layout).encode(), ()),
        (json.dumps({"n": 1, "value": document}, **layout).encode(), ENVELOPE),
    ):
        splitter = JsonSplitter(envelope)
        found = [
            record
            for start in range(0, len(data), size)
            for record in splitter.feed(data[start : start + size])
        ]
        assert splitter.finish() is None
        assert [json.loads(record) for record in found] == document


@given(json_values, st.integers(1, 9))
def test_structure_is_followed_outside_of_strings_only(value: Any, size: int) -> None:
    data = json.dumps([value], ensure_ascii=False).encode()
    structure, found, depth = JsonStructure(), bytearray(), 0
    for start in range(0, len(data), size):
        _, characters, depths = structure.scan(data[start : start + size])
        found += characters.tobytes()
        depth = int(depths[-1]) if depths.size else depth

    def brackets(part: Any) -> str:
        if isinstance(part, dict):
            return "{" + ",".join(map(brackets, part.values())) + "}"
        return "[" + ",".join(map(brackets, part)) + "]" if isinstance(part, list) else ""

    assert found.decode() == brackets([value])
    assert depth == 0


def test_objects_one_after_the_other_are_records() -> None:
    assert read(b'{"a":1} {"b":2}\n{"c":\n3}', "x.json") == [b'{"a":1}', b'{"b":2}', b'{"c": 3}']


def test_envelopes_one_after_the_other_are_opened() -> None:
    data = b'{"Records":[{"a":1}]}\n{"Records":[{"b":2}]}\n'
    assert read(data, "x.json", ENVELOPE) == [b'{"a":1}', b'{"b":2}']


def test_an_empty_envelope_or_array_holds_no_record() -> None:
    assert read(b'{"Records":[ ]}', "x.json", ENVELOPE) == []
    assert read(b" [ ] ", "x.json") == []


def test_lines_in_a_json_file_are_records_even_if_one_is_broken() -> None:
    data = b'{"a":1}\n{"broken":\n{"b":2}\n'
    assert read(data, "x.json") == [b'{"a":1}', b'{"broken":', b'{"b":2}']
    assert read(b'oops\n{"b":2}\n', "x.json") == [b"oops", b'{"b":2}']


@pytest.mark.parametrize("data", [b'[{"a":1},{"b":', b'{"value":[{"a":1},{"b":'])
def test_a_document_cut_off_ends_in_its_last_part(data: bytes) -> None:
    assert read(data, "x.json", ENVELOPE) == [b'{"a":1}', b'{"b":']


def test_a_cut_in_the_compressed_document_is_one_bad_record() -> None:
    data = b"[" + b",".join(_noise(20_000).split(b"\n")[:-1]) + b"]"
    whole = gzip.compress(data)
    *good, bad = read(whole[: len(whole) // 2], "x.json.gz")
    assert isinstance(bad, Bad)
    assert len(good) > 5_000
    assert b'"n"' in bad.record or len(bad.record) < 5


def test_deep_nesting_and_stray_brackets_do_no_harm() -> None:
    deep = b"[" * 10_000 + b"]" * 10_000
    assert read(b"[" + deep + b',{"a":1}]', "x.json") == [deep, b'{"a":1}']
    assert read(b'{"a":1}]]\n{"b":2}', "x.json")[0] == b'{"a":1}'


# CSV

cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=6
) | st.sampled_from(['"', ",", "a\nb", "x\r\ny", ""])


@settings(deadline=None)
@given(st.data(), st.integers(2, 4), st.sampled_from(["\n", "\r\n"]))
def test_csv_rows_are_objects_of_strings(data: st.DataObject, width: int, end: str) -> None:
    rows = data.draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=6))
    text = io.StringIO()
    header = [f"column {n}" for n in range(width)]
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    expected = [dict(zip(header, (cell or None for cell in row), strict=True)) for row in rows]
    assert values(read(text.getvalue().encode(), "x.csv")) == expected


def test_csv_rows_of_another_width_are_bad_and_the_rest_goes_on() -> None:
    found = read(b'a,b\n1,2\n1,2,3\n \n4,5\n"6\n",7,\n8,9', "x.csv")
    assert [type(record) for record in found] == [bytes, Bad, bytes, Bad, bytes]
    assert values(found) == [{"a": "1", "b": "2"}, {"a": "4", "b": "5"}, {"a": "8", "b": "9"}]
    bad = [record for record in found if isinstance(record, Bad)]
    assert [record.record for record in bad] == [b"1,2,3", b'"6\n",7,']
    assert bad[0].detail == "3 cells, the header has 2"
    assert bad[0].reason == "ragged_row"


def test_csv_passes_bytes_that_are_no_text() -> None:
    assert read(b"\xef\xbb\xbfa,b\r\n\xff,\x00\r\n", "x.csv") == [b'{"a":"\xff","b":"\\u0000"}']


def test_a_cut_in_a_compressed_csv_is_one_bad_record() -> None:
    rows = b"".join(
        b"%s,%d\n" % (format(pow(7, n, 2**521 - 1), "x").encode(), n) for n in range(20_000)
    )
    whole = gzip.compress(b"a,b\n" + rows)
    *good, bad = read(whole[: len(whole) // 2], "x.csv.gz")
    assert isinstance(bad, Bad)
    assert bad.reason == "truncated"
    assert all(isinstance(record, bytes) for record in good)
    assert values(good) == [
        {"a": format(pow(7, n, 2**521 - 1), "x"), "b": str(n)} for n in range(len(good))
    ]


def test_a_quote_never_closed_takes_the_rest_as_one_bad_record() -> None:
    found = read(b'a,b\n1,2\n"3,4\n5,6\n', "x.csv")
    assert [type(record) for record in found] == [bytes, Bad]


def test_an_endless_cell_does_not_take_all_memory() -> None:
    before = csv.field_size_limit(1000)
    try:
        lines = [b"a,b\n", b"1,2\n", b'"3,4\n', *[b"x" * 99 + b"\n"] * 20, b"5,6\n"]
        found = list(csv_pieces(iter(lines)))
    finally:
        csv.field_size_limit(before)
    assert any(isinstance(one, Bad) and "field larger" in one.detail for one in found)


# Names


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
