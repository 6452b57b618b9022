"""Which keys a tenant has: their names and times, never the keys themselves.

The register is one object for each tenant, `keys/<tenant>.json`, changed by compare-and-swap. It
decides under which key is written and which may be read: the newest key is in use, older ones
still read, a destroyed one does nothing any more.
"""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from conf.errors import Conflict, Damaged
from lake.objects import Objects, segment, unsegment

LOCAL, KMS = "local", "kms"  # kinds of keys
_PREFIX = "keys/"


@dataclass(frozen=True)
class TenantKey:
    """A key of a tenant.

    `id`         a name without secret: of a local key its file's, of a KMS key its ARN.
    `kind`       local or kms.
    `created`    when it came into use, ISO 8601, UTC.
    `check`      a hash that tells the right local key from any other; "" for KMS.
    `destroyed`  when it was destroyed, ISO 8601, UTC; "" when it was not.
    """

    id: str
    kind: str
    created: str
    check: str = ""
    destroyed: str = ""


class TenantKeys:
    """The registers of a lake."""

    def __init__(self, objects: Objects) -> None:
        """Use the lake's objects."""
        self._objects = objects

    def of(self, tenant: str) -> tuple[TenantKey, ...]:
        """Return the keys of a tenant, oldest first."""
        return self._read(tenant)[0]

    def tenants(self) -> Iterator[str]:
        """Yield the tenants that have or had a key."""
        for key in self._objects.list(_PREFIX):
            yield unsegment(key.removeprefix(_PREFIX).removesuffix(".json"))

    def add(self, tenant: str, key: TenantKey, after: tuple[TenantKey, ...]) -> None:
        """Take a key into use. Raises Conflict unless `after` are the tenant's keys until now."""
        known, etag = self._read(tenant)
        if known != after:
            raise Conflict(f"The keys of tenant {tenant} have changed; read them again.")
        self._write(tenant, (*known, key), etag)

    def mark_destroyed(self, tenant: str, ids: Collection[str], now: datetime) -> None:
        """Note that keys are destroyed, as of `now` (UTC) where that was not noted before."""
        when = now.isoformat(timespec="seconds")
        while True:
            known, etag = self._read(tenant)
            marked = tuple(
                replace(key, destroyed=key.destroyed or when) if key.id in ids else key
                for key in known
            )
            with suppress(Conflict):
                self._write(tenant, marked, etag)
                return

    def _read(self, tenant: str) -> tuple[tuple[TenantKey, ...], str | None]:
        name = _name(tenant)
        try:
            found = self._objects.get(name)
        except KeyError:
            return (), None
        try:
            keys = json.loads(found.data)["keys"]
            return tuple(TenantKey(**key) for key in keys), found.etag
        except (ValueError, TypeError, KeyError) as error:
            raise Damaged(f"{self._objects.uri}/{name} is no register of keys; restore it.") from (
                error
            )

    def _write(self, tenant: str, keys: tuple[TenantKey, ...], etag: str | None) -> None:
        text = json.dumps({"keys": [asdict(key) for key in keys]}, indent=1, sort_keys=True)
        self._objects.put_if(_name(tenant), text.encode(), etag)


def _name(tenant: str) -> str:
    return f"{_PREFIX}{segment(tenant)}.json"
