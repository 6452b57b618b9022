"""Sensitive activity, told from single events: rules as data, run as one SQL expression.

Ordinary events pay for one comparison of their source and one look-up of their operation: only
where some rule of the source names the operation are the rules themselves asked, and of those only
the ones that name it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from conf import plugins
from enrichment import sensitive_rules
from enrichment.sensitive_rule import Rule

# OCSF severity_id; 1 is informational.
SEVERITY_IDS = {"low": 2, "medium": 3, "high": 4, "critical": 5}
INFORMATIONAL = 1
FAILURE = 2  # OCSF status_id


@cache
def rules() -> dict[str, tuple[Rule, ...]]:
    """Return the rules of every source that has some."""
    return {
        source: plugins.load(sensitive_rules, source).RULES
        for source in plugins.names(sensitive_rules)
    }


def expression(sources: Iterable[str] | None = None) -> str:
    """Return SQL (DuckDB) over a row of the standard event: the ids of the rules that fire.

    VARCHAR[], in the order of the rules' files; empty where none fires, never null. `sources`
    names those that may occur (default: all); the fewer they are, the sooner the SQL is planned.
    """
    asked = [source for source in rules() if sources is None or source in set(sources)]
    if not asked:
        return "[]::VARCHAR[]"
    by_source = "\n".join(
        f"WHEN {_literal(source)} THEN {_of_source(rules()[source])}" for source in asked
    )
    return f"CASE source {by_source} ELSE []::VARCHAR[] END"


def severity_expression(ids: str | None = None) -> str:
    """Return SQL for the OCSF severity_id, INTEGER: that of the gravest rule that fires, else 1.

    `ids` is SQL that yields the rules that fire; by default `expression()`, which DuckDB evaluates
    only once where both stand in one SELECT.
    """
    fired = expression() if ids is None else ids
    cases = "\n".join(
        f"WHEN list_has_any(fired, [{_literals(_ids(severity))}]) THEN {number}"
        for severity, number in sorted(SEVERITY_IDS.items(), key=lambda item: -item[1])
    )
    return (
        f"list_transform([{fired}], lambda fired: CASE WHEN len(fired) = 0 "
        f"THEN {INFORMATIONAL} {cases} ELSE {INFORMATIONAL} END)[1]::INTEGER"
    )


def judge(events: pa.Table, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the columns `sensitive` and `severity_id` of standard events, row by row.

    They are what the two expressions yield, but only rows whose operation some rule names are
    asked, and only the rules of their sources: a batch of ordinary events never reaches DuckDB.
    """
    named = pc.is_in(pc.struct_field(events["api"], "operation"), value_set=_operations())
    asked = events.filter(named)
    # Where each row's answer lies among the answers; the last one is that of all ordinary rows.
    at = np.full(events.num_rows, asked.num_rows)
    at[named.to_numpy()] = np.arange(asked.num_rows)
    answers = pa.concat_tables([_answers(asked, connection), ORDINARY])
    return answers.take(pa.array(at))


ANSWER = pa.schema({"sensitive": pa.list_(pa.string()), "severity_id": pa.int32()})
ORDINARY = pa.Table.from_pylist([{"sensitive": [], "severity_id": INFORMATIONAL}], schema=ANSWER)


def _answers(asked: pa.Table, connection: duckdb.DuckDBPyConnection) -> pa.Table:
    if not asked.num_rows:
        return ANSWER.empty_table()
    sources = asked["source"].unique().to_pylist()
    connection.register("asked", asked)
    found = connection.sql(
        f"SELECT sensitive, {severity_expression('sensitive')} AS severity_id "  # noqa: S608
        f"FROM (SELECT {expression(sources)} AS sensitive FROM asked)"
    ).to_arrow_table()
    connection.unregister("asked")
    return found.cast(ANSWER)


@cache
def _operations() -> pa.Array:
    return pa.array(
        sorted({name for found in rules().values() for rule in found for name in rule.operations})
    )


def _ids(severity: str) -> list[str]:
    return [rule.id for found in rules().values() for rule in found if rule.severity == severity]


def _of_source(found: tuple[Rule, ...]) -> str:
    operations = sorted({operation for rule in found for operation in rule.operations})
    asked = ", ".join(
        f"CASE WHEN {_condition(rule)} THEN {_literal(rule.id)} END" for rule in found
    )
    return (
        f"CASE WHEN api.operation IN ({_literals(operations)})\n"
        f"THEN list_filter([{asked}], lambda id: id IS NOT NULL) ELSE []::VARCHAR[] END"
    )


def _condition(rule: Rule) -> str:
    terms = [f"api.operation IN ({_literals(rule.operations)})"]
    if not rule.attempts:
        terms.append(f"status_id IS DISTINCT FROM {FAILURE}")
    if rule.where:
        terms.append(f"({rule.where})")
    return " AND ".join(terms)


def _literals(texts: Sequence[str]) -> str:
    return ", ".join(_literal(text) for text in texts)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
