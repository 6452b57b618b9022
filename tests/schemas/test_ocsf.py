"""Events of every class against OCSF 1.3.0: required attributes, constraints, enumerations."""

import copy
import json
from typing import Any

import ocsf_facts
import pytest
import source_samples
from ocsf_facts import FACTS, faults
from source_samples import Event

from schemas import event, versions
from schemas.classes import CLASSES

PUBLISHED = FACTS.parents[2].parent / "shared" / "ocsf" / "1.3.0.json"


@pytest.fixture(scope="module")
def facts() -> dict[str, Any]:
    return dict(json.loads(FACTS.read_text("utf-8")))


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """The events of all samples."""
    found: list[Event] = []
    for mapper in source_samples.folders():
        source = source_samples.source_of(mapper)
        found += source_samples.run(source, source_samples.records(mapper)).events
    return found


def test_facts_agree_with_our_classes_and_with_the_published_schema(facts: dict[str, Any]) -> None:
    known = {kind["uid"]: kind for kind in facts["classes"].values()}
    assert facts["version"] == event.OCSF_VERSION
    assert set(known) == {kind.uid for kind in CLASSES}
    for kind in CLASSES:
        numbers = sorted(str(number) for number in kind.activities)
        assert known[kind.uid]["attributes"]["activity_id"]["enum"] == numbers
    if PUBLISHED.exists():
        assert ocsf_facts.derive(json.loads(PUBLISHED.read_text("utf-8"))) == facts


def test_every_column_up_to_our_own_has_its_name_from_ocsf(facts: dict[str, Any]) -> None:
    named = {name for kind in facts["classes"].values() for name in kind["attributes"]}
    assert set(event.EVENT.names) - ocsf_facts.BESIDE_OCSF <= named


def test_samples_hold_events_of_every_class(events: list[Event]) -> None:
    assert {one.row["class_uid"] for one in events} == {kind.uid for kind in CLASSES}


@pytest.mark.parametrize(
    "mapper", [name for names in versions.mappers().values() for name in names]
)
def test_events_are_valid(mapper: str, events: list[Event], facts: dict[str, Any]) -> None:
    broken = {}
    for one in events:
        if one.row["mapper"] == mapper:
            found = [fault for fault in faults(one.row, facts) if not _untold(fault, one)]
            if found:
                broken[f"record {one.record}, item {one.item}"] = found
    assert broken == {}


def _untold(fault: str, one: Event) -> bool:
    """OCSF wants an actor and an address of every API call; some records tell only one of them."""
    if fault == "src_endpoint: required":
        return one.row["actor"] is not None
    return fault in ("actor: required", "user: required") and one.row["src_endpoint"] is not None


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [
        ({"metadata": None}, "metadata: required"),
        ({"activity_id": 77}, "activity_id: 77 is not in the enumeration"),
        ({"class_uid": 4001}, "class_uid 4001 is none of ours"),
        ({"time": "now"}, "time: str where timestamp_t is wanted"),
        ({"user": {"email_addr": "a@example.com"}}, "user.: at least one of name, uid"),
        ({"service": None, "dst_endpoint": None}, ": at least one of dst_endpoint, service"),
        ({"cloud": {"region": "eu"}}, "cloud.provider: required"),
    ],
)
def test_a_spoilt_event_is_found_out(
    spoil: dict[str, Any], fault: str, events: list[Event], facts: dict[str, Any]
) -> None:
    honest = next(one for one in events if one.row["class_uid"] == 3002)
    row = copy.deepcopy(honest.row) | spoil
    assert fault in faults(row, facts)
