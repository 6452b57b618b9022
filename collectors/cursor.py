"""Where a stream is to be resumed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Part:
    """A span of a stream's past; `page` as in `Cursor`, empty where nothing of it is stored."""

    since: datetime
    until: datetime
    page: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Cursor:
    """Where a stream is to be resumed. All of it is stored as JSON.

    `since`  everything before is stored, but for `behind`; UTC.
    `until`  the end of the window that `page` lies in; None between windows.
    `page`   where in the window: anything JSON; empty at its start.
    `kept`   what the provider's file wants to find again in later windows: anything JSON, small.
    `first`  where the stream's first window began; `again`: a past span is read out of turn.
    `goal`   where the windows end that this one is of; None when it is the last of them.
    `behind` what of the past is still being read, side by side; no provider's file sees it.
    """

    since: datetime
    until: datetime | None = None
    page: Mapping[str, Any] = field(default_factory=dict)
    kept: Mapping[str, Any] = field(default_factory=dict)
    first: datetime | None = None
    again: bool = False
    goal: datetime | None = None
    behind: tuple[Part, ...] = ()

    def at(self, **page: Any) -> "Cursor":
        """Return the cursor further on in its window; `kept` stays."""
        return replace(self, page=page)

    def keeping(self, **kept: Any) -> "Cursor":
        """Return the cursor with other notes for later windows; `page` stays."""
        return replace(self, kept=kept)
