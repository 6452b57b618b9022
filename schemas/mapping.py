"""Builds the one SQL statement that maps a batch of records of one source and version.

The statement reads `chunk(record_ordinal, record_text)` and yields, for each event, the columns a
mapper gives and those that follow from them, all flat (dotted names), and beside them the verdict:
`doubtful` and `suspicious` (schemas/verdict.py) and `problem`. What is the same as another column
is left to schemas/completion.py.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from schemas import shape as shapes
from schemas import verdict
from schemas.classes import API_ACTIVITY, AUTHENTICATION, FILE_HOSTING
from schemas.completion import PERSON_OTHERWISE, USER_FIELDS
from schemas.event import EVENT
from schemas.source import Source

# The columns a mapper may give; of these only what it gives comes out, and what all events have.
# Everything else is derived, or added by enrichment.
GIVEN = (
    *("time", "class_uid", "activity_id", "status_id", "status_code", "status_detail", "message"),
    *("metadata.uid", "metadata.event_code", "metadata.log_name", "metadata.correlation_uid"),
    "metadata.tenant_uid",
    *(f"actor.user.{field}" for field in USER_FIELDS),
    *("actor.session.uid", "actor.app_name", "actor.invoked_by"),
    *(f"user.{field}" for field in USER_FIELDS),
    *("is_mfa", "service.uid", "service.name", "src_endpoint.ip", "src_endpoint.hostname"),
    *("dst_endpoint.name", "dst_endpoint.svc_name", "http_request.user_agent", "api.operation"),
    *("api.service.name", "api.request.uid", "api.response.error", "api.response.message"),
    *("resources", "file.uid", "file.name", "file.path", "file.type_id", "cloud.provider"),
    *("cloud.region", "cloud.account.uid", "cloud.account.name"),
)
ALWAYS = (
    *("time", "class_uid", "activity_id", "status_id", "metadata.uid", "service.name"),
    *("user.uid", "user.name", "user.email_addr", "user.type_id"),
    *("src_endpoint.ip", "src_endpoint.hostname"),
)
DEFAULTS = {"class_uid": str(API_ACTIVITY), "activity_id": "0", "status_id": "0"}
# Made of something else, or asked for, where no mapper gives them.
NEEDED = ("time", "metadata.uid", "service.name", "src_endpoint.ip", *DEFAULTS)
ARROW_TO_SQL = {pa.string(): "VARCHAR", pa.int32(): "INTEGER", pa.bool_(): "BOOLEAN"}


@dataclass(frozen=True)
class Bounds:
    """Times outside are refused: before 2000, or more than a day ahead of the run's clock. UTC."""

    earliest: datetime
    latest: datetime


def column_type(dotted: str) -> pa.DataType:
    """Return the Arrow type of a dotted column of the standard event. KeyError when unknown."""
    first, *rest = dotted.split(".")
    found: pa.DataType = EVENT.field(first).type
    for name in rest:
        found = found.field(name).type
    return found


def statement(source: Source, mapper: str, bounds: Bounds) -> str:
    """Return the SQL statement for a source; TypeError when it gives a column that it may not."""
    unknown = sorted(set(source.columns) - set(GIVEN))
    if unknown:
        raise TypeError(f"{mapper}: not a column a mapper may give: {', '.join(unknown)}")
    shape = shapes.of_model(source.model)
    structure = literal(json.dumps(shape.structure()))
    absent = [column for column in GIVEN if column not in (*source.columns, *ALWAYS)]
    completed = (*same(source), *nulls(source))
    left_out = ", ".join(f'"{column}"' for column in ("time_read", *absent, *completed))
    given = ",\n  ".join(f'{_expression(source, column)} AS "{column}"' for column in GIVEN)
    return f"""WITH extracted AS (
  SELECT record_ordinal, record_text, json_transform(record_text, {structure}) AS record_fields
  FROM chunk
), judged AS (
  SELECT record_ordinal, record_text, {verdict.doubtful(shape, "record_fields")} AS doubtful,
    coalesce({verdict.suspicious(shape, "record_fields")}, false) AS suspicious,
    unnest(record_fields)
  FROM extracted
), exploded AS (
  SELECT *, {_explosion(source)} FROM judged
), given AS (
  SELECT record_ordinal, item_index, doubtful, suspicious,
  {given}
  FROM exploded
), timed AS (
  SELECT *, instant("time") AS time_read FROM given
)
SELECT * EXCLUDE ({left_out}) REPLACE (
    time_read AS "time",
    {_class_uid()} AS class_uid,
    coalesce("service.name", CASE WHEN class_uid = {AUTHENTICATION}
      THEN {literal(source.product[0])} END) AS "service.name"
  ),
  "time" AS "metadata.original_time",
  coalesce(lacks_zone("time"), false) AS time_zone_assumed,
  {_person_otherwise()} AS {PERSON_OTHERWISE},
  {_problem(bounds)} AS problem
FROM timed"""


