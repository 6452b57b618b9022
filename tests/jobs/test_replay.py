"""Old raw bytes are mapped anew under newer mappers; exactly what the older wrote is replaced."""

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from okta_records import lines

from conf.settings import Settings
from jobs.normalize import Target, normalize
from jobs.replay import replay
from lake.lake import Lake
from schemas import sources, versions

NOW = datetime(2026, 11, 20, tzinfo=UTC)
OLD, NEW = "google_workspace_v3", "google_workspace_v4"


def samples(mapper: str) -> bytes:
    return (resources.files(sources) / "samples" / mapper / "records.ndjson").read_bytes()


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return Target(str(tmp_path / "lake"), "acme", NOW, Settings(data_dir=tmp_path / "data"))


@pytest.fixture
def only_old(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the newer mapper not exist yet; what is returned lets it appear."""
    known = versions.mappers()
    before = {**known, "google_workspace": (OLD,)}
    monkeypatch.setattr(versions, "mappers", lambda: before)
    return lambda: monkeypatch.setattr(versions, "mappers", lambda: known)


def rows(target: Target, table: str) -> list[dict[str, Any]]:
    return Lake(target.uri, target.settings).table(table).arrow().to_pylist()


def test_records_that_the_old_mapper_refused_are_mapped_by_the_new_one(
    tmp_path: Path, target: Target, only_old: Callable[[], None]
) -> None:
    raw = tmp_path / "raw"
    (raw / "google_workspace").mkdir(parents=True)
    (raw / "okta").mkdir()
    (raw / "google_workspace" / "a.ndjson").write_bytes(samples(OLD) + samples(NEW))
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 30) + b"not json\n")
    first = normalize(raw, target, workers=1)
    of_okta = [row for row in rows(target, "events") if row["source"] == "okta"]
    old = [row for row in rows(target, "events") if row["mapper"] == OLD]
    assert {row["mapper"] for row in rows(target, "events")} == {OLD, "okta_v2"}

    only_old()
    again = replay(target)

    assert again.read == first.read
    assert again.read == again.mapped + again.duplicates + again.quarantined
    assert again.mapped > first.mapped
    now = rows(target, "events")
    assert [row for row in now if row["source"] == "okta"] == of_okta
    assert {row["mapper"] for row in now} == {OLD, NEW, "okta_v2"}
    uids = [row["metadata"]["uid"] for row in now]
    assert len(uids) == len(set(uids))
    assert {row["metadata"]["uid"] for row in old} <= set(uids)
    left = [row for row in rows(target, "quarantine") if row["source"] == "google_workspace"]
    assert len(left) < first.quarantined - 1
    assert [row["reason"] for row in rows(target, "quarantine") if row["source"] == "okta"] == [
        "not_json"
    ]


def test_a_second_replay_finds_nothing_to_do(
    tmp_path: Path, target: Target, only_old: Callable[[], None]
) -> None:
    raw = tmp_path / "raw"
    (raw / "google_workspace").mkdir(parents=True)
    (raw / "google_workspace" / "a.ndjson").write_bytes(samples(NEW))
    normalize(raw, target, workers=1)
    only_old()
    assert replay(target).mapped > 0
    before = rows(target, "events"), rows(target, "quarantine")
    assert replay(target).read == 0
    assert (rows(target, "events"), rows(target, "quarantine")) == before


def test_an_event_in_two_raw_objects_stays_one(tmp_path: Path, target: Target) -> None:
    raw = tmp_path / "raw"
    (raw / "okta").mkdir(parents=True)
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 30))
    normalize(raw, target, workers=1)
    (raw / "okta" / "a.ndjson").write_bytes(lines(20, 30))
    normalize(raw, target, workers=1)
    assert replay(target, "okta").read == 60
    uids = [row["metadata"]["uid"] for row in rows(target, "events")]
    assert sorted(uids) == [f"event-{number:06}" for number in range(50)]


def test_what_was_wrong_with_a_file_stays_the_reason(tmp_path: Path, target: Target) -> None:
    raw = tmp_path / "raw"
    (raw / "okta").mkdir(parents=True)
    (raw / "okta" / "a.xml").write_bytes(b"<a/>")
    normalize(raw, target, workers=1)
    before = rows(target, "quarantine")
    replay(target)
    assert rows(target, "quarantine") == before
