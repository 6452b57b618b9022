"""What consoles hand out becomes the very events that the log's own records become."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from lake_tables import events, quarantine

from enrichment.counts import Counts
from jobs.drift import drift
from jobs.normalize import Target
from jobs.replay import replay

Run = Callable[..., Counts]
TRAIL = {
    "eventVersion": "1.08",
    "eventID": "trail-1",
    "eventTime": "2026-11-01T10:00:00Z",
    "eventName": "GetObject",
    "eventSource": "s3.amazonaws.com",
    "userIdentity": {"type": "IAMUser", "userName": "ana", "principalId": "AIDA1"},
    "sourceIPAddress": "81.2.69.142",
}
AUDIT = {
    "Id": "audit-1",
    "CreationTime": "2026-11-01T10:00:00",
    "Operation": "FileDownloaded",
    "RecordType": 6,
    "UserId": "ana@example.com",
    "ClientIP": "81.2.69.142",
    "ObjectId": 'https://example.com/a "b", c.docx',
}


def looked_up(event: dict[str, Any]) -> dict[str, Any]:
    """A row of LookupEvents."""
    return {
        "EventId": event["eventID"],
        "EventName": event["eventName"],
        "ReadOnly": "true",
        "EventTime": 1793527200.0,
        "EventSource": event["eventSource"],
        "Username": "ana",
        "Resources": [],
        "CloudTrailEvent": json.dumps(event),
    }


def table(*rows: dict[str, Any]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def audited(record: dict[str, Any]) -> dict[str, Any]:
    """A row of an export of the unified audit log."""
    return {
        "RecordId": record["Id"],
        "CreationDate": "2026-11-01T10:00:00.0000000Z",
        "RecordType": record["RecordType"],
        "Operation": record["Operation"],
        "UserId": record["UserId"],
        "AuditData": json.dumps(record),
    }


@pytest.fixture
def put(raw: Path) -> Callable[[str, str], None]:
    def write(path: str, text: str) -> None:
        (raw / path).parent.mkdir(exist_ok=True)
        (raw / path).write_text(text)

    return write


Put = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("whole.json", lambda rows: json.dumps({"Events": rows, "NextToken": "x"}, indent=4)),
        ("line.ndjson", lambda rows: json.dumps({"Events": rows}) + "\n"),
        ("rows.ndjson", lambda rows: "".join(json.dumps(row) + "\n" for row in rows)),
    ],
)
def test_events_looked_up_are_the_events_of_the_trail(
    put: Put, target: Target, run: Run, name: str, write: Callable[[list[Any]], str]
) -> None:
    rows = [looked_up(TRAIL), looked_up(TRAIL | {"eventID": "trail-2"})]
    put(f"cloudtrail/{name}", write(rows))
    counts = run()
    assert (counts.read, counts.mapped) == (2, 2)
    found = {row["metadata"]["uid"].partition("/")[0]: row for row in events(target)}
    assert set(found) == {"trail-1", "trail-2"}
    row = found["trail-1"]
    assert (row["src_endpoint"]["ip"], row["api"]["operation"]) == ("81.2.69.142", "GetObject")
    assert row["actor"]["user"]["name"] == "ana"
    assert row["time"] == datetime(2026, 11, 1, 10, tzinfo=UTC)


def test_what_comes_both_ways_counts_once(put: Put, target: Target, run: Run) -> None:
    put("cloudtrail/a.json", json.dumps({"Records": [TRAIL]}))
    put("cloudtrail/b.json", json.dumps({"Events": [looked_up(TRAIL)]}))
    counts = run()
    assert (counts.read, counts.mapped, counts.duplicates) == (2, 1, 1)


def test_an_export_of_the_unified_audit_log_holds_its_records(
    put: Put, target: Target, run: Run
) -> None:
    put("m365/export.csv", table(audited(AUDIT), audited(AUDIT | {"Id": "audit-2"})))
    counts = run()
    assert (counts.read, counts.mapped) == (2, 2)
    rows = events(target)
    assert {row["metadata"]["uid"] for row in rows} == {"audit-1", "audit-2"}
    assert {row["person"] for row in rows} == {"ana@example.com"}
    assert {row["src_endpoint"]["ip"] for row in rows} == {"81.2.69.142"}
    assert replay(target, "m365").mapped == 2
    assert len(events(target)) == 2
    assert not [
        found for found in drift(target.uri, target.settings, "acme") if "Audit" in found.field
    ]


@pytest.mark.parametrize("text", ["", "no json", "[1]", "{}", '"x"', "[" * 5000])
def test_a_row_that_stands_for_nothing_is_quarantined_as_it_is(
    put: Put, target: Target, run: Run, text: str
) -> None:
    put("m365/export.csv", table(audited(AUDIT), audited(AUDIT) | {"AuditData": text}))
    counts = run()
    assert (counts.read, counts.mapped, counts.quarantined) == (2, 1, 1)
    assert b'"AuditData"' in quarantine(target)[0]["record"] or text == "{}"


@pytest.mark.parametrize(
    ("written", "hour", "assumed"),
    [
        ("11/1/2026, 2:03:04 AM PST", 10, False),
        ("11/1/2026 10:03:04 PM", 22, True),
        ("11/01/2026 12:03:04 PM GMT", 12, False),
        ("2026-11-01T10:03:04Z", 10, False),
    ],
)
def test_a_login_history_that_was_downloaded_is_read_under_its_labels(
    put: Put, target: Target, run: Run, written: str, hour: int, assumed: bool
) -> None:
    row = {
        "Username": "ana@example.com",
        "Login Time": written,
        "Source IP": "81.2.69.142",
        "Location": "United Kingdom",
        "Login Type": "Application",
        "Status": "Invalid Password",
        "Browser": "Chrome 120",
        "Application": "Browser",
        "Login URL": "login.example.com",
    }
    put("salesforce/LoginHistory.csv", table(row))
    assert run().mapped == 1
    (event,) = events(target)
    assert event["time"] == datetime(2026, 11, 1, hour, 3, 4, tzinfo=UTC)
    assert (event["person"], event["time_zone_assumed"]) == ("ana@example.com", assumed)
    assert (event["src_endpoint"]["ip"], event["status_id"]) == ("81.2.69.142", 2)
    assert (event["metadata"]["event_code"], event["service"]["name"]) == (
        "Application",
        "login.example.com",
    )


def test_a_date_whose_month_cannot_be_told_is_not_guessed(
    put: Put, target: Target, run: Run
) -> None:
    row = {"Username": "ana@example.com", "Login Time": "02/11/2026 10:03", "Source IP": "8.8.8.8"}
    put("salesforce/LoginHistory.csv", table(row))
    assert dict(run().reasons) == {"unreadable_time": 1}
