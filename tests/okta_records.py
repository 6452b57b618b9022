"""Okta events for tests, as small as the mapper accepts them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

START = datetime(2026, 10, 1, tzinfo=UTC)


def event(number: int, **changed: Any) -> dict[str, Any]:
    """Return the event of a number; `changed` replaces top-level fields, `...` removes one."""
    record: dict[str, Any] = {
        "uuid": f"event-{number:06}",
        "published": (START + timedelta(minutes=7 * number)).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "eventType": "user.session.start",
        "actor": {"id": "00u1", "type": "User", "alternateId": f"user{number % 5}@example.com"},
        "client": {"ipAddress": f"81.2.69.{number % 200}"},
        "outcome": {"result": "SUCCESS"},
    }
    record |= changed
    return {name: value for name, value in record.items() if value is not ...}


def line(number: int, **changed: Any) -> bytes:
    """Return the event as a line."""
    return json.dumps(event(number, **changed)).encode() + b"\n"


def lines(first: int, count: int) -> bytes:
    """Return events as lines."""
    return b"".join(line(number) for number in range(first, first + count))
