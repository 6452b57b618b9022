"""Every mapper against its sample records: what it must make of them was written by hand."""

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
import source_samples
from source_samples import Outcome

from schemas import versions

MAPPERS = [mapper for mappers in versions.mappers().values() for mapper in mappers]


@pytest.fixture(scope="module", params=source_samples.folders())
def mapper(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def outcome(mapper: str) -> Outcome:
    replaced = source_samples.replacement_of(mapper) is not None
    return source_samples.run(
        source_samples.source_of(mapper),
        source_samples.records(mapper),
        only=mapper if replaced else None,
    )


def test_every_mapper_has_samples() -> None:
    assert source_samples.folders() == sorted(MAPPERS)


def test_samples_cover_at_least_six_records(mapper: str) -> None:
    assert len(source_samples.records(mapper)) >= 6


def test_events_are_as_expected(mapper: str, outcome: Outcome) -> None:
    expected = source_samples.lines(mapper, "expected.ndjson")
    assert [event.record for event in outcome.events] == [line["record"] for line in expected]
    for event, wanted in zip(outcome.events, expected, strict=True):
        columns = {name: value for name, value in wanted.items() if name != "record"}
        assert {name: event.column(name) for name in columns} == {
            name: _in_column(name, value) for name, value in columns.items()
        }, f"record {wanted['record']}"


def test_each_event_comes_from_the_version_its_record_was_written_for(
    mapper: str, outcome: Outcome
) -> None:
    assert {event.row["mapper"] for event in outcome.events} == {mapper}


def test_a_replaced_version_leaves_its_records_with_their_ids_to_its_replacement(
    mapper: str, outcome: Outcome
) -> None:
    replacement = source_samples.replacement_of(mapper)
    if replacement is None:
        return
    now = source_samples.run(source_samples.source_of(mapper), source_samples.records(mapper))
    assert {event.row["mapper"] for event in now.events} == {replacement}
    assert {event.column("metadata.uid") for event in outcome.events} <= {
        event.column("metadata.uid") for event in now.events
    }
    assert {refusal.ordinal for refusal in now.refused} <= {
        refusal.ordinal for refusal in outcome.refused
    }


def test_records_that_cannot_be_mapped_are_refused_with_their_reason(
    mapper: str, outcome: Outcome
) -> None:
    expected = source_samples.lines(mapper, "quarantined.ndjson")
    assert [(refusal.ordinal, refusal.reason) for refusal in outcome.refused] == [
        (line["record"], line["reason"]) for line in expected
    ]


def test_every_record_is_mapped_or_refused_and_none_is_both(mapper: str, outcome: Outcome) -> None:
    accounts = Counter({event.record for event in outcome.events})
    accounts.update(refusal.ordinal for refusal in outcome.refused)
    assert accounts == Counter(range(len(source_samples.records(mapper))))


def test_expected_events_say_something_of_every_kind_of_column(mapper: str) -> None:
    expected = source_samples.lines(mapper, "expected.ndjson")
    asserted = {name for line in expected for name in line}
    assert {"time", "class_uid", "activity_id", "status_id", "src_endpoint.ip"} <= asserted


def _in_column(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name == "time" else value
