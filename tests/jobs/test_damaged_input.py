"""A damaged file is told by name, counts once, and its bytes are kept; the next one counts too."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from lake_tables import events, quarantine
from okta_records import lines

from enrichment import importing
from enrichment.counts import Counts
from jobs.normalize import Target
from jobs.replay import replay
from lake.lake import Lake
from lake.raw import form_of

Run = Callable[..., Counts]


def cut(data: bytes) -> bytes:
    return gzip.compress(data)[:-9]


def changed(data: bytes) -> bytes:
    body = bytearray(gzip.compress(data))
    body[-6] ^= 0xFF
    return bytes(body)


DAMAGED = {
    "cut.ndjson.gz": cut(lines(0, 2)),
    "cut.ndjson.zst": zstandard.compress(lines(2, 2))[:-5],
    "changed.ndjson.gz": changed(lines(4, 2)),
    "changed_again.ndjson.gz": changed(lines(6, 2)),
    "followed.ndjson.gz": gzip.compress(lines(8, 2)) + b"JUNKJUNK",
    "followed.ndjson.zst": zstandard.compress(lines(10, 2)) + b"JUNKJUNK",
    "plain.ndjson.gz": lines(12, 2),
    "head.ndjson.gz": gzip.compress(b"")[:12],
}


@pytest.fixture
def damaged(raw: Path) -> Path:
    for name, data in DAMAGED.items():
        (raw / "okta" / name).write_bytes(data)
    return raw


def kept(target: Target) -> list[bytes]:
    """What the raw objects hold of damaged files, without the line that says what it is."""
    lake = Lake(target.uri, target.settings)
    keys = [key for key in lake.raw.all_objects("acme") if form_of(key) == "damaged"]
    return [lake.raw.read(key).split(b"\n", 1)[1] for key in keys]


def refused(target: Target) -> list[dict[str, Any]]:
    return sorted(quarantine(target), key=lambda row: str(row["record_id"]))


def test_each_damaged_file_is_a_record_of_its_own(damaged: Path, target: Target, run: Run) -> None:
    counts = run()
    assert (counts.quarantined, counts.duplicates) == (len(DAMAGED), 0)
    details = sorted(row["detail"] for row in quarantine(target))
    assert all(any(name in detail for detail in details) for name in DAMAGED)
    again = run()
    assert (again.read, again.duplicates) == (counts.read, counts.read)


def test_the_same_damage_in_another_folder_is_the_same_record(
    raw: Path, target: Target, run: Run
) -> None:
    (raw / "okta" / "a.ndjson.gz").write_bytes(b"no gzip")
    assert run().quarantined == 1
    (raw / "okta" / "deeper").mkdir()
    (raw / "okta" / "a.ndjson.gz").rename(raw / "okta" / "deeper" / "a.ndjson.gz")
    counts = run()
    assert (counts.quarantined, counts.duplicates) == (0, 1)


def test_what_came_before_the_damage_is_mapped(damaged: Path, target: Target, run: Run) -> None:
    run()
    # Of what was only followed by other bytes, or whose check sum alone is wrong: everything.
    assert {row["metadata"]["uid"] for row in events(target)} >= {
        f"event-{number:06}" for number in (*range(4, 12),)
    }


def test_the_bytes_that_could_not_be_decoded_are_in_raw(
    damaged: Path, target: Target, run: Run
) -> None:
    run()
    found = kept(target)
    assert len(found) == len(DAMAGED)
    assert lines(12, 2) in found
    assert DAMAGED["head.ndjson.gz"] in found
    for name, data in DAMAGED.items():
        assert any(body.endswith(data[-5:]) for body in found), name


def test_a_replay_changes_nothing(damaged: Path, target: Target, run: Run) -> None:
    counts = run()
    before = refused(target), len(events(target))
    again = replay(target)
    assert (again.read, again.quarantined) == (counts.read, counts.quarantined)
    assert (refused(target), len(events(target))) == before


def test_stored_by_a_run_that_died_it_is_taken_in_with_its_reason(
    raw: Path, target: Target, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (raw / "okta" / "a.ndjson.gz").write_bytes(b"no gzip")
    with monkeypatch.context() as patched:

        def die(*args: object, **options: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(importing, "drain", die)
        with pytest.raises(KeyboardInterrupt):
            run()
    counts = run()
    assert (counts.read, dict(counts.reasons)) == (1, {"corrupt": 1})
    (row,) = quarantine(target)
    assert "a.ndjson.gz" in row["detail"]
    assert run().duplicates == 1


def test_a_large_rest_lies_in_several_objects_and_is_one_record(
    raw: Path, target: Target, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "RAW_BYTES", 300)
    data = b"no gzip " * 100
    (raw / "okta" / "a.ndjson.gz").write_bytes(data)
    counts = run()
    assert (counts.read, counts.quarantined) == (1, 1)
    assert b"".join(kept(target)) == data
    assert len(kept(target)) == 3
    assert replay(target).quarantined == 1
