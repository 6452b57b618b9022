"""Raw objects and streams: what counts, in which order, and what may be swept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from conf.errors import Conflict, Damaged, UsageError
from lake import raw as raw_module
from lake.lake import Lake
from lake.objects import Object, Objects
from lake.raw import Raw, compress, form_of, named_at
from lake.streams import KEPT_SETTLED, Stream

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
STREAM = Stream("acme", "okta", "log")


@pytest.fixture
def raw(lake: Lake) -> Raw:
    return lake.raw


def _fill(raw: Raw, count: int, stream: Stream = STREAM) -> list[str]:
    return [raw.append(stream, compress(b"%d\n" % n), "ndjson", NOW).key for n in range(count)]


def test_objects_of_a_stream_are_numbered_from_one_and_read_back(raw: Raw) -> None:
    first = raw.append(STREAM, compress(b"one\n"), "ndjson", NOW)
    second = raw.append(STREAM, compress(b"two\n"), "json", NOW, digest="d2")
    assert (first.sequence, second.sequence) == (1, 2)
    assert (raw.read(first.key), raw.read(second.key)) == (b"one\n", b"two\n")
    with raw.open(second.key) as stream:
        assert stream.read() == b"two\n"
    assert [(entry.sequence, entry.key, entry.digest) for entry in raw.pending(STREAM)] == [
        (1, first.key, None),
        (2, second.key, "d2"),
    ]


def test_a_key_tells_source_tenant_hour_time_and_form(raw: Raw) -> None:
    key = raw.append(Stream("a/b", "okta", "x-y.z"), compress(b""), "csv", NOW).key
    assert key.startswith("raw/source=okta/tenant=a%2Fb/date=2026-01-02/hour=03/2026010203040500")
    assert key.endswith("-x-y.z.csv.zst")
    assert form_of(key) == "csv"
    assert named_at(key) == "20260102030405000000"


def test_tenants_sources_and_streams_are_kept_apart(raw: Raw) -> None:
    names = [
        ("acme", "okta", "a"),
        ("acme", "okta", "b"),
        ("acme", "zoom", "a"),
        ("acme2", "okta", "a"),
    ]
    keys = {name: _fill(raw, 2, Stream(*name)) for name in names}
    assert raw.streams("acme") == [Stream(*name) for name in names[:3]]
    assert list(raw.all_objects("acme")) == [key for name in names[:3] for key in keys[name]]
    assert list(raw.all_objects("acme", "zoom")) == keys["acme", "zoom", "a"]
    assert list(raw.all_objects("nobody")) == []


def test_settled_objects_are_no_longer_pending_but_still_count(raw: Raw) -> None:
    keys = _fill(raw, 3)
    raw.settle(STREAM, 2)
    raw.settle(STREAM, 1)
    assert [entry.key for entry in raw.pending(STREAM)] == keys[2:]
    assert [entry.key for entry in raw.entries(STREAM)] == keys
    with pytest.raises(ValueError, match="no object number 4"):
        raw.settle(STREAM, 4)


def test_a_cursor_stays_small_and_the_order_is_kept(raw: Raw) -> None:
    keys = []
    for _ in range(3):
        keys += _fill(raw, KEPT_SETTLED)
        raw.settle(STREAM, len(keys) - 10)
    assert len(raw.cursor(STREAM).entries) < 2 * KEPT_SETTLED
    assert [entry.key for entry in raw.entries(STREAM)] == keys
    assert [entry.key for entry in raw.pending(STREAM)] == keys[-10:]
    assert [entry.sequence for entry in raw.entries(STREAM)] == list(range(1, len(keys) + 1))


def test_the_position_moves_with_the_object(raw: Raw) -> None:
    assert raw.position(STREAM) is None
    raw.append(STREAM, compress(b"1"), "json", NOW, position={"page": 1})
    raw.append(STREAM, compress(b"2"), "json", NOW, position={"page": 2}, after={"page": 1})
    assert raw.position(STREAM) == {"page": 2}
    raw.append(STREAM, compress(b"3"), "json", NOW)
    assert raw.position(STREAM) == {"page": 2}


def test_bytes_from_a_position_that_was_left_are_refused(raw: Raw) -> None:
    raw.append(STREAM, compress(b"1"), "json", NOW, position={"page": 1})
    for after in (None, {"page": 0}):
        with pytest.raises(Conflict):
            raw.append(STREAM, compress(b"x"), "json", NOW, position={"page": 9}, after=after)
    assert raw.cursor(STREAM).sequence == 1


def test_objects_appended_at_once_all_count(raw: Raw) -> None:
    with ThreadPoolExecutor(6) as pool:
        added = list(
            pool.map(lambda n: raw.append(STREAM, compress(b"%d" % n), "json", NOW), range(24))
        )
    assert sorted(one.sequence for one in added) == list(range(1, 25))
    assert {(entry.sequence, entry.key) for entry in raw.entries(STREAM)} == set(added)


def test_an_object_too_large_is_refused(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_module, "MAX_BYTES", 10)
    with pytest.raises(UsageError, match="split it"):
        raw.append(STREAM, b"x" * 11, "json", NOW)


def test_a_damaged_cursor_is_named(lake: Lake) -> None:
    lake.objects.put("cursors/acme/okta/log.json", b"{half")
    with pytest.raises(Damaged, match=r"cursors/acme/okta/log\.json"):
        lake.raw.pending(STREAM)


def test_a_damaged_object_is_named(lake: Lake) -> None:
    key = lake.raw.append(STREAM, compress(b"x" * 100), "json", NOW).key
    lake.objects.put(key, lake.objects.get(key).data[:-2] + b"??")
    with pytest.raises(Damaged, match="restore it"):
        lake.raw.read(key)


def test_a_time_without_zone_is_refused(raw: Raw) -> None:
    with pytest.raises(ValueError, match="with their zone"):
        raw.append(STREAM, b"", "json", datetime(2026, 1, 1))  # noqa: DTZ001 - what is refused


def test_imports_are_recognised_by_digest(raw: Raw) -> None:
    assert raw.imported("acme", "okta", "d1") is None
    raw.mark_imported("acme", "okta", "d1", {"records": 3})
    assert raw.imported("acme", "okta", "d1") == {"records": 3}
    assert raw.imported("acme", "zoom", "d1") is None


def test_objects_that_never_came_to_count_are_swept_when_old(lake: Lake) -> None:
    keys = _fill(lake.raw, KEPT_SETTLED + 3)
    lake.raw.settle(STREAM, KEPT_SETTLED + 1)
    orphan = keys[0].replace("-log.", "-other.")
    young = keys[0].replace("20260102030405", "20260103030405")
    foreign = "raw/notes.txt"
    for key in (orphan, young, foreign):
        lake.objects.put(key, b"")
    assert lake.raw.sweep(NOW + timedelta(hours=25), timedelta(hours=24)) == 1
    assert set(lake.objects.list("raw/")) == {*keys, young, foreign}
    assert lake.raw.sweep(NOW + timedelta(hours=25), timedelta(hours=24)) == 0
    assert [entry.key for entry in lake.raw.entries(STREAM)] == keys


class _Interrupted:
    """Objects that call somebody in right before or after the swap of a cursor."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self.before: Callable[[], Any] | None = None
        self.lose_answer = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._objects, name)

    def get(self, key: str) -> Object:
        return self._objects.get(key)

    def put_if(self, key: str, data: bytes, etag: str | None) -> str:
        before, self.before = self.before, None
        if before:
            before()
        etag = self._objects.put_if(key, data, etag)
        if self.lose_answer:
            self.lose_answer = False
            raise Conflict("the store saw the write twice")
        return etag


