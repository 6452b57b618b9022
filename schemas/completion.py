"""Columns of mapped rows that follow from others as they are.

DuckDB would make each of their texts once more, and hand it over; Arrow lets columns share them.
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from schemas.classes import AUTHENTICATION

USER_FIELDS = ("uid", "name", "email_addr", "type_id")
PERSON_OTHERWISE = "person_otherwise"  # who acted, where the actor has no e-mail address


def completed(
    rows: pa.Table, same: Mapping[str, str], absent: Mapping[str, pa.DataType]
) -> pa.Table:
    """Return the rows with what a mapper's statement leaves out.

    `same` tells of columns which other they equal, `absent` of what type those are that are null.
    """
    for column, other in same.items():
        rows = rows.append_column(column, rows[other])
    for column, kind in absent.items():
        rows = rows.append_column(column, pa.nulls(rows.num_rows, kind))
    return _with_person(_with_signed_in(rows))


def _with_signed_in(rows: pa.Table) -> pa.Table:
    """In Authentication, `user` is who signed in: the actor, unless the mapper says otherwise."""
    of_actor = pc.equal(rows["class_uid"], AUTHENTICATION)
    for field in USER_FIELDS[:3]:
        of_actor = pc.and_(of_actor, pc.is_null(rows[f"user.{field}"]))
    if not pc.any(of_actor, min_count=0).as_py():
        return rows
    everywhere = pc.all(of_actor, min_count=0).as_py()
    for field in USER_FIELDS:
        name = f"user.{field}"
        position, own = rows.schema.get_field_index(name), rows[name]
        actor = _or_nulls(rows, f"actor.user.{field}", own.type)
        rows = rows.set_column(
            position, name, actor if everywhere else pc.if_else(of_actor, actor, own)
        )
    return rows


def _with_person(rows: pa.Table) -> pa.Table:
    otherwise = rows[PERSON_OTHERWISE]
    address = _or_nulls(rows, "actor.user.email_addr", otherwise.type)
    person = pc.coalesce(address, otherwise) if address.null_count else address
    return rows.drop_columns(PERSON_OTHERWISE).append_column("person", person)


def _or_nulls(rows: pa.Table, column: str, kind: pa.DataType) -> "pa.Array | pa.ChunkedArray":
    """Return a column; of one that the mapper does not give, nulls."""
    if column in rows.schema.names:
        return rows[column]
    return pa.nulls(rows.num_rows, kind)
