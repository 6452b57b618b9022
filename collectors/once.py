"""`antipode collect --once`: collects accounts and takes in what they gave, without any broker.

One process does both, one after the other, with threads where work waits for the network. It does
not run on gevent: so pyarrow and DuckDB may follow in the same process, and the code that collects
is the same that a Celery worker runs on gevent.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime

from collectors.normalizing import Normalizing, pending
from conf.settings import Settings
from enrichment.counts import Counts
from lake.lake import Lake
from lake.streams import Stream

Progress = Callable[[int, int], None]  # streams done, in all


@dataclass(frozen=True)
class Target:
    """Where events go, and the run's clock (UTC)."""

    uri: str
    settings: Settings
    now: datetime


def normalize_all(
    target: Target,
    tenants_and_sources: Sequence[tuple[str, str]],
    workers: int = 1,
    progress: Progress = lambda done, total: None,
) -> Counts:
    """Take in everything that waits for some tenants and sources; a stream is in one hand only."""
    streams = pending(Lake(target.uri, target.settings), tenants_and_sources)
    counts = Counts()
    done = _alone if workers == 1 or len(streams) < 2 else _side_by_side
    for number, found in enumerate(done(target, streams, workers), start=1):
        counts.add(found)
        progress(number, len(streams))
    return counts


def _alone(target: Target, streams: list[Stream], workers: int) -> Iterator[Counts]:
    hand = Normalizing(target.uri, target.settings)
    for stream in streams:
        yield hand.normalize(stream, target.now)


def _side_by_side(target: Target, streams: list[Stream], workers: int) -> Iterator[Counts]:
    # Spawned, not forked: the databases' and DuckDB's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context) as pool:
        running = [pool.submit(_one, target, stream) for stream in streams]
        for future in as_completed(running):
            yield future.result()


_own: list[Normalizing] = []  # of a worker process: its databases stay open


def _one(target: Target, stream: Stream) -> Counts:
    if not _own:
        _own.append(Normalizing(target.uri, target.settings))
    return _own[0].normalize(stream, target.now)
