"""`antipode collect --once`: collects accounts and takes in what they gave, without any broker.

One process does both, one after the other, with threads where work waits for the network. It does
not run on gevent: so pyarrow and DuckDB may follow in the same process, and the code that collects
is the same that a Celery worker runs on gevent.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from datetime import datetime

from collectors.normalizing import Normalizing, pending
from collectors.outcome import in_words
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


@dataclass
class Taken:
    """What became of what waited; `failures`: a line for each stream that was not taken in."""

    counts: Counts = field(default_factory=Counts)
    failures: list[str] = field(default_factory=list)


def normalize_all(
    target: Target,
    tenants_and_sources: Sequence[tuple[str, str]],
    workers: int = 1,
    progress: Progress = lambda done, total: None,
) -> Taken:
    """Take in everything that waits for some tenants and sources; a stream is in one hand only.

    One that fails (a tenant's key is gone, say) is told of and waits; the others are taken in.
    """
    streams = pending(Lake(target.uri, target.settings), tenants_and_sources)
    taken = Taken()
    done = _alone if workers == 1 or len(streams) < 2 else _side_by_side
    for number, (stream, found) in enumerate(done(target, streams, workers), start=1):
        if isinstance(found, Counts):
            taken.counts.add(found)
        else:
            taken.failures.append(f"{stream.application}: not normalised: {in_words(found)}")
        progress(number, len(streams))
    taken.failures.sort()
    return taken


_Found = Iterator[tuple[Stream, Counts | Exception]]


def _alone(target: Target, streams: list[Stream], workers: int) -> _Found:
    hand = Normalizing(target.uri, target.settings)
    for stream in streams:
        try:
            yield stream, hand.normalize(stream, target.now)
        except Exception as error:
            yield stream, error


def _side_by_side(target: Target, streams: list[Stream], workers: int) -> _Found:
    # Spawned, not forked: the databases' and DuckDB's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context) as pool:
        running = {pool.submit(_one, target, stream): stream for stream in streams}
        for future in as_completed(running):
            error = future.exception()
            if error is not None and not isinstance(error, Exception):
                raise error
            yield running[future], error if error is not None else future.result()


_own: list[Normalizing] = []  # of a worker process: its databases stay open


def _one(target: Target, stream: Stream) -> Counts:
    if not _own:
        _own.append(Normalizing(target.uri, target.settings))
    return _own[0].normalize(stream, target.now)
