"""The verdict on a batch, made by SQL, is the one that pydantic gives record by record."""

import json
from datetime import datetime
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from schemas import shape, verdict
from schemas.source import SourceModel


class Inner(SourceModel):
    name: str
    size: int | None = None


class Item(SourceModel):
    id: str | None = None
    kind: str | int | None = None


class Record(SourceModel):
    at: str | int = Field(alias="@at")
    text: str | None = None
    count: int | None = None
    ratio: float | None = None
    flag: bool | None = None
    inner: Inner | None = None
    items: list[Item] | None = None
    words: list[str] | None = None
    numbers: list[int] | None = None
    anything: Any = None
    table: dict[str, Any] | None = None


SHAPE = shape.of_model(Record)
CONNECTION = duckdb.connect()

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "a", "1", "-1.5", "1e3", "true", "false", "null", "{", "[1]", "Infinity"]),
    st.text(st.characters(codec="utf-8"), max_size=5),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["name", "size", "id", "kind", "x"]), inner, max_size=3),
    ),
    max_leaves=6,
)
RECORDS = st.one_of(
    VALUES,
    st.dictionaries(
        st.sampled_from(["@at", *(n for n, _ in SHAPE.fields if n != "@at"), "other"]),
        VALUES,
        max_size=8,
    ).map(lambda record: {"@at": "2026-01-01", **record}),
)


def sql_verdicts(texts: list[str]) -> list[bool]:
    """Judge texts as the mapper does: raw types where in doubt, pydantic where suspicious."""
    connection = CONNECTION
    connection.register("chunk", pa.table({"record_text": pa.array(texts, pa.string())}))
    paths = ", ".join(f"'{path}'" for path in verdict.type_paths(SHAPE))
    rows = connection.execute(
        f"""SELECT {verdict.doubtful(SHAPE, "fields")} AS doubtful,
              {verdict.fits(SHAPE, "types")} AS fits,
              coalesce({verdict.suspicious(SHAPE, "fields")}, false) AS suspicious
            FROM (SELECT json_type(record_text, [{paths}]) AS types,
              json_transform(record_text, '{json.dumps(SHAPE.structure())}') AS fields
              FROM chunk)"""
    ).fetchall()
    return [
        (fits or not doubtful) and (not suspicious or pydantic_verdict(text))
        for (doubtful, fits, suspicious), text in zip(rows, texts, strict=True)
    ]


def pydantic_verdict(text: str) -> bool:
    try:
        Record.model_validate_json(text)
    except ValidationError:
        return False
    return True


@settings(max_examples=400, deadline=None)
@given(st.lists(RECORDS, min_size=1, max_size=20))
def test_sql_and_pydantic_agree_on_any_record(records: list[Any]) -> None:
    texts = [json.dumps(record) for record in records]
    assert sql_verdicts(texts) == [pydantic_verdict(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ('{"@at": "x"}', True),
        ('{"@at": 5}', True),
        ('{"@at": null}', False),
        ("{}", False),
        ("[]", False),
        ('"text"', False),
        ("null", False),
        ('{"@at": "x", "count": 1.7}', False),
        ('{"@at": "x", "count": "5"}', False),
        ('{"@at": "x", "count": true}', False),
        ('{"@at": "x", "ratio": 1}', True),
        ('{"@at": "x", "text": {"a": 1}}', False),
        ('{"@at": "x", "text": 5}', False),
        ('{"@at": "x", "flag": 1}', False),
        ('{"@at": "x", "inner": {}}', False),
        ('{"@at": "x", "inner": {"name": "n"}}', True),
        ('{"@at": "x", "inner": null}', True),
        ('{"@at": "x", "inner": "n"}', False),
        ('{"@at": "x", "items": [{"id": "1"}]}', True),
        ('{"@at": "x", "items": [{"id": 1}]}', False),
        ('{"@at": "x", "items": [{"kind": 1}]}', True),
        ('{"@at": "x", "items": [{"kind": [1]}]}', False),
        ('{"@at": "x", "items": ["1"]}', False),
        ('{"@at": "x", "items": {"id": "1"}}', False),
        ('{"@at": "x", "words": ["a", 1]}', False),
        ('{"@at": "x", "words": ["a", null]}', False),
        ('{"@at": "x", "numbers": [1, null]}', False),
        ('{"@at": "x", "numbers": [1, 2]}', True),
        ('{"@at": "x", "numbers": [1, "2"]}', False),
        ('{"@at": "x", "anything": [1, {"a": 2}], "unknown": 7}', True),
        ('{"@at": "x", "table": {"a": 2}}', True),
        ('{"@at": "x", "table": [2]}', False),
        ('{"@at": "x", "inner": []}', False),
        ('{"@at": "x", "inner": "name"}', False),
    ],
)
def test_a_record_fits_when_every_typed_field_has_an_allowed_json_type(
    text: str, fits: bool
) -> None:
    assert sql_verdicts([text]) == [fits]
    assert pydantic_verdict(text) is fits


def test_honest_texts_are_not_put_in_doubt() -> None:
    class Texts(SourceModel):
        text: str | None = None
        other: str | None = None

    texts = ["2026-10-01T00:00:00Z", "81.2.69.1", "user@example.com", "f", "12ab-34", "Zoë", ""]
    connection = duckdb.connect()
    predicate = verdict.doubtful(shape.of_model(Texts), "fields")
    for text in [*texts, None]:
        sql = f"SELECT {predicate} FROM (SELECT {{'text': $text::VARCHAR, 'other': 'a'}} AS fields)"
        assert connection.execute(sql, {"text": text}).fetchone() == (False,)


def test_a_field_that_may_be_null_needs_a_default() -> None:
    class Undecided(SourceModel):
        name: str | None

    with pytest.raises(TypeError, match=r"Undecided\.name: may be null and has no default"):
        shape.of_model(Undecided)


def test_an_annotation_without_a_json_counterpart_is_named() -> None:
    class Odd(SourceModel):
        when: datetime | None = None

    with pytest.raises(TypeError, match=r"Odd\.when.*no JSON counterpart"):
        shape.of_model(Odd)


def test_two_fields_that_differ_only_in_case_are_refused() -> None:
    class Twice(SourceModel):
        id: str | None = None
        ID: str | None = None

    with pytest.raises(TypeError, match="differ only in case: id"):
        shape.of_model(Twice)
