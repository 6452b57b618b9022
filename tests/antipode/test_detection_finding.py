"""Flagged places as OCSF Detection Findings, and as users list them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from antipode import anomaly_list, detection_finding
from schemas.event import ANOMALY

# Of class 2004 and its objects in OCSF 1.8.0 (Apache-2.0): what is required, and the numbers used.
REQUIRED = {
    "activity_id",
    "category_uid",
    "class_uid",
    "finding_info",
    "metadata",
    "severity_id",
    "time",
    "type_uid",
}
SHARED = Path(__file__).parents[3] / "shared" / "ocsf" / "1.8.0.json"


def row(**changed: Any) -> dict[str, Any]:
    """Return a flagged place."""
    return {
        "id": "0123456789abcdef",
        "tenant": "acme",
        "date": datetime(2026, 10, 31, tzinfo=UTC).date(),
        "user": "ann@example.com",
        "country": "NG",
        "region": "Lagos",
        "city": None,
        "latitude": 6.45,
        "longitude": 3.39,
        "radius_km": 50.0,
        "first_time": datetime(2026, 10, 3, 7, tzinfo=UTC),
        "last_time": datetime(2026, 10, 3, 9, 30, tzinfo=UTC),
        "event_count": 12,
        "sources": ["okta"],
        "ips": ["81.2.69.1", "2001:db8::1"],
        "asns": [64500],
        "score": 0.97,
        "severity": "critical",
        "reasons": ["first access from NG for this person"],
        "votes": {"kmeans": 0.9},
        "usual_place": "Boston, US",
        "distance_km": 8490.0,
        "speed_kmh": 12000.0,
        "event_uids": ["a", "b"],
        "run_id": "run",
        "withdrawn": False,
    } | changed


def test_the_rows_of_these_tests_are_those_of_the_table() -> None:
    assert list(row()) == ANOMALY.names


def test_a_finding_has_what_the_class_requires() -> None:
    found = detection_finding.finding(row())
    assert set(found) >= REQUIRED
    assert (found["class_uid"], found["category_uid"], found["type_uid"]) == (2004, 2, 200401)
    assert found["finding_info"]["uid"] == "0123456789abcdef"
    assert found["metadata"]["version"] == "1.8.0"
    assert found["severity_id"] == 5
    assert found["time"] == 1791019800000
    assert [one["uid"] for one in found["finding_info"]["related_events"]] == ["a", "b"]
    json.dumps(found)


def test_a_withdrawn_finding_is_closed() -> None:
    found = detection_finding.finding(row(withdrawn=True))
    assert (found["activity_id"], found["type_uid"], found["status_id"]) == (3, 200403, 5)


@pytest.mark.parametrize("severity", ["low", "medium", "high", "critical"])
def test_every_severity_has_a_number(severity: str) -> None:
    assert detection_finding.finding(row(severity=severity))["severity_id"] in (2, 3, 4, 5)


def test_the_published_schema_agrees_where_it_is_at_hand() -> None:
    if not SHARED.exists():
        return  # REQUIRED above says what it said
    published = json.loads(SHARED.read_text())
    attributes = published["classes"]["detection_finding"]["attributes"]
    required = {
        name
        for name, attribute in attributes.items()
        if attribute["requirement"] == "required" and "profile" not in attribute
    }
    assert required == REQUIRED
    found = detection_finding.finding(row())
    assert set(found) - {"unmapped"} <= set(attributes)
    for name in ("finding_info", "metadata"):
        assert set(found[name]) <= set(published["objects"][name]["attributes"])


def test_json_has_the_columns_in_the_order_that_users_rely_on() -> None:
    assert list(anomaly_list.as_json(row())) == [
        *("id", "tenant", "user", "country", "region", "city", "latitude", "longitude"),
        *("radius_km", "first_time", "last_time", "event_count", "sources", "ips", "asns"),
        *("score", "severity", "reasons", "votes", "usual_place", "distance_km", "speed_kmh"),
        *("event_uids", "run_id", "withdrawn"),
    ]
    assert anomaly_list.as_json(row())["first_time"] == "2026-10-03T07:00:00Z"
