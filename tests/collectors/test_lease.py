"""One process at a time calls an account; who dies is followed; what is left is handed on."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collectors import lease
from collectors.lease import LIFE, Held
from lake.folder import FolderObjects

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
KEY = lease.key_of("acme", "okta", "")


@pytest.fixture
def objects(tmp_path: Path) -> FolderObjects:
    return FolderObjects(tmp_path)


def age(folder: Path, key: str, by: timedelta) -> None:
    """Let the store say that an object was written that long ago."""
    path = folder / key
    written = path.stat().st_mtime - by.total_seconds()
    os.utime(path, (written, written))


def test_a_second_holder_is_held_off(objects: FolderObjects) -> None:
    lease.acquire(objects, KEY, "one", NOON)
    with pytest.raises(Held, match="one"):
        lease.acquire(objects, KEY, "two", NOON)


def test_the_holder_may_take_it_again(objects: FolderObjects) -> None:
    lease.acquire(objects, KEY, "one", NOON)
    lease.acquire(objects, KEY, "one", NOON)


def test_after_a_release_the_next_goes_on_with_what_was_left(objects: FolderObjects) -> None:
    first = lease.acquire(objects, KEY, "one", NOON)
    assert first.state == {}
    first.release({"budget": {"tokens": 3}})
    assert lease.acquire(objects, KEY, "two", NOON).state == {"budget": {"tokens": 3}}


def test_one_whose_holder_died_runs_out_by_the_clock_of_the_store(
    objects: FolderObjects, tmp_path: Path
) -> None:
    lease.acquire(objects, KEY, "one", NOON)
    age(tmp_path, KEY, LIFE - timedelta(seconds=10))
    # A clock that is hours ahead of the store's proves nothing.
    with pytest.raises(Held):
        lease.acquire(objects, KEY, "two", NOON + timedelta(hours=5))
    age(tmp_path, KEY, timedelta(seconds=20))
    assert lease.acquire(objects, KEY, "two", NOON).holder == "two"


def test_it_is_renewed_now_and_then(objects: FolderObjects, tmp_path: Path) -> None:
    held = lease.acquire(objects, KEY, "one", NOON)
    before = held.etag
    held.renew(NOON + timedelta(seconds=10), {})
    assert held.etag == before
    age(tmp_path, KEY, LIFE * 2)
    held.renew(NOON + LIFE / 2, {})
    with pytest.raises(Held):
        lease.acquire(objects, KEY, "two", NOON)


def test_who_lost_it_learns_so(objects: FolderObjects, tmp_path: Path) -> None:
    slow = lease.acquire(objects, KEY, "one", NOON)
    age(tmp_path, KEY, LIFE * 2)
    quick = lease.acquire(objects, KEY, "two", NOON)
    with pytest.raises(Held):
        slow.renew(NOON + LIFE, {})
    slow.release({"budget": "of one"})
    quick.release({"budget": "of two"})
    assert lease.acquire(objects, KEY, "three", NOON).state == {"budget": "of two"}


def test_of_two_that_race_one_wins(objects: FolderObjects) -> None:
    class Slow(FolderObjects):
        def put_if(self, key: str, data: bytes, etag: str | None) -> str:
            lease.acquire(objects, key, "two", NOON)
            return super().put_if(key, data, etag)

    with pytest.raises(Held):
        lease.acquire(Slow(Path(objects.uri)), KEY, "one", NOON)


def test_a_write_whose_answer_was_lost_is_known_again(objects: FolderObjects) -> None:
    class Deaf(FolderObjects):
        def put_if(self, key: str, data: bytes, etag: str | None) -> str:
            super().put_if(key, data, etag)
            return super().put_if(key, data, etag)  # as a client does that heard nothing

    held = lease.acquire(Deaf(Path(objects.uri)), KEY, "one", NOON)
    assert held.etag == objects.get(KEY).etag


def test_one_that_cannot_be_read_holds_nobody_off(objects: FolderObjects) -> None:
    objects.put(KEY, b"\x00 no JSON")
    assert lease.acquire(objects, KEY, "one", NOON).state == {}
