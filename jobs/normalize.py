"""`antipode normalize`: takes a folder of raw logs into a lake's events and quarantine.

One process reads the files and cuts them to parts; worker processes store, map, enrich and commit
the parts side by side. What a run that died had stored is taken in first.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from conf.errors import AntipodeError
from conf.settings import Settings
from enrichment import inbox
from enrichment.counts import Counts
from enrichment.importing import Cut, Importer, Taken, cuts
from enrichment.inbox import InboxFile
from enrichment.ingest import Ingest
from lake.lake import Lake

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
    total = sum(file.size for file in files)
    counts = Counts()
    with _alone(target) if workers == 1 else _side_by_side(target, workers) as hands:
        recovered = hands.recover()
        for done, taken in hands.take(_cuts(files)):
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


@dataclass(frozen=True)
class _Hands:
    """Who does the work: this process, or others. `take` yields in no particular order."""

    recover: Callable[[], dict[str, Counts]]
    take: Callable[[Iterator[tuple[int, Cut]]], Iterator[tuple[int, Taken]]]


@contextmanager
def _alone(target: Target) -> Iterator[_Hands]:
    importer = _importer(target, 0)
    yield _Hands(importer.recover, lambda work: ((done, importer.take(cut)) for done, cut in work))


@contextmanager
def _side_by_side(target: Target, workers: int) -> Iterator[_Hands]:
    # Spawned, not forked: the databases' and DuckDB's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    numbers = context.Value("i", 0)
    with ProcessPoolExecutor(workers, context, _start, (target, numbers)) as pool:

        def take(work: Iterator[tuple[int, Cut]]) -> Iterator[tuple[int, Taken]]:
            running: dict[Future[Taken], int] = {}
            for done, cut in work:
                if len(running) > workers:  # one waits for a free hand: memory stays bounded
                    yield from _finished(running)
                running[pool.submit(_take, cut)] = done
            while running:
                yield from _finished(running)

        yield _Hands(lambda: pool.submit(_recover).result(), take)


def _finished(running: dict[Future[Taken], int]) -> Iterator[tuple[int, Taken]]:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        yield running.pop(future), future.result()


def _importer(target: Target, number: int) -> Importer:
    lake = Lake(target.uri, target.settings)
    ingest = Ingest(lake, target.settings, target.now)
    _ = ingest.lookups  # a database that cannot be used is told before anything is stored
    return Importer(lake.raw, ingest, target.tenant, number, target.now)


_own: list[Importer | AntipodeError] = []  # of a worker process


def _start(target: Target, numbers: Any) -> None:
    with numbers.get_lock():
        number = numbers.value
        numbers.value += 1
    try:
        _own.append(_importer(target, number))
    except AntipodeError as error:
        _own.append(error)  # told by the first piece of work: a pool hides why it could not start


def _worker() -> Importer:
    (own,) = _own
    if isinstance(own, AntipodeError):
        raise own
    return own


def _recover() -> dict[str, Counts]:
    return _worker().recover()


def _take(cut: Cut) -> Taken:
    return _worker().take(cut)
