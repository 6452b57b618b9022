"""A bucket's files on their way to who takes them in: side by side, ahead, in order, bounded."""

import threading
from pathlib import Path

import pytest
from bucket_of_files import BucketOfFiles

from conf.errors import AntipodeError, UsageError
from conf.settings import Settings
from enrichment import bucket_input
from enrichment.bucket_input import Batch, BucketFile, BucketInput
from lake.folder import FolderObjects
from lake.input_files import SIDE_BY_SIDE
from lake.input_memory import Memory


@pytest.fixture
def objects(tmp_path: Path) -> FolderObjects:
    return FolderObjects(tmp_path / "lake")


def _input(bucket: BucketOfFiles, objects: FolderObjects) -> BucketInput:
    return BucketInput(bucket, Memory(objects, "acme", bucket.uri), Settings())


def _keys(batches: list[Batch]) -> list[str]:
    prefix = len(BucketOfFiles().uri) + 1
    return [file.name[prefix:] for batch in batches for file in batch.files]


def test_files_come_in_order_each_fetched_once_in_batches_of_one_source(
    objects: FolderObjects,
) -> None:
    files = {f"{source}/{n:03}.json": b"x" * n for source in ("okta", "zeek") for n in range(200)}
    bucket = BucketOfFiles(files)
    batches = list(_input(bucket, objects).batches())
    assert _keys(batches) == sorted(files)
    assert sorted(bucket.fetched) == sorted(files)
    assert [batch.source for batch in batches] == ["okta", "zeek"]
    assert [file.open().read() for batch in batches for file in batch.files] == [
        files[key] for key in sorted(files)
    ]


def test_a_batch_is_bounded(objects: FolderObjects, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket_input, "BATCH_BYTES", 100)
    monkeypatch.setattr(bucket_input, "BATCH_FILES", 7)
    small = {f"okta/{n:03}.json": b"x" for n in range(20)}
    large = {f"zeek/{n:03}.json": b"x" * 40 for n in range(5)} | {"zoom/a.json": b"x" * 300}
    batches = list(_input(BucketOfFiles(small | large), objects).batches())
    assert [len(batch.files) for batch in batches] == [7, 7, 6, 2, 2, 1, 1]


def test_files_are_fetched_side_by_side(objects: FolderObjects) -> None:
    together = threading.Barrier(SIDE_BY_SIDE, timeout=60)
    bucket = BucketOfFiles({f"okta/{n:03}.json": b"x" for n in range(SIDE_BY_SIDE)})
    fetch = bucket.fetch

    def meeting(key: str) -> bytes:
        together.wait()  # breaks unless as many are under way at the same time
        return fetch(key)

    bucket.fetch = meeting  # type: ignore[method-assign]
    assert len(_keys(list(_input(bucket, objects).batches()))) == SIDE_BY_SIDE


def test_no_more_is_fetched_ahead_than_is_bounded(
    objects: FolderObjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_input, "BATCH_FILES", 1)
    monkeypatch.setattr(bucket_input, "AHEAD_BYTES", 1000)
    bucket = BucketOfFiles({f"okta/{n:03}.json": b"x" * 100 for n in range(200)})
    batches = _input(bucket, objects).batches()
    for taken in range(1, 5):
        next(batches)
        assert len(bucket.fetched) <= taken + 12
    batches.close()  # type: ignore[attr-defined]  # a generator
    assert len(bucket.fetched) < 30


def test_a_large_file_is_left_to_who_takes_it_in(
    objects: FolderObjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_input, "LARGE", 10)
    bucket = BucketOfFiles({"okta/a.json": b"x" * 11, "okta/b.json": b"x"})
    (batch,) = _input(bucket, objects).batches()
    assert [file.data for file in batch.files if isinstance(file, BucketFile)] == [None, b"x"]
    assert bucket.fetched == ["okta/b.json"]


def test_what_is_hidden_or_marks_a_folder_or_lies_beside_is_no_log(objects: FolderObjects) -> None:
    no_logs = (".a/b.json", "okta/_SUCCESS", "okta/_temporary/a.json", "okta/", "README.md")
    bucket = BucketOfFiles(dict.fromkeys(no_logs, b"x") | {"okta/a.txt": b"x", "zoom.json": b"x"})
    batches = list(_input(bucket, objects).batches())
    assert _keys(batches) == ["okta/a.txt", "zoom.json"]
    assert [batch.source for batch in batches] == ["okta", "zoom"]


def test_an_unreadable_file_is_handed_on_as_such_and_tried_again(objects: FolderObjects) -> None:
    bucket = BucketOfFiles({"okta/a.json": b"x", "okta/b.json": b"x"})
    bucket.faults = {"okta/a.json"}
    found = _input(bucket, objects)
    (batch,) = found.batches()
    with pytest.raises(OSError, match=r"no right to read okta/a\.json"):
        batch.files[0].open()
    found.taken(batch)
    found.save()
    assert _keys(list(_input(bucket, objects).batches())) == ["okta/a.json"]


def test_an_input_without_any_log_is_named_but_one_without_new_ones_is_right(
    objects: FolderObjects,
) -> None:
    bucket = BucketOfFiles({"README.md": b"x"})
    with pytest.raises(UsageError, match="s3://logs/some/prefix"):
        list(_input(bucket, objects).batches())
    bucket.files["okta/a.json"] = b"x"
    found = _input(bucket, objects)
    for batch in found.batches():
        found.taken(batch)
    found.save()
    assert list(_input(bucket, objects).batches()) == []


def test_when_nothing_can_be_read_the_bucket_is_named_instead_of_every_file(
    objects: FolderObjects,
) -> None:
    bucket = BucketOfFiles({f"okta/{n:03}.json": b"x" for n in range(30)})
    bucket.faults = set(bucket.files)
    with pytest.raises(AntipodeError, match="kms:Decrypt"):
        list(_input(bucket, objects).batches())
    bucket.faults.remove("okta/000.json")
    assert len(_keys(list(_input(bucket, objects).batches()))) == 30


def test_an_input_that_failed_at_once_leaves_nothing_in_the_lake(objects: FolderObjects) -> None:
    found = _input(BucketOfFiles(), objects)
    with pytest.raises(UsageError):
        list(found.batches())
    found.save()
    assert list(objects.list("")) == []
