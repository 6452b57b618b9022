"""Who may call an account at present: an object in the lake, changed by compare-and-swap.

The lease only saves work, and keeps one budget in one hand; no data depends on it (the swap of the
cursor sees to that). Whether one has run out is told by the store's own clock: a foreign lease is
compared with an object that was written just now. Its holder renews it with every page, before
every request and wait and while an answer comes in: nothing of these lasts two thirds of its life.
What the next holder needs to know
(the budget) travels with it.
"""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from conf.errors import Conflict
from lake.objects import Object, Objects, segment

LIFE = timedelta(minutes=5)
_MARGIN = timedelta(seconds=2)  # S3 tells times in whole seconds


class Held(Exception):
    """Somebody else holds the lease."""


@dataclass
class Lease:
    """A lease that is held. `state`: what the holder before left, empty the first time."""

    objects: Objects = field(repr=False)
    key: str
    holder: str
    etag: str
    renewed: datetime
    state: dict[str, Any]

    def renew(self, now: datetime, state: dict[str, Any]) -> None:
        """Hold it longer when a third of its life has gone. Raises Held when it was taken away.

        `now`: this process's time; only spans of it matter.
        """
        if now - self.renewed < LIFE / 3:
            return
        self.etag = _swapped(self.objects, self.key, _record(self.holder, state), self.etag)
        self.renewed = now

    def release(self, state: dict[str, Any]) -> None:
        """Leave it to others, with the state of the account; no error when it was taken away."""
        try:
            _swapped(self.objects, self.key, _record("", state), self.etag)
        except Held:
            return


def key_of(tenant: str, source: str, account: str) -> str:
    """Return the key of the lease on an account."""
    return f"leases/{segment(tenant)}/{segment(source)}/{segment(account or 'account')}.json"


def acquire(objects: Objects, key: str, holder: str, now: datetime) -> Lease:
    """Take the lease. Raises Held when somebody else has it and it has not run out.

    `holder`: a name that no other process has. `now`: this process's time.
    """
    try:
        found: Object | None = objects.get(key)
    except KeyError:
        found = None
    record = _read(found)
    foreign = record.get("holder") not in ("", None, holder)
    if found is not None and foreign and not _ran_out(objects, found, record, holder):
        raise Held(f"{key} is held by {record['holder']}")
    state = record.get("state") or {}
    etag = _swapped(objects, key, _record(holder, state), found.etag if found else None)
    return Lease(objects, key, holder, etag, now, state)


def _ran_out(objects: Objects, found: Object, record: dict[str, Any], holder: str) -> bool:
    probe = f"leases/clock/{segment(holder)}.json"
    objects.put(probe, secrets.token_hex(8).encode())
    store_now = objects.get(probe).modified
    life = timedelta(seconds=float(record.get("seconds", LIFE.total_seconds())))
    return store_now - found.modified > life + _MARGIN


def _record(holder: str, state: dict[str, Any]) -> dict[str, Any]:
    return {
        "holder": holder,
        "seconds": LIFE.total_seconds(),
        "state": state,
        "nonce": secrets.token_hex(8),  # tells our own write from another's, if its answer is lost
    }


def _swapped(objects: Objects, key: str, record: dict[str, Any], etag: str | None) -> str:
    try:
        return objects.put_if(key, json.dumps(record).encode(), etag)
    except Conflict:
        try:
            found = objects.get(key)
        except KeyError:
            found = None
        if found is not None and _read(found).get("nonce") == record["nonce"]:
            return found.etag
        raise Held(f"{key} was taken by somebody else") from None


def _read(found: Object | None) -> dict[str, Any]:
    if found is None:
        return {}
    try:
        record = json.loads(found.data)
    except ValueError:
        return {}  # a lease that cannot be read holds nobody off
    return record if isinstance(record, dict) else {}
