"""Gives a record's keys the letter case of the model: some pipelines lower-case them on the way."""

import json
from typing import Any

from schemas.shape import Shape


def restore(text: str, shape: Shape) -> str | None:
    """Return the record with its keys renamed to the model's, or None when nothing is to rename.

    A key is renamed only where the model knows it in another letter case and the record does not
    hold the model's own form as well.
    """
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    renamed, changed = _renamed(record, shape)
    return json.dumps(renamed, separators=(",", ":")) if changed else None


def _renamed(value: Any, shape: Shape) -> tuple[Any, bool]:
    if isinstance(value, dict) and shape.fields:
        return _renamed_object(value, shape)
    if isinstance(value, list) and shape.item is not None:
        items = [_renamed(item, shape.item) for item in value]
        return [item for item, _ in items], any(changed for _, changed in items)
    return value, False


def _renamed_object(record: dict[str, Any], shape: Shape) -> tuple[dict[str, Any], bool]:
    known = {name.lower(): (name, child) for name, child in shape.fields}
    renamed: dict[str, Any] = {}
    changed = False
    for key, value in record.items():
        name, child = known.get(key.lower(), (key, None))
        if name != key and name in record:
            name, child = key, None
        inner, inner_changed = _renamed(value, child) if child is not None else (value, False)
        renamed[name] = inner
        changed = changed or inner_changed or name != key
    return renamed, changed
