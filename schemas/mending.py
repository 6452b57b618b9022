"""Makes a record fit whose fault lies beside the point: a field of another type than promised.

A record that says when, who or from where, and what is an event; so a field that says none of
these holds nobody up. What is changed is the copy that is mapped, never the bytes in `raw/`:

1. An empty text, object or array of the wrong type says nothing, so it is taken for null.
2. A number where a text is promised is taken for its text.
3. Any other value of the wrong type is taken for null.

2 does not hold for fields that tell the action, its outcome, the address, or the version and the
events of a record, and 3 neither for those that tell the time, the id or who acted: what is wrong
there could mean anything.
"""

import json
import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from schemas.refusal import JSON_NAMES, TYPE_NAMES
from schemas.source import Source

# The columns whose fields must be as promised, and those whose fields may be numbers.
EXACT = (
    *("metadata.event_code", "api.operation", "src_endpoint.ip"),
    *("class_uid", "activity_id", "status_id"),
)
ESSENTIAL = (
    *EXACT,
    *("time", "metadata.uid", "actor.user.uid", "actor.user.name", "actor.user.email_addr"),
)
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Mended:
    """A record's text that fits, and what was wrong in it, by field; `[]` steps into a list."""

    text: str
    faults: tuple[str, ...]


def mended(text: str, source: Source) -> Mended | None:
    """Return the record made to fit, None where it cannot be."""
    try:
        source.model.model_validate_json(text)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_context=False)
    else:
        return None
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    found: dict[Path, str] = {}
    for fault in faults:
        if fault["type"] not in JSON_NAMES or not isinstance(record, dict):
            return None  # something is missing, or it is no object
        path = _path(record, fault["loc"])
        if path not in found and not _mend(record, path, fault["type"], source):
            return None
        found.setdefault(path, _said(path, fault["type"], fault["input"]))
    return Mended(json.dumps(record, separators=(",", ":")), tuple(found.values()))


def _path(record: Any, location: Path) -> Path:
    """Return the part of a fault's location that lies in the record; the rest is a union's arm."""
    path: list[str | int] = []
    for part in location:
        of_list = isinstance(record, list) and isinstance(part, int)
        if not of_list and not (isinstance(record, dict) and part in record):
            break
        record = record[part]
        path.append(part)
    return tuple(path)


def _mend(record: Any, path: Path, wanted: str, source: Source) -> bool:
    if not path:
        return False
    holder = record
    for part in path[:-1]:
        holder = holder[part]
    value = holder[path[-1]]
    if value in ("", {}, []):
        holder[path[-1]] = None
        return True
    number = isinstance(value, int | float) and not isinstance(value, bool)
    as_text = number and wanted == "string_type"
    if _read_by(path, source, EXACT if as_text else ESSENTIAL):
        return False
    holder[path[-1]] = json.dumps(value) if as_text else None
    return True


def _read_by(path: Path, source: Source, columns: tuple[str, ...]) -> bool:
    """Tell whether one of the columns, the version or the events are read from a field."""
    given = [source.columns.get(column, "") for column in columns]
    sql = " ".join([*given, source.accepts, source.explode or ""]).replace('"', "")
    names = [part for part in path if isinstance(part, str)]
    if len(names) < len(path):
        # Inside lists, elements go by other names.
        return set(names) <= set(re.findall(r"\w+", sql)) | {source.explode}
    wholes = ("[.]".join(names[:count]) + r"(?![\w.])" for count in range(1, len(names)))
    patterns = ("[.]".join(names) + r"\b", *wholes)
    return any(re.search(rf"(?<![\w.]){pattern}", sql) for pattern in patterns)


def _said(path: Path, wanted: str, value: object) -> str:
    name = "".join(f".{part}" if isinstance(part, str) else "[]" for part in path)[1:]
    return (
        f"{name}: {TYPE_NAMES.get(type(value), 'a value')} where {JSON_NAMES[wanted]} is promised"
    )
