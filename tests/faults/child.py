"""Runs a part of Antipode in the world of the faults: `python -m faults.child MODULE ARGUMENTS`.

Its clock is the simulator's, which a file tells: days pass while nobody waits. Leases are short,
because their holders are killed all the time. And one safeguard may be taken out, to see that the
faults would tell: FAULTS_WITHOUT is overlap, swap or deduplication.
"""

import os
import runpy
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

LEASE = timedelta(seconds=4)


def apply(clock: Path, without: str) -> None:
    """Change what this process is about to run."""
    from collectors import clock as clocks
    from collectors import lease

    def now(_: object) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(clock.read_text()))

    setattr(clocks.SystemClock, "now", now)  # noqa: B010 - a method, on purpose
    lease.LIFE = LEASE
    if without:
        WITHOUT[without]()


def _without_overlap() -> None:
    from collectors import windows

    vars(windows)["overlap"] = lambda *_, **__: timedelta(0)


def _without_swap() -> None:
    from lake.folder import FolderObjects
    from lake.s3 import S3Objects

    def put_if(self: Any, key: str, data: bytes, etag: str | None) -> str:
        self.put(key, data)
        written: str = self.get(key).etag
        return written

    for objects in (FolderObjects, S3Objects):
        setattr(objects, "put_if", put_if)  # noqa: B010


def _without_deduplication() -> None:
    from collectors.normalize_task import NormalizeTask

    opened = NormalizeTask._opened

    def without(self: NormalizeTask) -> Any:
        # In the forked process: what this imports must not be in the one that forks.
        import numpy as np

        from enrichment.duplicates import KnownIds

        nothing = lambda _self, ids, *_: np.zeros(len(ids), dtype=bool)  # noqa: E731
        setattr(KnownIds, "among", nothing)  # noqa: B010
        return opened(self)

    setattr(NormalizeTask, "_opened", without)  # noqa: B010


WITHOUT = {
    "overlap": _without_overlap,
    "swap": _without_swap,
    "deduplication": _without_deduplication,
}

if __name__ == "__main__":
    apply(Path(os.environ["FAULTS_CLOCK"]), os.environ.get("FAULTS_WITHOUT", ""))
    module, *rest = sys.argv[1:]
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
