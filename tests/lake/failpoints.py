"""Kills a process right before its n-th write, as `kill -9` would: after the one before it."""

import itertools
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from lake.folder import FolderObjects

KILLED = 137
# Everything by which the lake changes something: objects, the file that becomes one, the log.
WRITES: tuple[tuple[Any, str], ...] = (
    (FolderObjects, "put"),
    (FolderObjects, "put_if"),
    (FolderObjects, "delete"),
    (Path, "replace"),
    (DeltaTable, "create"),
    (DeltaTable, "create_write_transaction"),
    (DeltaTable, "create_checkpoint"),
    (DeltaTable, "cleanup_metadata"),
)


def run_until(point: int, operation: Callable[[str], None], uri: str) -> None:
    """Run `operation(uri)` in this process, which dies before write number `point`."""
    moments = itertools.count(1)

    def watched(original: Callable[..., Any]) -> Callable[..., Any]:
        def write(*args: Any, **kwargs: Any) -> Any:
            if next(moments) == point:
                os._exit(KILLED)
            return original(*args, **kwargs)

        return write

    for owner, name in WRITES:
        setattr(owner, name, watched(getattr(owner, name)))
    operation(uri)
    sys.exit(0)
