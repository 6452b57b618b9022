"""Notices a provider that leads from page to page for ever."""

import json

from collectors.contract import Cursor
from collectors.errors import CursorLost


class Turns:
    """Notices a provider that leads in a circle: a cursor that came before, and not just now."""

    def __init__(self) -> None:
        """Have seen none."""
        self._seen: set[int] = set()
        self._last: int | None = None

    def check(self, cursor: Cursor) -> None:
        """Take note of the next cursor. Raises CursorLost when it closes a circle."""
        found = hash(json.dumps([cursor.page, cursor.kept], sort_keys=True))
        if found != self._last and found in self._seen:
            raise CursorLost("The provider leads from page to page in a circle.")
        self._seen.add(found)
        self._last = found
