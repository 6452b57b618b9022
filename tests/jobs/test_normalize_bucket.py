"""Logs in a bucket give what the same logs in a folder give; each file is read once, ever."""

import gzip
import json
from pathlib import Path

import pytest
from bucket_of_files import BucketOfFiles
from lake_tables import events, quarantine
from okta_records import event, line, lines

from enrichment import bucket_input
from jobs.normalize import Target, normalize, normalize_bucket
from lake.lake import Lake


def _files() -> dict[str, bytes]:
    """Small files of every form, good and bad, and a sensor's."""
    array = json.dumps([event(number) for number in range(40, 60)]).encode()
    return {
        "okta/2026/01/01/a.ndjson.gz": gzip.compress(lines(0, 30)),
        "okta/2026/01/01/b.ndjson": lines(20, 20) + b"not json\n" + line(200),
        "okta/2026/01/02/c.json.gz": gzip.compress(array),
        "okta/2026/01/02/d.ndjson.gz": gzip.compress(lines(60, 200))[:-20],
        "okta/2026/01/02/e.ndjson": b"",
        "okta/2026/01/02/f.unknown": b"x",
        "nobody/a.ndjson": b'{"a":1}\n{"a":2}\n',
        "zeek/conn.log": b"#fields\tts\n1767312000.0\n",
    }


@pytest.fixture
def folder(raw: Path) -> Path:
    for key, data in _files().items():
        (raw / key).parent.mkdir(parents=True, exist_ok=True)
        (raw / key).write_bytes(data)
    return raw


@pytest.fixture
def other(tmp_path: Path, target: Target) -> Target:
    return Target(str(tmp_path / "other lake"), target.tenant, target.now, target.settings)


def _uids(target: Target) -> list[str]:
    return sorted(row["metadata"]["uid"] for row in events(target))


def _reasons(target: Target) -> list[str]:
    return sorted(row["reason"] for row in quarantine(target))


@pytest.mark.parametrize("workers", [1, 2])
def test_counts_and_tables_are_those_of_a_folder(
    folder: Path, target: Target, other: Target, workers: int
) -> None:
    of_folder = normalize(folder, target, workers=workers)
    of_bucket = normalize_bucket(BucketOfFiles(_files()), other, workers=workers)
    assert of_bucket == of_folder
    assert of_bucket.read == of_bucket.mapped + of_bucket.duplicates + of_bucket.quarantined
    assert of_bucket.sensor_files == 1
    assert _uids(other) == _uids(target)
    assert _reasons(other) == _reasons(target)


def test_small_files_become_few_raw_objects(target: Target) -> None:
    files = {f"okta/{n:03}.ndjson.gz": gzip.compress(lines(5 * n, 5)) for n in range(60)}
    assert normalize_bucket(BucketOfFiles(files), target, workers=1).mapped == 300
    assert len(list(Lake(target.uri, target.settings).raw.all_objects("acme"))) == 1


def test_what_was_taken_is_neither_fetched_nor_counted_again(target: Target) -> None:
    bucket = BucketOfFiles(_files())
    normalize_bucket(bucket, target, workers=1)
    bucket.fetched.clear()
    assert normalize_bucket(bucket, target, workers=1).read == 0
    assert bucket.fetched == []
    bucket.files["okta/2026/01/03/g.ndjson"] = lines(300, 7)
    assert normalize_bucket(bucket, target, workers=1).mapped == 7
    assert bucket.fetched == ["okta/2026/01/03/g.ndjson"]


def test_a_run_that_fails_keeps_what_it_took(
    target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_input, "BATCH_FILES", 1)
    monkeypatch.setattr(bucket_input, "AHEAD", 1)
    files = {f"okta/{n}.ndjson": lines(10 * n, 10) for n in range(6)}
    bucket = BucketOfFiles(files)
    fetch = bucket.fetch

    def failing(key: str) -> bytes:
        if key == "okta/4.ndjson":
            raise ConnectionError("the network is gone")
        return fetch(key)

    bucket.fetch = failing  # type: ignore[method-assign]
    with pytest.raises(ConnectionError):
        normalize_bucket(bucket, target, workers=1)
    assert 0 < len(events(target)) < 60
    again = BucketOfFiles(files)
    counts = normalize_bucket(again, target, workers=1)
    assert len(events(target)) == 60
    assert counts.duplicates == 0
    assert len(again.fetched) < 6


def test_an_unreadable_file_is_quarantined_and_taken_once_it_can_be_read(target: Target) -> None:
    bucket = BucketOfFiles({"okta/a.ndjson": lines(0, 5), "okta/b.ndjson": lines(5, 5)})
    bucket.faults = {"okta/a.ndjson"}
    first = normalize_bucket(bucket, target, workers=1)
    assert (first.mapped, dict(first.reasons)) == (5, {"unreadable_file": 1})
    bucket.faults = set()
    assert normalize_bucket(bucket, target, workers=1).mapped == 5
