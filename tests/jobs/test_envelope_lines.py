"""A line may hold a provider's whole answer: its records count, and the bytes stay as they came."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from lake_tables import events, quarantine
from okta_records import event, line, lines

from enrichment.counts import Counts
from jobs.drift import drift
from jobs.normalize import Target
from jobs.replay import replay
from lake.lake import Lake

Run = Callable[..., Counts]


def trail(number: int, **changed: Any) -> dict[str, Any]:
    record = {
        "eventVersion": "1.08",
        "eventID": f"trail-{number}",
        "eventTime": "2026-11-01T10:00:00Z",
        "eventName": "GetObject",
        "eventSource": "s3.amazonaws.com",
        "userIdentity": {"type": "IAMUser", "userName": "ana"},
        "sourceIPAddress": "81.2.69.142",
    }
    return record | changed


@pytest.fixture
def cloudtrail(raw: Path) -> Callable[..., None]:
    (raw / "cloudtrail").mkdir()

    def write(*texts: str, name: str = "a.ndjson") -> None:
        (raw / "cloudtrail" / name).write_text("".join(text + "\n" for text in texts))

    return write


def uids(target: Target) -> list[str]:
    return sorted(row["metadata"]["uid"].partition("/")[0] for row in events(target))


@pytest.mark.parametrize("key", ["Records", "records"])
def test_each_record_of_an_envelope_on_a_line_is_one(
    cloudtrail: Callable[..., None], target: Target, run: Run, key: str
) -> None:
    cloudtrail(
        json.dumps({key: [trail(1), trail(2)], "more": {"x": [1]}}),
        json.dumps(trail(3)),
        json.dumps({key: []}),
        json.dumps([trail(4), trail(5), trail(1)]),
    )
    counts = run()
    assert (counts.read, counts.mapped, counts.duplicates) == (6, 5, 1)
    assert uids(target) == [f"trail-{number}" for number in range(1, 6)]
    again = run()
    assert (again.read, again.duplicates) == (6, 6)


def test_a_record_among_them_that_is_none_costs_no_other(
    cloudtrail: Callable[..., None], target: Target, run: Run
) -> None:
    cloudtrail(
        json.dumps(trail(0)),
        json.dumps({"Records": [trail(1), trail(2, eventTime="never"), 7, trail(3)]}),
        json.dumps({"Records": [trail(4), trail(5)]})[:-30],
    )
    counts = run()
    assert (counts.read, counts.mapped) == (7, 4)
    assert dict(counts.reasons) == {"unreadable_time": 1, "not_an_object": 1, "not_json": 1}
    details = {row["reason"]: row["detail"] for row in quarantine(target)}
    assert details["unreadable_time"].endswith("(record 2 of line 1)")
    assert len({row["line"] for row in quarantine(target)}) == 3


def test_the_line_is_kept_as_it_came_and_a_replay_gives_the_same(
    cloudtrail: Callable[..., None], target: Target, run: Run
) -> None:
    text = json.dumps({"Records": [trail(1), trail(2, eventName=5)]})
    cloudtrail(text)
    counts = run()
    lake = Lake(target.uri, target.settings)
    (key,) = lake.raw.all_objects("acme")
    assert lake.raw.read(key) == text.encode() + b"\n"
    before = events(target), quarantine(target)
    assert replay(target).read == counts.read == 2
    assert (events(target), quarantine(target)) == before


@pytest.mark.parametrize(
    ("held", "said"), [(None, "null"), ({"eventTime": "x"}, "an object"), ("text", "a string")]
)
def test_an_envelope_that_holds_no_array_says_so(
    cloudtrail: Callable[..., None], target: Target, run: Run, held: Any, said: str
) -> None:
    cloudtrail(json.dumps({"Records": held}), name="a.json")
    assert dict(run().reasons) == {"wrong_type": 1}
    assert (
        quarantine(target)[0]["detail"] == f"Records: {said} where an array of records is promised"
    )


def test_the_keys_of_other_answers_are_known_too(raw: Path, target: Target, run: Run) -> None:
    (raw / "okta" / "a.ndjson").write_text(json.dumps({"value": [event(1), event(2)]}) + "\n")
    (raw / "okta" / "b.ndjson").write_text(json.dumps({"items": [event(3)]}) + "\n")
    assert run().mapped == 3


def test_a_field_of_a_record_is_no_envelope(raw: Path, target: Target, run: Run) -> None:
    (raw / "google_workspace").mkdir()
    record = {"id": {"time": "never"}, "events": [{"name": "a"}, {"name": "b"}]}
    (raw / "google_workspace" / "a.ndjson").write_text(json.dumps(record) + "\n")
    counts = run()
    assert (counts.read, counts.quarantined) == (1, 1)


def test_brackets_alone_are_no_envelope(raw: Path, target: Target, run: Run) -> None:
    bad = b"[\n[1, 2]\n[oops] {}\n" + b'{"value": [\n'
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 2) + bad)
    counts = run()
    assert (counts.read, counts.mapped, counts.quarantined) == (6, 2, 4)


def test_one_that_is_no_text_costs_no_other(raw: Path, target: Target, run: Run) -> None:
    text = b"[" + line(1)[:-1] + b"," + line(2)[:-1].replace(b"user2", b"\xff") + b"]\n"
    (raw / "okta" / "a.ndjson").write_bytes(text)
    counts = run()
    assert (counts.mapped, dict(counts.reasons)) == (1, {"invalid_utf8": 1})


def test_drift_looks_into_them(raw: Path, target: Target, run: Run) -> None:
    (raw / "okta" / "a.ndjson").write_text(json.dumps([event(1, novel=1), event(2)]) + "\n")
    run()
    (found,) = drift(target.uri, target.settings, "acme")
    assert (found.field, found.records) == ("novel", 1)
