"""What follows from other columns as they are is completed after the statement."""

import duckdb
import pyarrow as pa

from schemas import mapping, versions
from schemas.classes import API_ACTIVITY, AUTHENTICATION
from schemas.completion import completed

FIELDS = ("uid", "name", "email_addr", "type_id")


def rows(
    classes: list[int], actors: list[str | None], users: list[str | None], others: list[str | None]
) -> pa.Table:
    """Rows whose actor, and whose user, have the same text in each of their fields."""
    columns: dict[str, pa.Array] = {"class_uid": pa.array(classes, pa.int32())}
    for prefix, texts in (("actor.user", actors), ("user", users)):
        columns |= {f"{prefix}.{field}": pa.array(texts, pa.string()) for field in FIELDS[:3]}
        columns[f"{prefix}.type_id"] = pa.array([1 if text else None for text in texts], pa.int32())
    return pa.table(columns | {"person_otherwise": pa.array(others, pa.string())})


def users(table: pa.Table) -> list[tuple[object, ...]]:
    return list(zip(*(table[f"user.{field}"].to_pylist() for field in FIELDS), strict=True))


def test_who_signed_in_is_the_actor_unless_the_mapper_says_otherwise() -> None:
    found = rows(
        [AUTHENTICATION, AUTHENTICATION, API_ACTIVITY, API_ACTIVITY],
        ["ann", "ann", "ann", "ann"],
        [None, "bob", None, "bob"],
        [None] * 4,
    )
    ann, bob, nobody = ("ann",) * 3 + (1,), ("bob",) * 3 + (1,), (None,) * 4
    assert users(completed(found, {}, {})) == [ann, bob, nobody, bob]
    assert users(completed(found.slice(0, 1), {}, {})) == [ann]
    assert users(completed(found.slice(2), {}, {})) == [nobody, bob]


def test_one_named_field_keeps_the_mapper_s_user() -> None:
    found = rows([AUTHENTICATION] * 2, ["ann", "ann"], [None, None], [None, None])
    position = found.schema.get_field_index("user.email_addr")
    found = found.set_column(position, "user.email_addr", pa.array(["bob@x.org", None]))
    whole = completed(found, {}, {})
    assert users(whole) == [(None, None, "bob@x.org", None), ("ann", "ann", "ann", 1)]


def test_an_actor_that_the_mapper_does_not_give_is_nobody() -> None:
    found = rows([AUTHENTICATION] * 2, [None] * 2, ["bob", None], ["bob", None])
    found = found.drop_columns([f"actor.user.{field}" for field in FIELDS])
    whole = completed(found, {}, {})
    assert users(whole) == [("bob", "bob", "bob", 1), (None,) * 4]
    assert whole["person"].to_pylist() == ["bob", None]


def test_a_person_is_the_actor_s_address_or_else_what_the_statement_says() -> None:
    found = rows([API_ACTIVITY] * 3, ["ann@x.org", None, None], [None] * 3, [None, "bob", None])
    whole = completed(found, {}, {})
    assert whole["person"].to_pylist() == ["ann@x.org", "bob", None]
    assert "person_otherwise" not in whole.column_names


def test_columns_that_are_left_out_come_back() -> None:
    found = rows([API_ACTIVITY], ["ann"], [None], [None])
    whole = completed(found, {"service.uid": "actor.user.uid"}, {"is_mfa": pa.bool_()})
    assert whole["service.uid"].to_pylist() == ["ann"]
    assert whole["is_mfa"].to_pylist() == [None]
    assert whole.schema.field("is_mfa").type == pa.bool_()


def test_a_column_given_by_the_expression_of_another_is_mapped_once() -> None:
    okta = versions.load("okta_v1")
    assert mapping.same(okta) == {"api.operation": "metadata.event_code"}
    assert set(mapping.nulls(okta)) == {"user.type_id", "src_endpoint.hostname"}


def test_small_letters_stay_as_they_are() -> None:
    """The actor's address is in small letters already, and is a person's name as it is."""
    surrogates = range(0xD800, 0xE000)
    letters = pa.table({"x": [chr(n) for n in range(0x110000) if n not in surrogates]})
    connection = duckdb.connect()
    connection.register("letters", letters)
    changed = connection.sql("SELECT count(*) FROM letters WHERE lower(lower(x)) <> lower(x)")
    assert changed.fetchall() == [(0,)]
