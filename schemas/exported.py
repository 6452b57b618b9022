"""Finds what a row of a console's export stands for, by file name: `exports/<source>.py`."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from conf import plugins
from schemas import exports


@cache
def envelope(source: str) -> tuple[str, ...]:
    """Return the top-level keys under which a source's exports hold rows."""
    return getattr(_form(source), "ENVELOPE", ())


def may_be(text: bytes, source: str) -> bool:
    """Tell, without reading it, whether a text may hold such a row."""
    form = _form(source)
    return form is not None and form.MARK in text


def record(row: bytes, source: str) -> bytes | None:
    """Return the record that a row stands for, on a line without its end; None for any other."""
    if not may_be(row, source):
        return None
    find: Callable[[dict[str, Any]], Any] = _form(source).record
    try:
        found = json.loads(row)
        text = find(found) if isinstance(found, dict) else None
        if isinstance(text, str) and isinstance(json.loads(text), dict):
            return " ".join(text.splitlines()).encode()
    except (ValueError, RecursionError):
        pass  # what is no JSON, here or inside, stands for nothing
    return None


@cache
def _form(source: str) -> Any:
    return plugins.load(exports, source) if source in plugins.names(exports) else None
