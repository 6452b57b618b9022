"""What a folder of objects promises beyond the contract of every store."""

import errno
import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from conf.errors import AntipodeError, Conflict
from lake.folder import FolderObjects


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_write_that_does_not_fit_leaves_the_old_object(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    objects.put("a", b"old")
    with _files_of_at_most(1000), pytest.raises(AntipodeError, match="File too large; raise"):
        objects.put("a", b"x" * 2000)
    assert objects.get("a").data == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a"]


def test_a_full_disk_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = FolderObjects(tmp_path)
    objects.put("a", b"old")

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    for write in (lambda: objects.put("a", b"new"), lambda: objects.put_if("b", b"new", None)):
        with pytest.raises(AntipodeError, match=r"No space left on device; free some space"):
            write()
    assert list(objects.list("")) == ["a"]
    assert objects.get("a").data == b"old"


def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "lake").write_text("a file")
    with pytest.raises(AntipodeError, match="give a folder, not a file"):
        FolderObjects(tmp_path / "lake").put("a", b"")


def test_what_a_dead_writer_left_is_not_listed_and_is_swept_when_old(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    objects.put("a/b", b"")
    for name in (".0123.tmp", ".4567.tmp"):
        (tmp_path / "a" / name).write_bytes(b"half")
    old = datetime(2026, 1, 1, tzinfo=UTC)
    os.utime(tmp_path / "a" / ".0123.tmp", (old.timestamp(), old.timestamp()))
    assert list(objects.list("")) == ["a/b"]
    assert objects.sweep_temporary(old + timedelta(days=1)) == 1
    assert (tmp_path / "a" / ".4567.tmp").exists()
    assert objects.get("a/b").data == b""


class RacingWriters(RuleBasedStateMachine):
    """Threads that put, swap and delete one key, against what one at a time could have done."""

    @initialize()
    def open(self) -> None:
        self.objects = FolderObjects(Path(os.environ["RACE_FOLDER"]) / os.urandom(8).hex())
        self.held: bytes | None = None

    @rule(writers=st.lists(st.binary(max_size=3), min_size=1, max_size=6))
    def swap(self, writers: list[bytes]) -> None:
        etag = None if self.held is None else self.objects.get("key").etag
        won: list[bytes] = []
        # Told apart by their number, so that two that write the same bytes are two.
        bodies = [b"%d:%s" % (number, body) for number, body in enumerate(writers)]
        if self.held in bodies:
            bodies = [b"again " + body for body in bodies]

        def write(body: bytes) -> None:
            try:
                self.objects.put_if("key", body, etag)
            except Conflict:
                return
            won.append(body)

        threads = [threading.Thread(target=write, args=(body,)) for body in bodies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(won) == 1
        self.held = won[0]

    @rule(body=st.binary(max_size=3))
    def put(self, body: bytes) -> None:
        self.objects.put("key", body)
        self.held = body

    @rule()
    def delete(self) -> None:
        self.objects.delete("key")
        self.held = None

    @invariant()
    def what_is_read_is_what_was_last_written(self) -> None:
        try:
            found: bytes | None = self.objects.get("key").data
        except KeyError:
            found = None
        assert found == self.held


def test_racing_writers_act_as_if_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RACE_FOLDER", str(tmp_path))
    RacingWriters.TestCase.settings = settings(
        max_examples=20,
        stateful_step_count=10,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    RacingWriters.TestCase("runTest").runTest()
