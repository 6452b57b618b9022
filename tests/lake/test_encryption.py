"""Raw objects under a key: who has it reads what was written, and nothing else; others nothing."""

import io
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from encrypted_lakes import NOW, SECRET, STREAM, Opener, add, key_file
from hypothesis import given, settings
from hypothesis import strategies as st

from conf.errors import AntipodeError, UsageError
from conf.settings import Settings
from lake.lake import Lake
from lake.message import FRAME_BYTES
from lake.raw import Raw, compress, form_of
from lake.records import Chunk, pieces
from lake.streams import Stream


@pytest.fixture
def opened(lake_uri: str, tmp_path: Path) -> Opener:
    return Opener(lake_uri, tmp_path)


@pytest.fixture
def local(tmp_path: Path) -> Lake:
    return Opener(str(tmp_path / "a lake"), tmp_path)()


def test_an_object_is_stored_unreadable_and_read_back_by_any_process_that_has_the_key(
    opened: Opener,
) -> None:
    key = add(opened())
    assert key.endswith(".ndjson.zst.enc")
    assert form_of(key) == "ndjson"
    stored = opened().objects.get(key).data
    assert compress(SECRET) not in stored
    assert b"alice" not in stored
    # Reading takes the key but no setting.
    reader = opened("off")
    assert reader.raw.read(key) == SECRET
    (chunk,) = pieces(reader.raw, key)
    assert isinstance(chunk, Chunk)
    assert chunk.data == SECRET


def test_nothing_is_encrypted_unless_asked_for(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"), Settings(encryption_keys=tmp_path / "keys"))
    key = add(lake)
    assert key.endswith(".ndjson.zst")
    assert lake.objects.get(key).data == compress(SECRET)
    assert not (tmp_path / "keys").exists()


def test_the_library_can_be_loaded_beforehand(opened: Opener) -> None:
    for kind, loaded in (("off", False), ("local", True)):
        lake = opened(kind)
        lake.encryption.prepare()
        assert ("_messages" in vars(lake.encryption)) == loaded


def test_objects_from_before_encryption_was_switched_on_still_read(opened: Opener) -> None:
    before = add(opened("off"))
    after = add(opened())
    assert [opened().raw.read(key) for key in (before, after)] == [SECRET, SECRET]


def test_a_cursor_tells_the_size_as_stored(local: Lake) -> None:
    key = add(local)
    (entry,) = local.raw.pending(STREAM)
    assert entry.size == len(local.objects.get(key).data)


def test_orphans_are_swept_whether_encrypted_or_not(local: Lake) -> None:
    key = add(local)
    folder, name = key.rsplit("/", 1)
    local.objects.put(f"{folder}/{name.replace('-log.', '-other.')}", b"")
    later = NOW.replace(day=9)
    assert local.raw.sweep(later, later - NOW.replace(day=5)) == 1
    assert local.raw.read(key) == SECRET


def test_one_data_key_serves_a_tenant_for_a_day(
    local: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    ring = local.encryption.key_ring
    original = ring.keyring

    def watched(tenant: str, key: str) -> Any:
        asked.append(tenant)
        return original(tenant, key)

    monkeypatch.setattr(ring, "keyring", watched)
    zoom = Stream("acme", "zoom", "log")
    keys = [add(local), add(local), add(local, stream=zoom)]
    assert asked == ["acme"]
    keys.append(add(local, stream=Stream("other", "okta", "log")))
    keys.append(local.raw.append(STREAM, compress(SECRET), "json", NOW.replace(day=3)).key)
    assert asked == ["acme", "other", "acme"]
    assert [local.raw.read(key) for key in keys] == [SECRET] * 5


@pytest.mark.parametrize(
    "other",
    [STREAM, Stream("acme", "zoom", "log"), Stream("other", "okta", "log")],
    ids=["of the same stream", "of another source", "of another tenant"],
)
def test_an_object_in_place_of_another_is_found_out(local: Lake, other: Stream) -> None:
    mine, theirs = add(local), add(local, b"other\n", other)
    local.objects.put(mine, local.objects.get(theirs).data)
    with pytest.raises(AntipodeError, match="holds another object") as caught:
        local.raw.read(mine)
    assert mine in str(caught.value)
    assert theirs in str(caught.value)


def test_plain_bytes_in_place_of_an_encrypted_object_are_found_out(local: Lake) -> None:
    key = add(local)
    local.objects.put(key, compress(b"forged\n"))
    with pytest.raises(AntipodeError, match="Restore it"):
        local.raw.read(key)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_no_changed_bit_and_no_cut_goes_unnoticed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged"
    lake = Lake(str(folder), Settings(encryption="local", encryption_keys=folder / "keys"))
    key = next(lake.raw.all_objects("acme"), "") or add(lake, bytes(range(256)) * 3)
    stored = lake.objects.get(key).data
    place = data.draw(st.integers(0, len(stored) - 1))
    if data.draw(st.booleans()):
        changed = bytearray(stored)
        changed[place] ^= 1 << data.draw(st.integers(0, 7))
    else:
        changed = bytearray(stored[:place])
    with pytest.raises(AntipodeError) as caught:
        lake.encryption.decrypt(key, bytes(changed)).read()
    assert key in str(caught.value)


def test_damage_in_the_last_frame_is_an_error_and_no_bad_record(local: Lake) -> None:
    noise = b"".join(b"%d\n" % (n * 7919 % 1_000_003) for n in range(200_000))
    key = add(local, noise)
    stored = local.objects.get(key).data
    assert len(stored) > 2 * FRAME_BYTES
    local.objects.put(key, stored[:-1] + bytes([stored[-1] ^ 1]))
    with pytest.raises(AntipodeError, match="Restore it"):
        list(pieces(local.raw, key))


def test_reading_takes_no_more_memory_than_a_few_frames(local: Lake) -> None:
    size = 24 * FRAME_BYTES
    body = bytes(size)
    key = add(local)
    stored = local.encryption.encrypt(key, body, NOW)
    with local.encryption.decrypt(key, stored) as warm:
        warm.read(1)
    tracemalloc.start()
    try:
        with local.encryption.decrypt(key, stored) as stream:
            base = tracemalloc.get_traced_memory()[0]
            while stream.read(FRAME_BYTES):
                pass
            peak = tracemalloc.get_traced_memory()[1] - base
    finally:
        tracemalloc.stop()
    assert peak < size / 3


def test_raw_objects_without_their_lake_are_not_taken_for_plain_ones(local: Lake) -> None:
    key = add(local)
    with pytest.raises(UsageError, match="encrypted"):
        Raw(local.objects).read(key)


def test_no_key_is_in_the_lake_or_in_what_is_said(
    local: Lake, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    key = add(local)
    said = io.StringIO()
    for wrong in (b"", local.objects.get(key).data[:-1]):
        with pytest.raises(AntipodeError) as caught:
            local.encryption.decrypt(key, wrong).read()
        print(repr(caught.value), repr(caught.value.__cause__), caplog.text, file=said)
    material = key_file(tmp_path).read_bytes().strip()
    written = b"".join(
        path.read_bytes() for path in (tmp_path / "a lake").rglob("*") if path.is_file()
    )
    assert len(material) == 44
    assert material not in written
    assert material.decode() not in said.getvalue()
    assert key_file(tmp_path).stat().st_mode & 0o077 == 0
