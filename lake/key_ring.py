"""The keys of all tenants of a lake: which one to write under, which open what, and their end."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Any, Protocol

from conf.errors import AntipodeError, Conflict, KeyDestroyed, UsageError
from conf.settings import Settings
from lake.local_keys import LocalKeys
from lake.objects import Objects, open_objects
from lake.tenant_keys import KMS, LOCAL, TenantKey, TenantKeys

OFF = "off"
KNOWN_SECONDS = 60.0  # how long a process goes by what it read of a register


class KeyStore(Protocol):
    """Where keys of one kind are kept."""

    def first(self, tenant: str, now: datetime) -> TenantKey:
        """Return the first key of a tenant that was never asked for one."""
        ...

    def rotated(self, tenant: str, now: datetime, name: str) -> TenantKey:
        """Return another key; `name` may tell which, where keys are made elsewhere."""
        ...

    def keyring(self, tenant: str, key: TenantKey) -> Any:
        """Return the encryption library's keyring of a key. Raises AntipodeError."""
        ...

    def destroy(self, tenant: str, key: TenantKey) -> str:
        """Destroy a key, also a second time; return what that means, as a sentence."""
        ...


class KeyRing:
    """Finds, makes and destroys keys."""

    def __init__(
        self, objects: Objects, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`clock` (seconds) ages what is remembered of the registers."""
        self.kind = settings.encryption
        if self.kind not in (OFF, LOCAL, KMS):
            raise UsageError(f"ANTIPODE_ENCRYPTION={self.kind} is none of off, local, kms.")
        self.register = TenantKeys(objects)
        self._settings, self._clock = settings, clock
        self._known: dict[str, tuple[float, tuple[TenantKey, ...]]] = {}
        self._stores: dict[str, KeyStore] = {}

    def for_writing(self, tenant: str, now: datetime) -> TenantKey:
        """Return the key that a tenant's new objects are to be under; the first is made here."""
        while True:
            keys = self._keys(tenant)
            newest = keys[-1] if keys else None
            if newest and newest.destroyed:
                raise KeyDestroyed(
                    f"The keys of tenant {tenant} were destroyed on {newest.destroyed[:10]}, so "
                    "nothing can be stored for it. To begin anew with another key: antipode keys "
                    f"rotate --tenant {tenant}"
                )
            if newest and newest.kind == self.kind:
                return newest
            with suppress(Conflict):  # somebody else made one at the same time: theirs it is
                self._add(tenant, self._store(self.kind).first(tenant, now), keys)

    def for_reading(self, tenant: str, key_id: str, what: str) -> TenantKey:
        """Return the key that opens `what`, a sentence's subject. Raises KeyDestroyed."""
        key = self._find(tenant, key_id)
        if key is None:
            raise AntipodeError(
                f"{what} is under key {key_id}, which the lake does not list for tenant {tenant}. "
                "Restore the register of its keys (keys/ in the lake)."
            )
        if key.destroyed:
            raise KeyDestroyed(
                f"{what} is under key {key.id} of tenant {tenant}, which was destroyed on "
                f"{key.destroyed[:10]}: nobody can read it any more."
            )
        return key

    def keyring(self, tenant: str, key_id: str) -> Any:
        """Return the encryption library's keyring of a key that is listed."""
        key = self._find(tenant, key_id)
        if key is None:
            raise KeyError(key_id)
        return self._store(key.kind).keyring(tenant, key)

    def rotate(self, tenant: str, now: datetime, name: str = "") -> TenantKey:
        """Take a new key into use for what is written from now on.

        `name` is the ARN or alias of a KMS key that exists; without, the settings name one, or
        one is made. Raises UsageError when it was in use already.
        """
        if self.kind == OFF:
            raise UsageError("Encryption is off: set ANTIPODE_ENCRYPTION=local or kms first.")
        keys = self._fresh(tenant)
        key = self._store(self.kind).rotated(tenant, now, name)
        if _find(keys, key.id):
            raise UsageError(
                f"Key {key.id} is or was in use for tenant {tenant}; let "
                "ANTIPODE_ENCRYPTION_KMS_KEY or --key name a new one."
            )
        self._add(tenant, key, keys)
        return key

    def destroy(self, tenant: str, now: datetime, key_id: str = "") -> list[str]:
        """Destroy a tenant's keys, or one that is no longer in use; return what that means.

        The register is changed first, so that nothing more is written under them. Interrupted,
        it is to be called again.
        """
        keys = self._fresh(tenant)
        if not keys:
            raise UsageError(f"Tenant {tenant} has no keys in this lake; see: antipode keys list")
        doomed = [key for key in keys if not key_id or key.id == key_id]
        if not doomed:
            raise UsageError(f"--key {key_id}: tenant {tenant} has no such key.")
        if key_id and key_id == keys[-1].id and not keys[-1].destroyed:
            raise UsageError(f"--key {key_id} is in use; rotate first, or leave out --key.")
        self._refuse_shared(tenant, {key.id for key in doomed if key.kind == KMS})
        self.register.mark_destroyed(tenant, {key.id for key in doomed}, now)
        self._known.pop(tenant, None)
        return [self._store(key.kind).destroy(tenant, key) for key in doomed]

    def _refuse_shared(self, tenant: str, ids: set[str]) -> None:
        for other in self.register.tenants() if ids else ():
            for key in self.register.of(other) if other != tenant else ():
                if key.id in ids and not key.destroyed:
                    raise UsageError(f"Key {key.id} is tenant {other}'s too: it stays.")

    def _add(self, tenant: str, key: TenantKey, after: tuple[TenantKey, ...]) -> None:
        self._known.pop(tenant, None)
        try:
            self.register.add(tenant, key, after)
        except Conflict:
            if key.kind == LOCAL:
                self._store(key.kind).destroy(tenant, key)  # nothing is under it
            raise

    def _store(self, kind: str) -> KeyStore:
        if kind not in self._stores:
            self._stores[kind] = _store(kind, self._settings)
        return self._stores[kind]

    def _find(self, tenant: str, key_id: str) -> TenantKey | None:
        return _find(self._keys(tenant), key_id) or _find(self._fresh(tenant), key_id)

    def _keys(self, tenant: str) -> tuple[TenantKey, ...]:
        read, keys = self._known.get(tenant, (0.0, ()))
        if tenant in self._known and self._clock() - read < KNOWN_SECONDS:
            return keys
        return self._fresh(tenant)

    def _fresh(self, tenant: str) -> tuple[TenantKey, ...]:
        keys = self.register.of(tenant)
        self._known[tenant] = self._clock(), keys
        return keys


def key_ring(uri: str, settings: Settings) -> KeyRing:
    """Return the keys of the lake at `uri`, without opening its tables."""
    return KeyRing(open_objects(uri, settings), settings)


def _store(kind: str, settings: Settings) -> KeyStore:
    if kind == LOCAL:
        return LocalKeys(settings.encryption_keys)
    from lake.kms_keys import KmsKeys  # loads boto3, which costs half a second

    return KmsKeys(settings)


def _find(keys: tuple[TenantKey, ...], key_id: str) -> TenantKey | None:
    return next((key for key in keys if key.id == key_id), None)
