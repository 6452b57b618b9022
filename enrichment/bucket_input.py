"""Brings the log files of an S3 bucket laid out as a raw folder: `s3://bucket/prefix/<source>/…`.

This process lists and fetches, many files side by side and ahead of who decodes them; the worker
processes decode, cut and take in. What was taken is remembered in the lake.
"""

import io
import logging
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import BinaryIO

from conf.errors import AntipodeError, UsageError
from conf.settings import Settings
from enrichment.inbox import LogFile
from lake import records
from lake.input_files import SIDE_BY_SIDE, Bucket, Found, Unreadable
from lake.input_memory import Memory, new_files

AHEAD = 4 * SIDE_BY_SIDE  # files fetched that nobody has asked for yet
AHEAD_BYTES = 64 * 1024 * 1024
LARGE = 32 * 1024 * 1024  # bytes; such a file is read part by part, by whoever takes it in
BATCH_BYTES = 4 * 1024 * 1024  # as stored
BATCH_FILES = 500
SAVE_EVERY = 32  # batches
GIVE_UP = 20  # files that cannot be read, before any that can
_log = logging.getLogger("antipode.bucket")


@dataclass(frozen=True)
class BucketFile:
    """A file of a bucket. `data` is None where it is not fetched; `fault` says why it cannot be."""

    uri: str
    found: Found
    settings: Settings
    data: bytes | None = None
    fault: str = ""

    @property
    def source(self) -> str:
        """The first folder of its key, or what the name of a file in none begins with."""
        first, folder, _ = self.found.key.partition("/")
        return first if folder else first.split(".")[0]

    @property
    def form(self) -> str | None:
        """Its form, as its name tells it."""
        return records.form(self.found.key.rsplit("/", 1)[-1])

    @property
    def size(self) -> int:
        """Its bytes as stored."""
        return self.found.size

    @property
    def name(self) -> str:
        """Its address."""
        return f"{self.uri}/{self.found.key}"

    def open(self) -> BinaryIO:
        """Open it for reading. Raises OSError when it cannot be read."""
        if self.fault:
            raise OSError(None, self.fault)
        if self.data is not None:
            return io.BytesIO(self.data)
        from lake.s3_input import S3Bucket

        try:
            return S3Bucket(self.uri, self.settings).open(self.found.key)
        except Unreadable as error:
            raise OSError(None, str(error)) from error


@dataclass(frozen=True)
class Batch:
    """Files of one source that are taken in together."""

    files: tuple[LogFile, ...]

    @property
    def source(self) -> str:
        """Whose logs these are."""
        return self.files[0].source

    @property
    def size(self) -> int:
        """The bytes of all, as stored."""
        return sum(file.size for file in self.files)


class BucketInput:
    """The files of a bucket that a tenant's lake has not taken yet."""

    def __init__(self, bucket: Bucket, memory: Memory, settings: Settings) -> None:
        """Use a bucket, and what is remembered of it."""
        self._bucket, self._memory, self._settings = bucket, memory, settings
        self._unsaved = 0
        self._readable = False
        self._unreadable = 0
        self.listed_bytes = 0

    def batches(self) -> Iterator[Batch]:
        """Yield the new files in the order of their keys, fetched, in batches of one source."""
        waiting: list[BucketFile] = []
        for file in self._fetched(self._listed()):
            self._judge(file)
            full = sum(each.size for each in waiting) + file.size > BATCH_BYTES
            if waiting and (
                full or len(waiting) >= BATCH_FILES or waiting[0].source != file.source
            ):
                yield Batch(tuple(waiting))
                waiting = []
            waiting.append(file)
        if waiting:
            yield Batch(tuple(waiting))

    def taken(self, batch: Batch) -> None:
        """Remember a batch, now that the lake holds its files. Unreadable ones are tried again."""
        for file in batch.files:
            if isinstance(file, BucketFile) and not file.fault:
                self._memory.add(file.found)
        self._unsaved += 1
        if self._unsaved >= SAVE_EVERY:
            self.save()

    def complete(self, today: date) -> None:
        """Remember that everything was taken."""
        self._memory.complete(today)
        self._unsaved += 1

    def save(self) -> None:
        """Write down what is remembered."""
        if self._unsaved:
            self._memory.save()
            self._unsaved = 0

    def _judge(self, file: BucketFile) -> None:
        """Give up when nothing at all can be read: the fault is not the files' then."""
        self._readable |= not file.fault
        self._unreadable += bool(file.fault)
        if self._unreadable == GIVE_UP and not self._readable:
            raise AntipodeError(
                f"None of the first {GIVE_UP} files of {self._bucket.uri} can be read: "
                f"{file.fault}. Check the rights s3:GetObject and, where S3 encrypts with KMS, "
                "kms:Decrypt."
            )

    def _listed(self) -> Iterator[Found]:
        anything = self._memory.knows_any
        for found in new_files(self._bucket, self._memory):
            if _is_log(found.key):
                self.listed_bytes += found.size
                anything = True
                yield found
        if not anything:
            raise UsageError(
                f"--raw {self._bucket.uri}: no log files; expected {self._bucket.uri}/<source>/…"
                "ndjson, .json or .csv (plain, .gz or .zst)."
            )

    def _fetched(self, wanted: Iterable[Found]) -> Iterator[BucketFile]:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            coming: deque[tuple[Future[BucketFile], int]] = deque()
            ahead = 0
            try:
                for found in wanted:
                    coming.append((pool.submit(self._fetch, found), found.size))
                    ahead += found.size
                    while len(coming) > AHEAD or (ahead > AHEAD_BYTES and len(coming) > 1):
                        file, size = coming.popleft()
                        yield file.result()
                        ahead -= size
                while coming:
                    yield coming.popleft()[0].result()
            finally:
                for file, _ in coming:
                    file.cancel()

    def _fetch(self, found: Found) -> BucketFile:
        file = BucketFile(self._bucket.uri, found, self._settings)
        if found.size > LARGE:
            return file
        try:
            return replace(file, data=self._bucket.fetch(found.key))
        except Unreadable as error:
            _log.warning("%s cannot be read: %s", file.name, error)
            return replace(file, fault=str(error))


def _is_log(key: str) -> bool:
    parts = key.split("/")
    if any(part.startswith((".", "_")) or not part for part in parts):
        return False  # hidden, or the mark of a folder
    return len(parts) > 1 or records.form(key) is not None