def test_a_writer_that_a_sweep_overtakes_stores_its_bytes_again(lake: Lake) -> None:
    slow = _Interrupted(lake.objects)
    later = NOW + timedelta(days=3)
    swept: list[int] = []
    slow.before = lambda: swept.append(lake.raw.sweep(later, timedelta(days=1)))
    added = Raw(slow).append(STREAM, compress(b"kept"), "json", NOW)
    assert swept == [1]
    assert lake.raw.read(added.key) == b"kept"
    assert list(lake.raw.all_objects("acme")) == [added.key]
    assert lake.raw.sweep(later, timedelta(days=1)) == 0
    assert lake.raw.read(added.key) == b"kept"


def test_a_sweep_that_a_writer_overtakes_spares_its_object(lake: Lake) -> None:
    slow = _Interrupted(lake.objects)
    lake.raw.append(STREAM, compress(b"one"), "json", NOW)
    folder, name = next(lake.raw.all_objects("acme")).rsplit("/", 1)
    stamp = name.split("-")[0]
    lake.objects.put(f"{folder}/{stamp}-{'0' * 16}-log.json.zst", b"orphan")
    slow.before = lambda: lake.raw.append(STREAM, compress(b"two"), "json", NOW)
    assert Raw(slow).sweep(NOW + timedelta(days=3), timedelta(days=1)) == 1
    assert [lake.raw.read(key) for key in lake.raw.all_objects("acme")] == [b"one", b"two"]


def test_a_swap_whose_answer_is_lost_counts_once(lake: Lake) -> None:
    unsure = _Interrupted(lake.objects)
    unsure.lose_answer = True
    added = Raw(unsure).append(STREAM, compress(b"one"), "json", NOW, position={"page": 1})
    assert added.sequence == 1
    assert list(lake.raw.all_objects("acme")) == [added.key]
    assert lake.raw.position(STREAM) == {"page": 1}