def same(source: Source) -> dict[str, str]:
    """Return the columns that a mapper gives by the very expression of another, and that other."""
    firsts: dict[str, str] = {}
    found: dict[str, str] = {}
    for column in GIVEN:
        if column in source.columns and column not in ALWAYS:
            other = firsts.setdefault(_expression(source, column), column)
            if other != column:
                found[column] = other
    return found


def nulls(source: Source) -> dict[str, pa.DataType]:
    """Return the columns that all events have and this mapper does not give, with their types."""
    return {
        column: column_type(column)
        for column in ALWAYS
        if not (column in source.columns or column in NEEDED)
    }


def accepted(source: Source) -> str:
    """Return the SQL statement that yields, for each record in order, whether it is this version's.

    Only the fields that `accepts` names are taken out of the record.
    """
    shape = shapes.of_model(source.model)
    words = set(re.findall(r"\w+", source.accepts))
    named = {name: child.structure() for name, child in shape.fields if name in words}
    return f"""SELECT coalesce({source.accepts}, false) AS accepted FROM (
  SELECT record_text, unnest(json_transform(record_text, {literal(json.dumps(named))})) FROM chunk
)"""


def lower_cased(source: Source) -> str:
    """Return the SQL statement that yields the ordinals of records with keys in lower case.

    That is: the record holds a key of the model in lower case, and not as the model spells it.
    """
    shape = shapes.of_model(source.model)
    pairs = [(literal(name.lower()), literal(name)) for name, _ in shape.fields]
    terms = [
        f"(list_contains(keys, {lower}) AND NOT list_contains(keys, {name}))"
        for lower, name in pairs
        if lower != name
    ]
    return f"""WITH keyed AS MATERIALIZED (
  SELECT record_ordinal, json_keys(record_text) AS keys FROM chunk
)
SELECT record_ordinal FROM keyed WHERE {" OR ".join(terms) or "false"}"""


def misfits(source: Source) -> str:
    """Return the SQL statement that yields `record_ordinal` of the records that do not fit."""
    shape = shapes.of_model(source.model)
    paths = ", ".join(literal(path) for path in verdict.type_paths(shape))
    return f"""WITH typed AS MATERIALIZED (
  SELECT record_ordinal, json_type(record_text, [{paths}]) AS record_types FROM chunk
)
SELECT record_ordinal FROM typed WHERE NOT ({verdict.fits(shape, "record_types")})"""


def literal(text: str) -> str:
    """Return `text` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def _expression(source: Source, column: str) -> str:
    expression = source.columns.get(column, DEFAULTS.get(column, "NULL"))
    if column == "time":
        return f"nullif(trim(CAST({expression} AS VARCHAR)), '')"
    if column == "resources":
        return f"CAST({expression} AS STRUCT(uid VARCHAR, name VARCHAR, type VARCHAR)[])"
    sql = ARROW_TO_SQL[column_type(column)]
    if sql != "VARCHAR":
        cast = f"TRY_CAST({expression} AS {sql})"
        return f"coalesce({cast}, {DEFAULTS[column]})" if column in DEFAULTS else cast
    text = f"nullif(CAST({expression} AS VARCHAR), '')"
    if column == "metadata.uid":
        # Without an id of the provider's, the record's own text identifies it.
        return f"coalesce({text}, record_hash(record_text) || '/' || item_index)"
    return f"lower({text})" if column.endswith("email_addr") else text


def _explosion(source: Source) -> str:
    if source.explode is None:
        return "0 AS item_index"
    # A record with nothing to explode is still one event.
    length = f"coalesce(len({source.explode}), 0)"
    return (
        f"unnest(CASE WHEN {length} = 0 THEN [NULL] ELSE {source.explode} END) AS item, "
        f"unnest(range(greatest({length}, 1))) AS item_index"
    )


def _class_uid() -> str:
    # File Hosting wants a file's name; without one the event is an API call.
    return (
        f'CASE WHEN class_uid = {FILE_HOSTING} AND "file.name" IS NULL'
        f" THEN {API_ACTIVITY} ELSE class_uid END"
    )


def _person_otherwise() -> str:
    return (
        'CASE WHEN "actor.user.email_addr" IS NULL THEN lower(coalesce('
        'CASE WHEN contains("actor.user.name", \'@\') THEN "actor.user.name" END,'
        ' "actor.user.uid", "actor.user.name")) END'
    )


def _problem(bounds: Bounds) -> str:
    return f"""CASE WHEN "time" IS NULL THEN 'missing_time'
    WHEN time_read IS NULL THEN 'unreadable_time'
    WHEN time_read NOT BETWEEN TIMESTAMP '{bounds.earliest:%Y-%m-%d %H:%M:%S}'
      AND TIMESTAMP '{bounds.latest:%Y-%m-%d %H:%M:%S}' THEN 'time_out_of_range'
    WHEN "api.operation" IS NULL AND "metadata.event_code" IS NULL THEN 'missing_action'
    WHEN "actor.user.uid" IS NULL AND "actor.user.name" IS NULL
      AND "actor.user.email_addr" IS NULL AND "src_endpoint.ip" IS NULL
      THEN 'missing_actor_and_address' END"""
