"""A run on an encrypted lake counts and holds what one on a plain lake does."""

from pathlib import Path

import pytest
from lake_tables import events, quarantine
from okta_records import lines

from conf.errors import AntipodeError
from jobs.normalize import Target, normalize
from jobs.replay import replay
from lake.lake import Lake
from lake.raw import compress
from lake.streams import Stream


@pytest.fixture
def encrypted(tmp_path: Path, target: Target) -> Target:
    chosen = {"encryption": "local", "encryption_keys": tmp_path / "keys"}
    return Target(
        str(tmp_path / "encrypted"),
        target.tenant,
        target.now,
        target.settings.model_copy(update=chosen),
    )


def _written(folder: str) -> bytes:
    files = (path for path in Path(folder).rglob("*") if path.is_file())
    return b"".join(path.read_bytes() for path in files)


def _lake(target: Target) -> Lake:
    return Lake(target.uri, target.settings)


def test_counts_events_and_replay_are_those_of_a_plain_lake(
    raw: Path, target: Target, encrypted: Target
) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 40) + b"not json\n" + lines(30, 20))
    plain = normalize(raw, target, workers=1)
    again = normalize(raw, encrypted, workers=1)
    assert again == plain
    assert {row["metadata"]["uid"] for row in events(encrypted)} == {
        row["metadata"]["uid"] for row in events(target)
    }
    assert replay(encrypted) == replay(target)
    assert all(key.endswith(".enc") for key in _lake(encrypted).raw.all_objects("acme"))


def test_the_work_of_several_processes_is_encrypted_too(raw: Path, encrypted: Target) -> None:
    for number in range(2):
        (raw / "okta" / f"{number}.ndjson").write_bytes(lines(30 * number, 30))
    assert normalize(raw, encrypted, workers=2).mapped == 60
    keys = list(_lake(encrypted).raw.all_objects("acme"))
    assert len(keys) == 2
    assert all(compress(lines(0, 30)) not in _lake(encrypted).objects.get(key).data for key in keys)
    assert len(_lake(encrypted).encryption.key_ring.register.of("acme")) == 1


def test_no_key_is_anywhere_in_the_lake(tmp_path: Path, raw: Path, encrypted: Target) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 10))
    normalize(raw, encrypted, workers=1)
    (file,) = (tmp_path / "keys").rglob("*.key")
    assert file.read_bytes().strip() not in _written(encrypted.uri)


def test_raw_objects_of_a_destroyed_key_do_not_hold_up_what_comes_after(
    raw: Path, encrypted: Target
) -> None:
    left_behind = Stream("acme", "okta", "import-0")
    _lake(encrypted).raw.append(left_behind, compress(lines(0, 5)), "ndjson", encrypted.now)
    _lake(encrypted).encryption.key_ring.destroy("acme", encrypted.now)
    _lake(encrypted).encryption.key_ring.rotate("acme", encrypted.now)
    (raw / "okta" / "a.ndjson").write_bytes(lines(100, 20))
    counts = normalize(raw, encrypted, workers=1)
    assert (counts.read, counts.mapped) == (20, 20)
    assert len(events(encrypted)) == 20


def test_a_replay_leaves_events_whose_raw_objects_are_gone(raw: Path, encrypted: Target) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 10))
    normalize(raw, encrypted, workers=1)
    _lake(encrypted).encryption.key_ring.destroy("acme", encrypted.now)
    assert replay(encrypted).read == 0
    assert len(events(encrypted)) == 10


def test_a_missing_key_stops_a_run_and_loses_nothing(
    tmp_path: Path, raw: Path, encrypted: Target
) -> None:
    left_behind = Stream("acme", "okta", "import-0")
    _lake(encrypted).raw.append(left_behind, compress(lines(0, 5)), "ndjson", encrypted.now)
    (raw / "okta" / "a.ndjson").write_bytes(lines(5, 5))
    elsewhere = encrypted.settings.model_copy(update={"encryption_keys": tmp_path / "other"})
    with pytest.raises(AntipodeError, match="ANTIPODE_ENCRYPTION_KEYS"):
        normalize(raw, Target(encrypted.uri, "acme", encrypted.now, elsewhere), workers=1)
    assert (events(encrypted), quarantine(encrypted)) == ([], [])
    assert normalize(raw, encrypted, workers=1).mapped == 10
