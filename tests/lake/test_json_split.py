"""JSON documents: arrays, envelopes and objects fall into their records, wherever blocks end."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_records import noise, read, values

from lake.json_split import JsonSplitter, JsonStructure
from lake.records import Bad

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
    data = b"[" + b",".join(noise(20_000).split(b"\n")[:-1]) + b"]"
    whole = gzip.compress(data)
    *good, bad = read(whole[: len(whole) // 2], "x.json.gz")
    assert isinstance(bad, Bad)
    assert len(good) > 5_000
    assert b'"n"' in bad.record or len(bad.record) < 5


def test_deep_nesting_and_stray_brackets_do_no_harm() -> None:
    deep = b"[" * 10_000 + b"]" * 10_000
    assert read(b"[" + deep + b',{"a":1}]', "x.json") == [deep, b'{"a":1}']
    assert read(b'{"a":1}]]\n{"b":2}', "x.json")[0] == b'{"a":1}'
