"""`antipode normalize`: takes a folder of raw logs into a lake's events and quarantine.

One process reads the files and cuts them to parts; worker processes store, map, enrich and commit
the parts side by side. What a run that died had stored is taken in first.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from conf.settings import Settings
from enrichment import inbox
from enrichment.counts import Counts
from enrichment.importing import Cut, Importer, Taken, cuts, recover
from enrichment.inbox import InboxFile
from enrichment.ingest import Ingest
from lake.lake import Lake
from lake.raw import Raw

Progress = Callable[[int, int], None]  # bytes done, bytes in all


@dataclass(frozen=True)
class Target:
    """Where the logs go, and the run's clock (UTC)."""

    uri: str
    tenant: str
    now: datetime
    settings: Settings


def normalize(
    raw: Path, target: Target, workers: int = 2, progress: Progress = lambda done, total: None
) -> Counts:
    """Take in every file below `raw`; return what became of their records."""
    files = inbox.files(raw)
    lake = Lake(target.uri, target.settings)
    raw_objects, ingest = Raw(lake.objects), Ingest(lake, target.settings, target.now)
    _ = ingest.lookups  # a database that cannot be used is told before anything is stored
    recovered = recover(raw_objects, ingest, target.tenant)
    counts = Counts()
    total = sum(file.size for file in files)
    importer = Importer(raw_objects, ingest, target.tenant, 0, target.now)
    alone = ((done, importer.take(cut)) for done, cut in _cuts(files))
    for done, taken in alone if workers == 1 else _side_by_side(files, target, workers):
        counts.add(recovered.pop(taken.digest, taken.counts))
        progress(done, total)
    for left_behind in recovered.values():
        counts.add(left_behind)
    progress(total, total)
    return counts


def _cuts(files: list[InboxFile]) -> Iterator[tuple[int, Cut]]:
    """Yield each cut with the bytes of the files that came before its own."""
    before = 0
    for file in files:
        for cut in cuts(file):
            yield before, cut
        before += file.size


def _side_by_side(
    files: list[InboxFile], target: Target, workers: int
) -> Iterator[tuple[int, Taken]]:
    # Spawned, not forked: the databases' and DuckDB's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    numbers = context.Value("i", 0)
    with ProcessPoolExecutor(workers, context, _start, (target, numbers)) as pool:
        running: dict[Future[Taken], int] = {}
        for done, cut in _cuts(files):
            if len(running) > workers:  # one waits for each that is ready: memory stays bounded
                yield from _finished(running)
            running[pool.submit(_take, cut)] = done
        while running:
            yield from _finished(running)


def _finished(running: dict[Future[Taken], int]) -> Iterator[tuple[int, Taken]]:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        yield running.pop(future), future.result()


_importer: Importer | None = None  # of a worker process


def _start(target: Target, numbers: Any) -> None:
    global _importer
    with numbers.get_lock():
        number = numbers.value
        numbers.value += 1
    lake = Lake(target.uri, target.settings)
    ingest = Ingest(lake, target.settings, target.now)
    _importer = Importer(Raw(lake.objects), ingest, target.tenant, number, target.now)


def _take(cut: Cut) -> Taken:
    assert _importer is not None, "the pool starts each worker with _start"
    return _importer.take(cut)
