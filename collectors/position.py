"""A cursor as it stands in the lake."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from collectors.contract import Cursor
from conf.errors import Damaged


def to_json(cursor: Cursor) -> dict[str, Any]:
    """Return a cursor as what `Raw.append` stores."""
    return {
        "since": cursor.since.isoformat(),
        "until": cursor.until.isoformat() if cursor.until else None,
        "page": dict(cursor.page),
        "kept": dict(cursor.kept),
    }


def from_json(position: Mapping[str, Any]) -> Cursor:
    """Return the cursor that was stored. Raises Damaged."""
    try:
        until = position["until"]
        return Cursor(
            datetime.fromisoformat(position["since"]),
            datetime.fromisoformat(until) if until else None,
            position["page"],
            position["kept"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Damaged(f"{position!r} is no position of a stream ({error}); restore it.") from error
