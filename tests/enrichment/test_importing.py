"""Cuts are stored and taken in; what is written on the way does not hold up the mapping."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from okta_records import lines

from conf.errors import AntipodeError
from conf.settings import Settings
from enrichment.importing import Cut, Importer
from enrichment.ingest import Ingest
from enrichment.prepared import Prepared
from lake.lake import Lake
from lake.pieces import Chunk
from lake.raw import Raw
from lake.streams import Stream

NOW = datetime(2026, 11, 20, tzinfo=UTC)
STREAM = Stream("acme", "okta", "import-0")
WAIT = 20.0  # seconds, where both must come


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path), Settings())


@pytest.fixture
def importer(lake: Lake) -> Importer:
    return Importer(lake.raw, Ingest(lake, Settings(), NOW), "acme", 0, NOW)


def cut(first: int, last: int) -> Cut:
    data = lines(first, last)
    return Cut("okta", (Chunk(data, data.count(b"\n"), 0),))


def meeting(patch: pytest.MonkeyPatch, *methods: tuple[type, str]) -> None:
    """Let each of the methods begin only once the others have begun, too."""
    meet = threading.Barrier(len(methods))

    def patched(original: Callable[..., Any]) -> Callable[..., Any]:
        def method(*args: Any, **kwargs: Any) -> Any:
            meet.wait(WAIT)
            return original(*args, **kwargs)

        return method

    for owner, name in methods:
        patch.setattr(owner, name, patched(getattr(owner, name)))


def test_records_are_mapped_while_they_are_stored(
    importer: Importer, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    meeting(monkeypatch, (Raw, "append"), (Ingest, "prepare"))
    assert importer.take(cut(0, 5)).counts.mapped == 5
    (entry,) = lake.raw.entries(STREAM)
    assert lake.table("events").arrow()["raw_object"].to_pylist() == [entry.key] * 5


def test_what_is_noted_of_a_cut_does_not_hold_up_the_next(
    importer: Importer, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled = threading.Event()
    settle = Raw.settle

    def slow(raw: Raw, stream: Stream, sequence: int) -> None:
        assert settled.wait(WAIT)
        settle(raw, stream, sequence)

    monkeypatch.setattr(Raw, "settle", slow)
    importer.take(cut(0, 5))
    assert len(lake.raw.pending(STREAM)) == 1
    settled.set()
    importer.finish()
    assert not lake.raw.pending(STREAM)


def test_the_same_cut_at_once_again_is_not_stored_again(importer: Importer, lake: Lake) -> None:
    first, second = importer.take(cut(0, 5)), importer.take(cut(0, 5))
    assert (first.counts.mapped, second.counts.duplicates) == (5, 5)
    assert len(list(lake.raw.entries(STREAM))) == 1


@pytest.mark.parametrize("name", ["settle", "mark_imported"])
def test_a_note_that_cannot_be_written_is_told(
    importer: Importer, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def full(*args: object) -> None:
        raise AntipodeError("disk full")

    monkeypatch.setattr(Raw, name, full)
    importer.take(cut(0, 5))
    with pytest.raises(AntipodeError, match="disk full"):
        importer.finish()


def test_what_fails_to_be_mapped_is_stored_first(
    importer: Importer, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object) -> Prepared:
        raise AntipodeError("no such database")

    monkeypatch.setattr(Ingest, "prepare", fails)
    with pytest.raises(AntipodeError, match="no such database"):
        importer.take(cut(0, 5))
    assert len(lake.raw.pending(STREAM)) == 1
