"""Rules of sensitive activity: each fires where it should, and not where it should not."""

from collections import Counter

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


def judged(rows):
    """The ids and the severity of each row, as the rules' SQL finds them."""
    events = pa.Table.from_pylist(rows, schema=EVENT)
    with duckdb.connect() as connection:
        connection.register("events", events)
        return connection.sql(
            f"SELECT {sensitive.expression()} AS sensitive, "
            f"{sensitive.severity_expression()} AS severity_id FROM events"
        ).fetchall()


@pytest.mark.parametrize(("source", "rule"), RULES)
def test_a_rule_fires_in_each_of_its_samples(source, rule):
    assert rule.fires
    for (ids, severity), sample in zip(
        judged([event(source, sample) for sample in rule.fires]), rule.fires, strict=True
    ):
        assert rule.id in ids, sample
        assert severity >= sensitive.SEVERITY_IDS[rule.severity]


@pytest.mark.parametrize(("source", "rule"), RULES)
def test_a_rule_spares_what_is_only_similar(source, rule):
    assert rule.spares
    for (ids, _), sample in zip(
        judged([event(source, sample) for sample in rule.spares]), rule.spares, strict=True
    ):
        assert rule.id not in ids, sample


@pytest.mark.parametrize(("source", "rule"), RULES)
def test_a_rule_is_for_its_source_only(source, rule):
    other = "okta" if source != "okta" else "github"
    assert not any(rule.id in ids for ids, _ in judged([event(other, s) for s in rule.fires]))


@pytest.mark.parametrize(("source", "rule"), RULES)
def test_a_failed_attempt_fires_only_where_the_attempt_itself_tells(source, rule):
    failed = [event(source, {**sample, "status_id": 2}) for sample in rule.fires]
    assert all((rule.id in ids) is rule.attempts for ids, _ in judged(failed))


@pytest.mark.parametrize(("source", "rule"), RULES)
def test_a_rule_says_what_it_is(source, rule):
    assert rule.id.startswith(f"{source}.")
    assert rule.title
    assert not rule.title.endswith(".")
    assert rule.operations
    assert rule.reference.startswith("https://")
    assert rule.technique.startswith("T1")


def test_every_source_with_rules_is_a_source():
    mapped = {name.rpartition("_v")[0] for name in plugins.names(sources)}
    assert set(sensitive.rules()) <= mapped


def test_there_are_at_least_forty_five_rules_with_ids_of_their_own():
    ids = Counter(rule.id for rules in sensitive.rules().values() for rule in rules)
    assert len(ids) >= 45
    assert set(ids.values()) == {1}


def test_an_ordinary_event_fires_nothing_and_is_informational():
    rows = [
        event("okta", {"api.operation": "user.session.start", "status_id": 1}),
        event("okta", {}),
        event("onelogin", {"api.operation": "user.mfa.factor.deactivate"}),
    ]
    assert judged(rows) == [([], 1)] * 3


def test_the_gravest_rule_gives_the_severity():
    row = event("okta", {"api.operation": "system.idp.lifecycle.create", "status_id": 1})
    assert judged([row]) == [(["okta.identity_provider_changed"], 5)]


def test_the_severity_may_be_told_from_ids_already_found():
    sql = f"SELECT {sensitive.severity_expression('ids')}, typeof(ids) FROM (VALUES (?)) AS t(ids)"
    for ids, severity in (
        ([], 1),
        (["okta.api_token_created"], 3),
        (["okta.api_token_created", "okta.admin_granted"], 4),
        (["no.such_rule"], 1),
    ):
        assert duckdb.execute(sql, [pa.array([ids], pa.list_(pa.string()))[0].as_py()]).fetchone()[
            0
        ] == (severity)
