"""What becomes of encrypted objects when keys are missing, wrong, changed or destroyed."""

from pathlib import Path

import pytest
from encrypted_lakes import NOW, SECRET, Opener, add, key_file

from conf.errors import AntipodeError, KeyDestroyed
from lake.streams import Stream


@pytest.fixture
def opened(lake_uri: str, tmp_path: Path) -> Opener:
    return Opener(lake_uri, tmp_path)


def test_a_missing_key_is_named_with_the_object_and_what_to_do(
    opened: Opener, tmp_path: Path
) -> None:
    key = add(opened())
    (entry,) = opened().encryption.key_ring.register.of("acme")
    with pytest.raises(AntipodeError, match="ANTIPODE_ENCRYPTION_KEYS") as caught:
        opened(keys="elsewhere").raw.read(key)
    assert entry.id in str(caught.value)
    assert str(tmp_path / "elsewhere") in str(caught.value)
    assert key in str(caught.value)
    # And nothing is written under a key that is made up in its place.
    with pytest.raises(AntipodeError, match=entry.id):
        add(opened(keys="elsewhere"))


def test_a_wrong_key_is_told_from_the_right_one_before_it_is_used(
    opened: Opener, tmp_path: Path
) -> None:
    key = add(opened())
    file = key_file(tmp_path)
    right = file.read_bytes()
    for wrong in (b"A" * 43 + b"=\n", b"no base64 !\n", b""):
        file.write_bytes(wrong)
        for use in (lambda: opened().raw.read(key), lambda: add(opened())):
            with pytest.raises(AntipodeError, match="Put the right file back") as caught:
                use()
            assert str(file) in str(caught.value)
    file.write_bytes(right)
    assert opened().raw.read(key) == SECRET


def test_a_key_that_the_register_lost_is_named(opened: Opener) -> None:
    key = add(opened())
    (entry,) = opened().encryption.key_ring.register.of("acme")
    opened().objects.delete("keys/acme.json")
    with pytest.raises(AntipodeError, match="Restore the register") as caught:
        opened().raw.read(key)
    assert entry.id in str(caught.value)


def test_after_a_rotation_old_objects_read_and_new_ones_are_under_the_new_key(
    opened: Opener, tmp_path: Path
) -> None:
    lake = opened()
    old = add(lake)
    (first,) = lake.encryption.key_ring.register.of("acme")
    second = lake.encryption.key_ring.rotate("acme", NOW.replace(hour=9))
    new = add(lake)
    assert first.id.encode() in lake.objects.get(old).data
    assert second.id.encode() in lake.objects.get(new).data
    assert first.id.encode() not in lake.objects.get(new).data
    assert [opened().raw.read(key) for key in (old, new)] == [SECRET, SECRET]


def test_what_was_under_a_destroyed_key_is_lost_for_good(opened: Opener, tmp_path: Path) -> None:
    lake = opened()
    key, other = add(lake), add(lake, stream=Stream("other", "okta", "log"))
    file = next((tmp_path / "keys" / "acme").glob("*.key"))
    lake.encryption.key_ring.destroy("acme", NOW)
    assert not file.exists()
    for reader in (lake, opened()):  # also where the data key is remembered
        with pytest.raises(KeyDestroyed, match="2026-01-02") as caught:
            reader.raw.read(key)
        assert key in str(caught.value)
        assert reader.raw.read(other) == SECRET
    # Even a register that is put back does not bring it back.
    register = lake.objects.get("keys/acme.json").data
    lake.objects.put("keys/acme.json", register.replace(b"2026-01-02T03:04:05+00:00", b""))
    with pytest.raises(AntipodeError, match="cannot be read"):
        opened().raw.read(key)


def test_nothing_is_stored_for_a_tenant_whose_keys_are_destroyed_until_a_new_one_is_made(
    opened: Opener,
) -> None:
    lost = add(opened())
    opened().encryption.key_ring.destroy("acme", NOW)
    with pytest.raises(KeyDestroyed, match="antipode keys rotate --tenant acme"):
        add(opened())
    opened().encryption.key_ring.rotate("acme", NOW)
    assert opened().raw.read(add(opened())) == SECRET
    with pytest.raises(KeyDestroyed):
        opened().raw.read(lost)
