"""Whatever goes wrong while a folder is taken in, running it again makes it right."""

import multiprocessing
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from failpoints import KILLED, run_until
from okta_records import lines

from conf.errors import AntipodeError
from conf.settings import Settings
from enrichment.counts import Counts
from jobs.normalize import Target, normalize
from jobs.replay import replay
from lake.folder import FolderObjects
from lake.lake import Lake

NOW = datetime(2026, 11, 20, tzinfo=UTC)
EVENTS = 40
BAD = 2


def target(uri: str) -> Target:
    return Target(uri, "acme", NOW, Settings())


def take_in(raw: Path, uri: str) -> None:
    normalize(raw, target(uri), workers=1)


def map_again(uri: str) -> None:
    replay(target(uri))


def state(uri: str) -> tuple[list[str], list[bytes]]:
    lake = Lake(uri, Settings())
    events = lake.table("events").arrow().to_pylist()
    refused = lake.table("quarantine").arrow().to_pylist()
    return (
        sorted(row["metadata"]["uid"] for row in events),
        sorted(row["record"] for row in refused),
    )


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw" / "okta"
    folder.mkdir(parents=True)
    (folder / "a.ndjson").write_bytes(lines(0, 25) + b"bad a\n")
    (folder / "b.ndjson").write_bytes(lines(20, 20) + b"bad b\n")
    return folder.parent


WANTED = ([f"event-{number:06}" for number in range(EVENTS)], [b"bad a\n", b"bad b\n"])


def killed_everywhere(tmp_path: Path, start: Path | None, operation: Callable[[str], None]) -> int:
    """Kill `operation` before and after each of its writes; each time, do it again."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["jobs.replay", "failpoints", "okta_records"])
    point = 0
    while True:
        point += 1
        uri = str(tmp_path / f"lake{point}")
        if start:
            shutil.copytree(start, uri)
        child = context.Process(target=run_until, args=(point, operation, uri))
        child.start()
        child.join()
        assert child.exitcode in (0, KILLED)
        events, refused = state(uri)
        assert len(events) == len(set(events)), "an event is there twice"
        assert len(refused) == len(set(refused)), "a record is quarantined twice"
        operation(uri)
        assert state(uri) == WANTED
        if child.exitcode == 0:
            return point - 1


def test_killed_between_every_two_writes_of_an_ingest(tmp_path: Path, raw: Path) -> None:
    assert killed_everywhere(tmp_path, None, partial(take_in, raw)) > 25


def test_killed_between_every_two_writes_of_a_replay(tmp_path: Path, raw: Path) -> None:
    take_in(raw, str(tmp_path / "filled"))
    assert killed_everywhere(tmp_path, tmp_path / "filled", map_again) > 10


def test_a_full_disk_is_told_and_loses_nothing(
    tmp_path: Path, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = FolderObjects.put

    def full(self: FolderObjects, key: str, data: bytes) -> str:
        if key.startswith("events/"):
            raise AntipodeError(f"{key}: no space left on the device; free some and run again.")
        return put(self, key, data)

    uri = str(tmp_path / "lake")
    monkeypatch.setattr(FolderObjects, "put", full)
    with pytest.raises(AntipodeError, match="no space left"):
        take_in(raw, uri)
    monkeypatch.undo()
    take_in(raw, uri)
    assert state(uri) == WANTED


def test_many_runs_at_once_store_each_event_once(tmp_path: Path, raw: Path) -> None:
    uri = str(tmp_path / "lake")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["jobs.replay", "failpoints", "okta_records"])
    runs = [context.Process(target=take_in, args=(raw, uri)) for _ in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0, 0, 0]
    take_in(raw, uri)
    assert state(uri) == WANTED


def test_counts_of_a_mended_run_cover_what_the_killed_one_had_stored(
    tmp_path: Path, raw: Path
) -> None:
    context = multiprocessing.get_context("forkserver")
    uri = str(tmp_path / "lake")
    # Dead right after the first raw object counts, before any table knows of it.
    child = context.Process(target=run_until, args=(5, partial(take_in, raw), uri))
    child.start()
    child.join()
    assert child.exitcode == KILLED
    counts: Counts = normalize(raw, target(uri), workers=1)
    assert counts.read == 47
    assert (counts.mapped, counts.duplicates, counts.quarantined) == (EVENTS, 5, BAD)
