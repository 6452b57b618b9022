"""A batch of records becomes events and refusals, whatever is in it."""

import json
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from okta_records import event

from schemas import mapping, versions
from schemas.mapper import Mapped, Mapper
from schemas.mapping import Bounds
from schemas.source import Source, SourceModel

BOUNDS = Bounds(datetime(2000, 1, 1, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC))


def records(texts: list[str]) -> pa.Table:
    ordinals = pa.array(range(len(texts)), pa.int64())
    return pa.table({"record_ordinal": ordinals, "record_text": pa.array(texts, pa.string())})


def uids(mapped: Mapped) -> list[str]:
    return sorted(uid for _, rows in mapped.events for uid in rows["metadata.uid"].to_pylist())


@pytest.fixture(scope="module")
def okta() -> Mapper:
    return Mapper("okta", BOUNDS)


def test_what_is_no_json_does_not_hold_up_the_rest(okta: Mapper) -> None:
    texts = [json.dumps(event(0)), "{", "", json.dumps(event(1)), "nul"]
    mapped = okta.map(records(texts))
    assert uids(mapped) == ["event-000000", "event-000001"]
    assert [(one.ordinal, one.reason) for one in mapped.refused] == [
        (1, "not_json"),
        (2, "not_json"),
        (4, "not_json"),
    ]


def test_keys_in_lower_case_are_recognised(okta: Mapper) -> None:
    text = json.dumps(event(0))
    for name in ("eventType", "alternateId", "ipAddress"):
        text = text.replace(name, name.lower())
    mapped = okta.map(records([text, json.dumps(event(1))]))
    assert mapped.refused == []
    assert len(uids(mapped)) == 2
    assert {rows["src_endpoint.ip"][0].as_py() is None for _, rows in mapped.events} == {False}


def test_half_a_surrogate_in_a_record_with_other_keys_stops_no_other(okta: Mapper) -> None:
    texts = [json.dumps(event(0, uuid=..., UUID="a\ud800", displaymessage="\ud800"))]
    mapped = okta.map(records([texts[0].replace("eventType", "eventtype"), json.dumps(event(1))]))
    assert "event-000001" in uids(mapped)
    assert len(uids(mapped)) + len(mapped.refused) == 2


def test_half_a_character_keeps_no_record_from_being_mapped(okta: Mapper) -> None:
    cut = [
        json.dumps(event(0, displayMessage="Ann \ud83d")),
        json.dumps(event(1, displayMessage="\ude00 Ann")).replace("ude00", "uDE00"),
        json.dumps(event(2, displayMessage="Ann \U0001f600")),
        json.dumps(event(3, displayMessage="C:\\ud83d")),
        json.dumps(event(4, displayMessage="\ud83d"))[:-1],
    ]
    mapped = okta.map(records(cut))
    assert [(one.ordinal, one.reason) for one in mapped.refused] == [(4, "not_json")]
    messages = {text for _, rows in mapped.events for text in rows["message"].to_pylist()}
    assert messages == {"Ann \ufffd", "\ufffd Ann", "Ann \U0001f600", "C:\\ud83d"}


def test_a_time_that_cannot_be_is_shown_and_cut_short(okta: Mapper) -> None:
    times = ["last week", "1970-01-01T00:00:00Z", "x" * 1_000]
    mapped = okta.map(records([json.dumps(event(0, published=time)) for time in times]))
    details = [refusal.detail for refusal in mapped.refused]
    assert details[0].endswith("known: 'last week'")
    assert details[1].endswith("ahead: '1970-01-01T00:00:00Z'")
    assert details[2].endswith("'" + "x" * 40 + "…'")


def test_what_is_wrong_once_the_keys_are_restored_is_the_reason() -> None:
    record = {"eventtime": "2026-10-01T00:00:00Z", "eventname": "CreateIPSet", "eventid": "1"}
    record |= {"eventversion": "1.08", "eventsource": "guardduty.amazonaws.com"}
    (refusal,) = Mapper("cloudtrail", BOUNDS).map(records([json.dumps(record)])).refused
    assert refusal.reason == "missing_actor_and_address"


