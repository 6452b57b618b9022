"""Who takes logs into a lake: this process, or worker processes side by side."""

import atexit
import gc
import itertools
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from conf.errors import AntipodeError
from conf.settings import Settings
from enrichment.bucket_input import Batch
from enrichment.counts import Counts
from enrichment.importing import Cut, Importer, Taken, cuts
from enrichment.ingest import Ingest
from enrichment.joining import joined
from enrichment.oversize import storable
from enrichment.sensor_files import SENSORS, SensorFiles
from lake.lake import Lake


@dataclass(frozen=True)
class Target:
    """Where the logs go, and the run's clock (UTC)."""

    uri: str
    tenant: str
    now: datetime
    settings: Settings


@dataclass(frozen=True)
class Work:
    """Something to take in, and how many bytes of input came before it."""

    done: int
    item: Cut | Batch


@dataclass(frozen=True)
class Hands:
    """Who does the work. `take` yields it, with what became of it, in no particular order."""

    recover: Callable[[], dict[str, Counts]]
    take: Callable[[Iterator[Work]], Iterator[tuple[Work, list[Taken]]]]


class _Worker:
    """What one process works with."""

    def __init__(self, target: Target, number: int) -> None:
        # The C library's, as DuckDB uses: two pools each keep what the other could use (200 MB).
        pa.set_memory_pool(pa.system_memory_pool())
        lake = Lake(target.uri, target.settings)
        ingest = Ingest(lake, target.settings, target.now)
        _ = ingest.lookups  # a database that cannot be used is told before anything is stored
        self.importer = Importer(lake.raw, ingest, target.tenant, number, target.now)
        self.sensor_files = SensorFiles(lake.raw, target.tenant, number, target.now)

    def take(self, item: Cut | Batch) -> list[Taken]:
        if isinstance(item, Cut):
            return self._take((item,))
        if item.source in SENSORS:
            stored = sum(self.sensor_files.store(file) for file in item.files)
            return [Taken("", Counts(sensor_files=stored))]
        return self._take(joined(itertools.chain.from_iterable(map(cuts, item.files))))

    def _take(self, found: Iterable[Cut]) -> list[Taken]:
        return [self.importer.take(each) for cut in found for each in storable(cut)]


@contextmanager
def hands(target: Target, workers: int) -> Iterator[Hands]:
    """Give the hands of that many processes; 1: of this one."""
    if workers > 1:
        with _side_by_side(target, workers) as found:
            yield found
        return
    worker = _Worker(target, 0)
    # What is there by now stays: to look through it for garbage, some 60 ms, would find nothing.
    gc.freeze()
    try:
        yield Hands(
            worker.importer.recover, lambda work: ((each, worker.take(each.item)) for each in work)
        )
    finally:
        gc.unfreeze()
        worker.importer.finish()


@contextmanager
def _side_by_side(target: Target, workers: int) -> Iterator[Hands]:
    # Spawned, not forked: the databases' and DuckDB's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    numbers = context.Value("i", 0)
    with ProcessPoolExecutor(workers, context, _start, (target, numbers)) as pool:

        def take(work: Iterator[Work]) -> Iterator[tuple[Work, list[Taken]]]:
            running: dict[Future[list[Taken]], Work] = {}
            for each in work:
                if len(running) >= workers:  # the next lies ready here: memory stays bounded
                    yield from _finished(running)
                running[pool.submit(_take, each.item)] = each
            while running:
                yield from _finished(running)

        yield Hands(lambda: pool.submit(_recover).result(), take)


def _finished(running: dict[Future[list[Taken]], Work]) -> Iterator[tuple[Work, list[Taken]]]:
    for future in wait(running, return_when=FIRST_COMPLETED).done:
        yield running.pop(future), future.result()


_own: list[_Worker | AntipodeError] = []  # of a worker process


def _start(target: Target, numbers: Any) -> None:
    with numbers.get_lock():
        number = numbers.value
        numbers.value += 1
    try:
        _own.append(_Worker(target, number))
        gc.freeze()
        atexit.register(gc.unfreeze)  # else DuckDB tells of hundreds of objects that nobody freed
    except AntipodeError as error:
        _own.append(error)  # told by the first piece of work: a pool hides why it could not start


def _worker() -> _Worker:
    (own,) = _own
    if isinstance(own, AntipodeError):
        raise own
    return own


def _recover() -> dict[str, Counts]:
    return _worker().importer.recover()


def _take(item: Cut | Batch) -> list[Taken]:
    try:
        return _worker().take(item)
    finally:
        _worker().importer.finish()
