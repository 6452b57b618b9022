"""Registers of keys: one key in use, made once, changed by one at a time, ended on purpose only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conf.errors import Conflict, Damaged, KeyDestroyed, UsageError
from conf.settings import Settings
from lake.folder import FolderObjects
from lake.key_ring import KNOWN_SECONDS, KeyRing
from lake.tenant_keys import TenantKey, TenantKeys

NOW = datetime(2026, 1, 2, tzinfo=UTC)


class Rings:
    """Makes rings over one lake, which age what they know by `seconds`."""

    def __init__(self, folder: Path) -> None:
        self.objects = FolderObjects(folder / "lake")
        self.keys = folder / "keys"
        self.seconds = 0.0

    def __call__(self, kind: str = "local", kms_key: str = "") -> KeyRing:
        chosen = Settings(encryption=kind, encryption_keys=self.keys, encryption_kms_key=kms_key)
        return KeyRing(self.objects, chosen, lambda: self.seconds)

    def files(self) -> list[str]:
        return sorted(path.stem for path in self.keys.rglob("*.key"))


@pytest.fixture
def rings(tmp_path: Path) -> Rings:
    return Rings(tmp_path)


def test_a_tenant_is_given_its_first_key_when_something_is_written(rings: Rings) -> None:
    key = rings().for_writing("acme", NOW)
    assert rings().for_writing("acme", NOW + timedelta(days=400)) == key
    assert rings().for_writing("other", NOW) != key
    assert list(rings().register.tenants()) == ["acme", "other"]
    assert len(rings.files()) == 2


def test_of_many_that_write_first_one_key_comes_to_be(rings: Rings) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: rings().for_writing("acme", NOW), range(8)))
    assert len(keys) == 1
    assert rings.files() == [key.id for key in keys]


def test_names_of_tenants_may_be_anything(rings: Rings) -> None:
    for tenant in ("../acme", "a/b", "größe.", " "):
        key = rings().for_writing(tenant, NOW)
        assert rings().for_reading(tenant, key.id, "it") == key
    assert set(rings().register.tenants()) == {"../acme", "a/b", "größe.", " "}
    assert len(list(rings.keys.iterdir())) == 4


def test_a_process_learns_of_a_rotation_within_a_minute(rings: Rings) -> None:
    worker = rings()
    first = worker.for_writing("acme", NOW)
    second = rings().rotate("acme", NOW)
    assert worker.for_writing("acme", NOW) == first
    rings.seconds += KNOWN_SECONDS
    assert worker.for_writing("acme", NOW) == second


def test_a_key_that_is_new_to_a_process_is_looked_up_at_once(rings: Rings) -> None:
    worker = rings()
    worker.for_writing("acme", NOW)
    second = rings().rotate("acme", NOW)
    assert worker.for_reading("acme", second.id, "it") == second


def test_a_process_learns_within_a_minute_that_a_key_was_destroyed(rings: Rings) -> None:
    worker = rings()
    key = worker.for_writing("acme", NOW)
    rings().destroy("acme", NOW)
    rings.seconds += KNOWN_SECONDS
    with pytest.raises(KeyDestroyed):
        worker.for_reading("acme", key.id, "it")
    with pytest.raises(KeyDestroyed):
        worker.for_writing("acme", NOW)


def test_a_retired_key_can_be_destroyed_alone(rings: Rings) -> None:
    old, new = rings().for_writing("acme", NOW), rings().rotate("acme", NOW)
    rings().destroy("acme", NOW, old.id)
    assert rings.files() == [new.id]
    assert rings().for_writing("acme", NOW) == new
    with pytest.raises(KeyDestroyed, match="it is under key"):
        rings().for_reading("acme", old.id, "it")
    with pytest.raises(UsageError, match="in use"):
        rings().destroy("acme", NOW, new.id)
    with pytest.raises(UsageError, match="no such key"):
        rings().destroy("acme", NOW, "nonsense")


def test_destroying_twice_changes_nothing_more(rings: Rings) -> None:
    rings().for_writing("acme", NOW)
    rings().destroy("acme", NOW)
    (said,) = rings().destroy("acme", NOW + timedelta(days=3))
    assert "was not there" in said
    (key,) = rings().register.of("acme")
    assert key.destroyed == "2026-01-02T00:00:00+00:00"


def test_a_destruction_that_was_cut_short_is_completed_by_the_next(
    rings: Rings, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = rings().for_writing("acme", NOW)
    ring = rings()
    ring.register.mark_destroyed("acme", {key.id}, NOW)
    assert rings.files() == [key.id]
    with pytest.raises(KeyDestroyed):
        rings().for_writing("acme", NOW)
    rings().destroy("acme", NOW)
    assert rings.files() == []


@pytest.mark.parametrize(
    ("kind", "use", "says"),
    [
        ("aes", lambda ring: ring.for_writing("acme", NOW), "ANTIPODE_ENCRYPTION=aes"),
        ("off", lambda ring: ring.rotate("acme", NOW), "ANTIPODE_ENCRYPTION=local"),
        ("local", lambda ring: ring.rotate("acme", NOW, "arn:x"), "--key arn:x"),
        ("local", lambda ring: ring.destroy("acme", NOW), "acme has no keys"),
        ("kms", lambda ring: ring.for_writing("acme", NOW), "antipode keys rotate --tenant acme"),
    ],
)
def test_bad_usage_names_the_remedy(rings: Rings, kind: str, use: object, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        use(rings(kind))  # type: ignore[operator]  # a lambda of the parameters


def test_a_register_is_changed_by_one_at_a_time(rings: Rings) -> None:
    register = TenantKeys(rings.objects)
    one, two = (TenantKey(name, "local", "2026-01-02") for name in ("one", "two"))
    register.add("acme", one, ())
    with pytest.raises(Conflict):
        register.add("acme", two, ())
    register.add("acme", two, (one,))
    assert register.of("acme") == (one, two)


def test_a_damaged_register_is_named_and_no_new_key_is_made(rings: Rings) -> None:
    rings.objects.put("keys/acme.json", b"{half")
    with pytest.raises(Damaged, match=r"keys/acme\.json"):
        rings().for_writing("acme", NOW)
    assert rings.files() == []
