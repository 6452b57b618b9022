"""Rules of sensitive activity: each fires where it should, and not where it should not."""

from collections import Counter
from functools import cache

import duckdb
import pyarrow as pa
import pytest

from conf import plugins
from enrichment import sensitive
from schemas import sources
from schemas.event import EVENT

RULES = [
    pytest.param(source, rule, id=rule.id)
    for source, rules in sensitive.rules().items()
    for rule in rules
]


def event(source, sample):
    """The row of the standard event that a sample describes; what it does not name is null."""
    row = {"source": source}
    for dotted, value in sample.items():
        *parents, leaf = dotted.split(".")
        within = row
        for name in parents:
            within = within.setdefault(name, {})
        within[leaf] = value
    return row


def table(rows):
    return pa.Table.from_pylist(rows, schema=EVENT)


def judged(rows):
    """The ids and the severity of each row, as the rules' SQL finds them."""
    with duckdb.connect() as connection:
        connection.register("events", table(rows))
        sql = f"SELECT {sensitive.expression()} AS ids FROM events"
        return connection.sql(
            f"SELECT ids, {sensitive.severity_expression('ids')} FROM ({sql})"
        ).fetchall()


def cases():
    """Every sample of every rule, in every role that a test looks at."""
    for source, rules in sensitive.rules().items():
        other = "okta" if source != "okta" else "github"
        for rule in rules:
            for sample in rule.fires:
                yield rule.id, "fires", event(source, sample)
                yield rule.id, "failed", event(source, {**sample, "status_id": 2})
                yield rule.id, "elsewhere", event(other, sample)
            for sample in rule.spares:
                yield rule.id, "spares", event(source, sample)
            for operation in rule.operations if not rule.where else ():
                yield rule.id, "operations", event(source, {"api.operation": operation})


@cache
def answers():
    """Judge all cases at once: planning the SQL takes longer than running it."""
    found = {}
    every = list(cases())
    for (rule, role, _), answer in zip(every, judged([row for *_, row in every]), strict=True):
        found.setdefault((rule, role), []).append(answer)
    return found


@pytest.mark.parametrize(("source", "rule"), RULES)
def test_a_rule_fires_in_each_of_its_samples(source, rule):
    found = answers()[rule.id, "fires"]
    assert [rule.id in ids for ids, _ in found] == [True] * len(rule.fires)
    assert all(severity >= sensitive.SEVERITY_IDS[rule.severity] for _, severity in found)


@pytest.mark.parametrize(("source", "rule"), RULES)
def test_a_rule_spares_what_is_only_similar(source, rule):
    found = answers()[rule.id, "spares"]
    assert [rule.id in ids for ids, _ in found] == [False] * len(rule.spares)


@pytest.mark.parametrize(("source", "rule"), RULES)
def test_a_rule_without_a_further_condition_fires_for_each_operation(source, rule):
    found = answers().get((rule.id, "operations"), [])
    assert [rule.id in ids for ids, _ in found] == [True] * len(found)
    assert len(found) == (0 if rule.where else len(rule.operations))


@pytest.mark.parametrize(("source", "rule"), RULES)
def test_a_rule_is_for_its_source_only(source, rule):
    assert not any(rule.id in ids for ids, _ in answers()[rule.id, "elsewhere"])


@pytest.mark.parametrize(("source", "rule"), RULES)
def test_a_failed_attempt_fires_only_where_the_attempt_itself_tells(source, rule):
    assert all((rule.id in ids) is rule.attempts for ids, _ in answers()[rule.id, "failed"])


@pytest.mark.parametrize(("source", "rule"), RULES)
def test_a_rule_says_what_it_is(source, rule):
    assert rule.id.startswith(f"{source}.")
    assert rule.title
    assert not rule.title.endswith(".")
    assert rule.operations
    assert rule.fires
    assert rule.spares
    assert rule.reference.startswith("https://")
    assert rule.technique.startswith("T1")


def test_every_source_with_rules_is_a_source():
    mapped = {name.rpartition("_v")[0] for name in plugins.names(sources)}
    assert set(sensitive.rules()) <= mapped


def test_there_are_at_least_forty_five_rules_with_ids_of_their_own():
    ids = Counter(rule.id for rules in sensitive.rules().values() for rule in rules)
    assert len(ids) >= 45
    assert set(ids.values()) == {1}


ORDINARY = [
    event("okta", {"api.operation": "user.session.start", "status_id": 1}),
    event("okta", {}),
    event("onelogin", {"api.operation": "user.mfa.factor.deactivate"}),
]
GRAVE = event("okta", {"api.operation": "system.idp.lifecycle.create", "status_id": 1})


def test_an_ordinary_event_fires_nothing_and_is_informational():
    assert judged(ORDINARY) == [([], 1)] * 3


def test_the_gravest_rule_gives_the_severity():
    assert judged([GRAVE]) == [(["okta.identity_provider_changed"], 5)]


@pytest.mark.parametrize(
    ("ids", "severity"),
    [
        ([], 1),
        (["github.token_made"], 2),
        (["okta.api_token_created"], 3),
        (["okta.api_token_created", "okta.admin_granted"], 4),
        (["no.such_rule"], 1),
    ],
)
def test_the_severity_may_be_told_from_ids_already_found(ids, severity):
    sql = f"SELECT {sensitive.severity_expression('ids')} FROM (SELECT $ids::VARCHAR[] AS ids)"
    assert duckdb.execute(sql, {"ids": ids}).fetchone() == (severity,)


def test_the_expression_may_be_narrowed_to_the_sources_at_hand():
    assert len(sensitive.expression(["okta"])) < len(sensitive.expression()) / 5
    with duckdb.connect() as connection:
        connection.register("events", table([GRAVE, *ORDINARY]))
        for sources_named, expected in (
            (["okta"], ["okta.identity_provider_changed"]),
            (["github"], []),
            (["onelogin"], []),
        ):
            sql = f"SELECT {sensitive.expression(sources_named)} FROM events LIMIT 1"
            assert connection.sql(sql).fetchall() == [(expected,)]


def test_judging_a_batch_is_the_same_as_running_the_expressions_over_it():
    rows = [row for _, _, row in cases()] + ORDINARY
    with duckdb.connect() as connection:
        found = sensitive.judge(table(rows), connection)
    assert found.schema.field("sensitive").type == EVENT.field("sensitive").type
    assert found.schema.field("severity_id").type == EVENT.field("severity_id").type
    assert [tuple(answer.values()) for answer in found.to_pylist()] == judged(rows)


@pytest.mark.parametrize("rows", [[], ORDINARY, [*ORDINARY, GRAVE, *ORDINARY], [GRAVE]])
def test_judging_keeps_the_rows_in_order(rows):
    with duckdb.connect() as connection:
        found = sensitive.judge(table(rows), connection)
    assert found["severity_id"].to_pylist() == [5 if row is GRAVE else 1 for row in rows]
