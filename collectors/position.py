"""A cursor as it stands in the lake."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from collectors.cursor import Cursor, Part
from conf.errors import Damaged


def to_json(cursor: Cursor) -> dict[str, Any]:
    """Return a cursor as what `Raw.append` stores."""
    stored: dict[str, Any] = {
        "since": cursor.since.isoformat(),
        "until": _text(cursor.until),
        "page": dict(cursor.page),
        "kept": dict(cursor.kept),
        "first": _text(cursor.first),
    }
    if cursor.goal:
        stored["goal"] = _text(cursor.goal)
    if cursor.behind:
        stored["behind"] = [
            {"since": _text(part.since), "until": _text(part.until), "page": dict(part.page)}
            for part in cursor.behind
        ]
    return stored


def from_json(position: Mapping[str, Any]) -> Cursor:
    """Return the cursor that was stored. Raises Damaged."""
    try:
        return Cursor(
            datetime.fromisoformat(position["since"]),
            _time(position["until"]),
            position["page"],
            position["kept"],
            _time(position["first"]),
            goal=_time(position.get("goal")),
            behind=tuple(_part(stored) for stored in position.get("behind", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Damaged(f"{position!r} is no position of a stream ({error}); restore it.") from error


def _part(stored: Mapping[str, Any]) -> Part:
    since, until = (datetime.fromisoformat(stored[name]) for name in ("since", "until"))
    return Part(since, until, stored["page"])


def _text(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
