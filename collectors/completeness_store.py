"""The counts of each tenant and source as a small object in the lake; whoever counts writes it."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime

from collectors import completeness
from collectors.completeness import History, Received
from conf.errors import Conflict
from lake.objects import Objects, segment


def read(objects: Objects, tenant: str, source: str) -> History:
    """Return what is known of the hours of a tenant and source."""
    return _read(objects, tenant, source)[0]


def update(
    objects: Objects,
    tenant: str,
    source: str,
    days: Iterable[date],
    counted: Mapping[datetime, Received],
    now: datetime,
) -> None:
    """Put what was counted of whole days in the place of what was known of them."""
    days = set(days)
    while True:
        history, etag = _read(objects, tenant, source)
        kept = {hour: one for hour, one in history.hours.items() if hour.date() not in days}
        changed = History({**kept, **counted}).trimmed(now)
        body = json.dumps({"hours": completeness.to_json(changed)}).encode()
        with suppress(Conflict):
            objects.put_if(_key(tenant, source), body, etag)
            return


def _read(objects: Objects, tenant: str, source: str) -> tuple[History, str | None]:
    try:
        found = objects.get(_key(tenant, source))
    except KeyError:
        return History(), None
    try:
        return completeness.from_json(json.loads(found.data)["hours"]), found.etag
    except (ValueError, TypeError, KeyError):
        return History(), found.etag  # counted anew, day by day


def _key(tenant: str, source: str) -> str:
    return f"completeness/{segment(tenant)}/{segment(source)}.json"
