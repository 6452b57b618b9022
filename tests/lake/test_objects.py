"""What every store of objects promises; run on a folder and on S3."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conf.errors import Conflict, UsageError
from conf.settings import Settings
from lake.objects import Objects, check_key, open_objects, segment, unsegment


def test_what_was_put_is_got(objects: Objects) -> None:
    objects.put("a/b.json", b"one")
    found = objects.get("a/b.json")
    assert found.data == b"one"
    assert abs(found.modified - datetime.now(UTC)) < timedelta(minutes=5)


def test_a_key_that_is_not_there_is_a_key_error(objects: Objects) -> None:
    objects.put("a/b", b"")
    for key in ("a", "a/c", "a/b/c", "b"):
        with pytest.raises(KeyError):
            objects.get(key)


def test_put_replaces_and_delete_removes(objects: Objects) -> None:
    objects.put("a", b"one")
    objects.put("a", b"two")
    assert objects.get("a").data == b"two"
    objects.delete("a")
    objects.delete("a")
    with pytest.raises(KeyError):
        objects.get("a")


def test_put_if_makes_an_object_once(objects: Objects) -> None:
    objects.put_if("a/b", b"one", None)
    with pytest.raises(Conflict):
        objects.put_if("a/b", b"two", None)
    assert objects.get("a/b").data == b"one"


def test_put_if_swaps_only_what_was_read(objects: Objects) -> None:
    objects.put("a", b"one")
    first = objects.get("a").etag
    second = objects.put_if("a", b"two", first)
    with pytest.raises(Conflict):
        objects.put_if("a", b"three", first)
    assert objects.get("a").data == b"two"
    objects.put_if("a", b"three", second)
    assert objects.get("a").data == b"three"


def test_put_if_does_not_bring_back_what_was_deleted(objects: Objects) -> None:
    objects.put("a", b"one")
    etag = objects.get("a").etag
    objects.delete("a")
    with pytest.raises(Conflict):
        objects.put_if("a", b"two", etag)


def test_keys_are_listed_by_prefix_in_order(objects: Objects) -> None:
    keys = ["a/b/1", "a/b-c", "a/b", "a.b/1", "a/c", "ab", "b/1"]
    for key in (key for key in keys if key != "a/b"):
        objects.put(key, b"")
    assert list(objects.list("")) == sorted(key for key in keys if key != "a/b")
    assert list(objects.list("a/")) == ["a/b-c", "a/b/1", "a/c"]
    assert list(objects.list("a/b")) == ["a/b-c", "a/b/1"]
    assert list(objects.list("nothing")) == []


def test_more_keys_are_listed_than_one_page_holds(objects: Objects) -> None:
    keys = [f"many/{number:05}" for number in range(1_050)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda key: objects.put(key, b""), keys))
    assert list(objects.list("many/")) == keys


def test_a_large_object_comes_back_whole(objects: Objects) -> None:
    data = bytes(range(256)) * 80_000
    objects.put("large", data)
    assert objects.get("large").data == data


@pytest.mark.parametrize("exists", [False, True])
def test_of_eight_racing_writers_exactly_one_wins(objects: Objects, exists: bool) -> None:
    for round_ in range(10):
        key = f"race/{round_}"
        if exists:
            objects.put(key, b"start")
        etag = objects.get(key).etag if exists else None

        def swap(writer: int, key: str = key, etag: str | None = etag) -> bool:
            try:
                objects.put_if(key, b"writer %d" % writer, etag)
            except Conflict:
                return False
            return True

        with ThreadPoolExecutor(8) as pool:
            won = list(pool.map(swap, range(8)))
        assert won.count(True) == 1
        assert objects.get(key).data == b"writer %d" % won.index(True)


def _add(uri: str, times: int) -> None:
    objects = open_objects(uri, Settings())
    for _ in range(times):
        while True:
            try:
                found = objects.get("counter")
                objects.put_if("counter", b"%d" % (int(found.data) + 1), found.etag)
            except Conflict:
                continue
            break


def test_processes_that_count_by_swapping_lose_nothing(objects: Objects) -> None:
    objects.put("counter", b"0")
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_add, args=(objects.uri, 25)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 4
    assert objects.get("counter").data == b"100"


@given(st.text(min_size=1))
def test_any_text_is_a_segment_of_a_key_and_comes_back(value: str) -> None:
    value = value.encode("utf-8", "replace").decode()
    assert unsegment(segment(value)) == value
    assert check_key(f"a/{segment(value)}/b")
    assert "/" not in segment(value)


@pytest.mark.parametrize("key", ["", "/a", "a//b", "a/", "..", "a/../b", ".hidden", "a b", "a\n"])
def test_what_is_no_key_is_refused(objects: Objects, key: str) -> None:
    with pytest.raises(ValueError, match="is no key"):
        objects.put(key, b"")


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(UsageError):
        segment("")


@pytest.mark.parametrize("uri", ["gs://bucket", "http://host/path", "s3://", ""])
def test_other_places_are_refused_by_name(uri: str) -> None:
    with pytest.raises(UsageError, match="s3://bucket/prefix"):
        open_objects(uri, Settings())


def test_a_folder_is_opened_by_path_or_file_uri(tmp_path: Path) -> None:
    open_objects(str(tmp_path / "x y"), Settings()).put("a", b"one")
    uri = f"file://{tmp_path}/x%20y"
    assert open_objects(uri, Settings()).get("a").data == b"one"
    assert open_objects(uri, Settings()).uri == str(tmp_path / "x y")
