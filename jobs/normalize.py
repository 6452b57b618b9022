"""`antipode normalize`: takes raw logs, in a folder or a bucket, into a lake.

One process reads a folder's files and cuts them to parts, or fetches a bucket's; worker processes
store, map, enrich and commit side by side. What a run that died had stored is taken in first.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

from enrichment import inbox
from enrichment.bucket_input import Batch, BucketInput
from enrichment.counts import Counts
from enrichment.importing import cuts
from enrichment.inbox import InboxFile
from enrichment.sensor_files import SENSORS
from jobs.hands import Hands, Target, Work, hands
from lake.input_files import Bucket
from lake.input_memory import Memory
from lake.objects import open_objects

__all__ = ["Progress", "Target", "normalize", "normalize_bucket"]

Progress = Callable[[int, int], None]  # bytes done, bytes in all


def normalize(
    raw: Path | str,
    target: Target,
    workers: int = 2,
    progress: Progress = lambda done, total: None,
) -> Counts:
    """Take in every file below `raw`; return what became of their records.

    Of a bucket, s3://bucket/prefix, every file that no earlier run took in.
    """
    if str(raw).startswith("s3://"):
        from lake.s3_input import S3Bucket

        bucket = S3Bucket(str(raw), target.settings)
        return normalize_bucket(bucket, target, workers, progress)
    files = inbox.files(Path(raw))
    total = sum(file.size for file in files)
    counts = Counts()
    with hands(target, workers) as them:
        _take(them, _of_files(files), counts, lambda work: progress(work.done, total))
    progress(total, total)
    return counts


def normalize_bucket(
    bucket: Bucket,
    target: Target,
    workers: int = 2,
    progress: Progress = lambda done, total: None,
) -> Counts:
    """Take in every file of a bucket that no earlier run took in.

    The bytes in all that `progress` is told of grow while the bucket is listed.
    """
    memory = Memory(open_objects(target.uri, target.settings), target.tenant, bucket.uri)
    found = BucketInput(bucket, memory, target.settings)
    counts = Counts()

    def finished(work: Work) -> None:
        if isinstance(work.item, Batch):
            found.taken(work.item)
        progress(work.done, found.listed_bytes)

    try:
        with hands(target, workers) as them:
            _take(them, _of_batches(found.batches()), counts, finished)
        found.complete(target.now.date())
    finally:
        found.save()  # also of a run that fails: what was taken need not be fetched again
    progress(found.listed_bytes, found.listed_bytes)
    return counts


def _take(
    them: Hands, all_work: Iterator[Work], counts: Counts, finished: Callable[[Work], None]
) -> None:
    recovered = them.recover()
    for work, taken in them.take(all_work):
        for one in taken:
            counts.add(recovered.pop(one.digest, one.counts))
        finished(work)
    for left_behind in recovered.values():
        counts.add(left_behind)


def _of_files(files: list[InboxFile]) -> Iterator[Work]:
    before = 0
    for file in files:
        if file.source in SENSORS:
            yield Work(before, Batch((file,)))
        else:
            yield from (Work(before, cut) for cut in cuts(file))
        before += file.size


def _of_batches(batches: Iterator[Batch]) -> Iterator[Work]:
    before = 0
    for batch in batches:
        yield Work(before, batch)
        before += batch.size
