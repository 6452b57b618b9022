"""Keys in a folder of this machine, one file each: encryption without any account."""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import Any

from conf.errors import AntipodeError, UsageError
from lake.objects import segment
from lake.tenant_keys import LOCAL, TenantKey

_BYTES = 32  # AES-256
_NAMESPACE = "antipode"


class LocalKeys:
    """The keys below `folder`: `<tenant>/<id>.key`, 32 random bytes as base64, for nobody else."""

    def __init__(self, folder: Path) -> None:
        """Use a folder, which need not exist yet."""
        self._folder = folder

    def rotated(self, tenant: str, now: datetime, name: str) -> TenantKey:
        """Return a new key; it is always made here."""
        if name:
            raise UsageError(f"--key {name}: local keys are made here; leave it out.")
        return self.first(tenant, now)

    def first(self, tenant: str, now: datetime) -> TenantKey:
        """Make a key and bring it to the disk."""
        name = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(4)}"
        material = secrets.token_bytes(_BYTES)
        path = self._path(tenant, name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write(path, base64.b64encode(material) + b"\n", os.O_CREAT | os.O_EXCL)
        except OSError as error:
            raise AntipodeError(
                f"Could not make the key {path}: {error.strerror}. "
                "Let ANTIPODE_ENCRYPTION_KEYS name a folder that can be written."
            ) from error
        created = now.isoformat(timespec="seconds")
        return TenantKey(name, LOCAL, created, check=_check(tenant, material))

    def keyring(self, tenant: str, key: TenantKey) -> Any:
        """Return the encryption library's keyring of a key."""
        from aws_cryptographic_material_providers.mpl.models import (
            AesWrappingAlg,
            CreateRawAesKeyringInput,
        )

        from lake.message import providers

        return providers().create_raw_aes_keyring(
            CreateRawAesKeyringInput(
                key_namespace=_NAMESPACE,
                key_name=f"{tenant}/{key.id}",
                wrapping_key=self._material(tenant, key),
                wrapping_alg=AesWrappingAlg.ALG_AES256_GCM_IV12_TAG16,
            )
        )

    def destroy(self, tenant: str, key: TenantKey) -> str:
        """Overwrite and remove a key's file; return what that means, as a sentence."""
        path = self._path(tenant, key.id)
        try:
            _write(path, b"\0" * path.stat().st_size, 0)
            path.unlink()
        except FileNotFoundError:
            return f"{path} was not there; destroy its copies elsewhere, too."
        except OSError as error:
            raise AntipodeError(f"Could not destroy {path}: {error.strerror}.") from error
        return f"{path} is gone; destroy its copies elsewhere, too."

    def _material(self, tenant: str, key: TenantKey) -> bytes:
        path = self._path(tenant, key.id)
        try:
            material = base64.b64decode(path.read_bytes(), validate=False)
        except OSError as error:
            raise AntipodeError(
                f"Key {key.id} of tenant {tenant} cannot be read from {path} ({error.strerror}). "
                "Copy it there, or let ANTIPODE_ENCRYPTION_KEYS name the folder that holds it."
            ) from error
        except binascii.Error:
            material = b""
        if len(material) != _BYTES or not hmac.compare_digest(_check(tenant, material), key.check):
            raise AntipodeError(
                f"{path} is not key {key.id} of tenant {tenant}, it holds something else. "
                "Put the right file back."
            )
        return material

    def _path(self, tenant: str, name: str) -> Path:
        return self._folder / segment(tenant) / f"{segment(name)}.key"


def _check(tenant: str, material: bytes) -> str:
    # Of 256 random bits nothing can be learned from this.
    message = f"antipode key of {tenant}".encode()
    return hmac.new(material, message, hashlib.sha256).hexdigest()[:32]


def _write(path: Path, content: bytes, how: int) -> None:
    file = os.open(path, os.O_WRONLY | how, 0o600)
    try:
        os.write(file, content)
        os.fsync(file)
    finally:
        os.close(file)