def test_a_key_in_lower_case_that_costs_only_the_address_is_recognised() -> None:
    record = {
        "id": {"time": "2026-10-01T00:00:00Z", "applicationName": "login", "uniqueQualifier": "1"},
        "actor": {"email": "ann@example.com"},
        "ipaddress": "81.2.69.1",
        "events": [{"type": "login", "name": "login_success"}],
    }
    mapped = Mapper("google_workspace", BOUNDS).map(records([json.dumps(record)]))
    ((_, rows),) = mapped.events
    assert rows["src_endpoint.ip"].to_pylist() == ["81.2.69.1"]


def test_a_key_that_stands_in_both_cases_is_left_alone(okta: Mapper) -> None:
    mapped = okta.map(records([json.dumps(event(0, uuid="a", client=..., eventtype="x"))]))
    assert (uids(mapped), mapped.refused) == (["a"], [])


def test_versions_are_asked_from_the_newest_down() -> None:
    flat = {"id": {"time": "2026-10-01T00:00:00Z"}, "name": "login", "parameters": {}}
    flat["actor"] = {"email": "ann@example.com"}
    full = {"id": flat["id"], "actor": flat["actor"], "events": [{"name": "login"}]}
    mapped = Mapper("google_workspace", BOUNDS).map(records([json.dumps(flat), json.dumps(full)]))
    assert sorted(mapper for mapper, _ in mapped.events) == [
        "google_workspace_v3",
        "google_workspace_v4",
    ]


def test_one_event_that_cannot_be_mapped_holds_its_record_back() -> None:
    record = {
        "id": {"time": "2026-10-01T00:00:00Z", "applicationName": "login", "uniqueQualifier": "1"},
        "actor": {"email": "ann@example.com"},
        "events": [{"name": "login_success"}, {"name": 7}],
    }
    mapped = Mapper("google_workspace", BOUNDS).map(records([json.dumps(record)]))
    assert mapped.events == []
    assert [one.reason for one in mapped.refused] == ["wrong_type"]


class Fragile(SourceModel):
    moment: str | None = None
    digits: str | None = None


FRAGILE = Source(
    model=Fragile,
    product=("Fragile", "Example"),
    columns={
        "time": "moment",
        "api.operation": "CAST(CAST(digits AS INTEGER) AS VARCHAR)",
        "actor.user.name": "'somebody'",
    },
)


def test_a_record_that_breaks_a_mapper_is_found_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(versions, "load", lambda mapper: FRAGILE)
    texts = [
        json.dumps({"moment": "2026-10-01T00:00:00Z", "digits": f"n{n}"[n != 5 :]})
        for n in range(9)
    ]
    mapped = Mapper("fragile", BOUNDS, ("fragile_v1",)).map(records(texts))
    assert sum(rows.num_rows for _, rows in mapped.events) == 8
    assert [(one.ordinal, one.reason) for one in mapped.refused] == [(5, "unmappable")]


def test_a_column_that_no_mapper_may_give_is_named() -> None:
    wrong = Source(Fragile, ("Fragile", "Example"), {"place.precision": "moment"})
    with pytest.raises(TypeError, match=r"fragile_v1: not a column.*place\.precision"):
        mapping.statement(wrong, "fragile_v1", BOUNDS)


def test_only_what_a_mapper_gives_and_all_events_have_comes_out(okta: Mapper) -> None:
    ((_, rows),) = okta.map(records([json.dumps(event(0))])).events
    given = {*versions.load("okta_v1").columns, *mapping.ALWAYS}
    assert given & set(mapping.GIVEN) == set(rows.column_names) & set(mapping.GIVEN)
    assert "file.name" not in rows.column_names
