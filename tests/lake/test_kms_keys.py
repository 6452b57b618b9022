"""Keys of AWS KMS, against a simulated KMS: asked seldom, named exactly, and ended for good."""

import base64
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from conf.errors import AntipodeError, KeyDestroyed, UsageError
from conf.settings import Settings
from lake.kms_keys import KmsKeys
from lake.lake import Lake
from lake.raw import compress
from lake.streams import Stream

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SECRET = b'{"user":"alice@example.com"}\n'


@pytest.fixture
def kms(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    with mock_aws():
        yield boto3.client("kms", region_name="eu-west-1")


@pytest.fixture
def calls(kms: Any, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What KMS is asked from here on: the operation and its parameters."""
    seen: list[tuple[str, dict[str, Any]]] = []
    original = KmsKeys._client

    def watched(self: KmsKeys, name: str) -> Any:
        client = original(self, name)
        client.meta.events.register(
            "provide-client-params.kms.*",
            lambda params, model, **_: seen.append((model.name, dict(params))),
            unique_id="watched",
        )
        return client

    monkeypatch.setattr(KmsKeys, "_client", watched)
    return seen


def _lake(folder: Path, named: str = "") -> Lake:
    chosen = Settings(encryption="kms", encryption_kms_key=named, s3_region="eu-west-1")
    return Lake(str(folder / "lake"), chosen)


def _add(lake: Lake, tenant: str = "acme", source: str = "okta") -> str:
    stream = Stream(tenant, source, "log")
    return lake.raw.append(stream, compress(SECRET), "ndjson", NOW).key


def _alias(kms: Any, name: str) -> str:
    arn: str = kms.create_key()["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName=name, TargetKeyId=arn)
    return arn


def test_each_tenant_is_under_the_key_that_its_alias_names(kms: Any, tmp_path: Path) -> None:
    arns = {name: _alias(kms, f"alias/antipode-{name}") for name in ("acme", "other")}
    for tenant, arn in arns.items():
        lake = _lake(tmp_path, "alias/antipode-{tenant}")
        key = _add(lake, tenant)
        assert arn.encode() in lake.objects.get(key).data
        assert SECRET not in lake.objects.get(key).data
        assert _lake(tmp_path).raw.read(key) == SECRET


def test_kms_is_asked_once_for_a_tenant_and_day_and_told_which(
    kms: Any, calls: list[tuple[str, dict[str, Any]]], tmp_path: Path
) -> None:
    _alias(kms, "alias/antipode")
    lake = _lake(tmp_path, "alias/antipode")
    keys = [_add(lake), _add(lake), _add(lake, source="zoom")]
    made = [params for name, params in calls if name == "GenerateDataKey"]
    assert len(made) == 1
    (key,) = lake.encryption.key_ring.register.of("acme")
    context = made[0]["EncryptionContext"]
    assert context == {"tenant": "acme", "day": "2026-01-02", "key": key.id}
    calls.clear()
    reader = _lake(tmp_path)
    assert [reader.raw.read(one) for one in keys] == [SECRET] * 3
    assert [name for name, _ in calls] == ["Decrypt"]


def test_a_key_is_made_only_when_asked_for(kms: Any, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ANTIPODE_ENCRYPTION_KMS_KEY"):
        _add(_lake(tmp_path))
    made = _lake(tmp_path).encryption.key_ring.rotate("acme", NOW)
    tags = kms.list_resource_tags(KeyId=made.id)["Tags"]
    assert tags == [{"TagKey": "antipode-tenant", "TagValue": "acme"}]  # by which roles may use it
    assert kms.describe_key(KeyId=made.id)["KeyMetadata"]["Description"].endswith("acme")
    lake = _lake(tmp_path)
    assert made.id.encode() in lake.objects.get(_add(lake)).data


def test_after_a_rotation_old_objects_read_and_new_ones_are_under_the_new_key(
    kms: Any, tmp_path: Path
) -> None:
    first = _alias(kms, "alias/antipode-acme")
    lake = _lake(tmp_path, "alias/antipode-{tenant}")
    old = _add(lake)
    with pytest.raises(UsageError, match="is or was in use"):
        lake.encryption.key_ring.rotate("acme", NOW)
    second = kms.create_key()["KeyMetadata"]["Arn"]
    kms.update_alias(AliasName="alias/antipode-acme", TargetKeyId=second)
    assert lake.encryption.key_ring.rotate("acme", NOW).id == second
    new = _add(lake)
    assert first.encode() in lake.objects.get(old).data
    assert second.encode() in lake.objects.get(new).data
    assert [_lake(tmp_path).raw.read(key) for key in (old, new)] == [SECRET, SECRET]


def test_a_lake_may_go_from_local_keys_to_kms(kms: Any, tmp_path: Path) -> None:
    local = Settings(encryption="local", encryption_keys=tmp_path / "keys")
    old = _add(Lake(str(tmp_path / "lake"), local))
    arn = _alias(kms, "alias/antipode")
    lake = Lake(
        str(tmp_path / "lake"),
        local.model_copy(update={"encryption": "kms", "encryption_kms_key": arn}),
    )
    new = _add(lake)
    assert arn.encode() in lake.objects.get(new).data
    assert [lake.raw.read(key) for key in (old, new)] == [SECRET, SECRET]


def test_a_destroyed_key_opens_nothing_and_its_deletion_is_ordered(
    kms: Any, tmp_path: Path
) -> None:
    arn = _alias(kms, "alias/antipode-acme")
    lake = _lake(tmp_path, "alias/antipode-{tenant}")
    key = _add(lake)
    (said,) = lake.encryption.key_ring.destroy("acme", NOW)
    about = kms.describe_key(KeyId=arn)["KeyMetadata"]
    assert about["KeyState"] == "PendingDeletion"
    assert f"{about['DeletionDate']:%Y-%m-%d}" in said
    for reader in (lake, _lake(tmp_path)):
        with pytest.raises(KeyDestroyed, match=arn):
            reader.raw.read(key)
    assert lake.encryption.key_ring.destroy("acme", NOW) == [said]


def test_a_key_that_tenants_share_is_not_destroyed_for_one_of_them(
    kms: Any, tmp_path: Path
) -> None:
    arn = _alias(kms, "alias/antipode")
    lake = _lake(tmp_path, "alias/antipode")
    keys = [_add(lake, "acme"), _add(lake, "other")]
    with pytest.raises(UsageError, match="tenant other's too"):
        lake.encryption.key_ring.destroy("acme", NOW)
    assert kms.describe_key(KeyId=arn)["KeyMetadata"]["KeyState"] == "Enabled"
    assert [_lake(tmp_path).raw.read(key) for key in keys] == [SECRET, SECRET]


@pytest.mark.parametrize("code", ["AccessDeniedException", "DisabledException"])
def test_what_kms_refuses_is_told_with_the_key_and_the_object(
    kms: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    arn = _alias(kms, "alias/antipode")
    key = _add(_lake(tmp_path, "alias/antipode"))
    client = boto3.client("kms", region_name="eu-west-1")
    monkeypatch.setattr(KmsKeys, "_client", lambda self, name: client)
    with Stubber(client) as refusing:
        for operation in ("decrypt", "generate_data_key"):
            refusing.add_client_error(operation, code, f"said by KMS: {code}")
        with pytest.raises(AntipodeError, match=f"said by KMS: {code}") as reading:
            _lake(tmp_path).raw.read(key)
        with pytest.raises(AntipodeError, match=f"said by KMS: {code}") as writing:
            _add(_lake(tmp_path))
    assert key in str(reading.value)
    for caught in (reading, writing):
        assert arn in str(caught.value)
        assert "kms:Decrypt" in str(caught.value)


def test_a_name_that_leads_to_no_key_or_to_a_disabled_one_is_told(kms: Any, tmp_path: Path) -> None:
    with pytest.raises(AntipodeError, match="alias/nowhere"):
        _add(_lake(tmp_path, "alias/nowhere"))
    arn = _alias(kms, "alias/antipode")
    kms.disable_key(KeyId=arn.rsplit("/", 1)[-1])
    with pytest.raises(UsageError, match="enable it"):
        _add(_lake(tmp_path, "alias/antipode"))


def test_no_data_key_is_logged_even_at_debug(
    kms: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _alias(kms, "alias/antipode")
    plain: list[bytes] = []
    original = KmsKeys._client

    def watched(self: KmsKeys, name: str) -> Any:
        client = original(self, name)
        client.meta.events.register(
            "after-call.kms.*",
            lambda parsed, **_: (
                plain.append(parsed["Plaintext"]) if "Plaintext" in parsed else None
            ),
            unique_id="plain",
        )
        return client

    monkeypatch.setattr(KmsKeys, "_client", watched)
    lake = _lake(tmp_path, "alias/antipode")
    key = _add(lake)
    assert _lake(tmp_path).raw.read(key) == SECRET
    assert len(plain) == 2
    assert "GenerateDataKey" in caplog.text  # it was logged that KMS was asked
    for data_key in plain:
        assert base64.b64encode(data_key).decode() not in caplog.text
        assert repr(data_key) not in caplog.text
