"""Brings files into the lake: cuts them to raw objects, stores these, and takes them in.

One importer has streams of its own (`import-<number>`, one for each source), so that several work
side by side. A raw object is known again by the hash of its compressed bytes: the same file read
twice is stored once.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from enrichment.assemble import Origin
from enrichment.counts import Counts, all_duplicates
from enrichment.damage import damaged_parts
from enrichment.drain import drain
from enrichment.inbox import LogFile
from enrichment.ingest import Ingest
from lake import damaged_files, records
from lake import raw as raw_objects
from lake.decode import decode
from lake.pieces import Bad, Chunk
from lake.raw import Raw
from lake.streams import Entry, Stream
from schemas import versions

RAW_BYTES = 30 * 1024 * 1024  # uncompressed text in a raw object: some 15,000 events of 2 kB
CHUNK_BYTES = RAW_BYTES  # mapped at once: each statement costs some 10 ms whatever it maps
STREAM = "import-"


@dataclass(frozen=True)
class Cut:
    """A part of a file that becomes one raw object; its ordinals count from 0.

    `form` says how the raw object is written: a record a line, or, where there is an `original`,
    as that is (CSV as it came, what could not be decoded of a damaged file).
    """

    source: str
    pieces: tuple[Chunk | Bad, ...]
    original: bytes | None = None
    form: str = "ndjson"

    @property
    def records(self) -> int:
        """How many records it holds."""
        return sum(piece.count if isinstance(piece, Chunk) else 1 for piece in self.pieces)

    def parts(self) -> Iterable[bytes]:
        """Return the bytes of the raw object, in parts; what is no record keeps its line."""
        if self.original is not None:
            return (self.original,)
        return (
            piece.data if isinstance(piece, Chunk) else _one_line(piece.record)
            for piece in self.pieces
        )


def cuts(file: LogFile) -> Iterator[Cut]:
    """Cut a file to parts; what cannot be decoded of it is one part with one bad record."""
    kept: list[Chunk | Bad] = []
    damage: Bad | None = None
    first = size = 0
    for piece in _pieces(file):
        if isinstance(piece, Bad) and piece.offset is not None:
            damage = piece
            continue
        kept.append(_renumbered(piece, first))
        size += len(piece.data) if isinstance(piece, Chunk) else len(piece.record)
        if size >= RAW_BYTES:
            cut = Cut(file.source, tuple(kept))
            first += cut.records
            kept, size = [], 0
            yield cut
    if kept:
        whole_csv = (
            file.form == "csv"
            and first == 0
            and damage is None
            and all(isinstance(piece, Chunk) or piece.reason == "ragged_row" for piece in kept)
        )
        if whole_csv:
            yield Cut(file.source, tuple(kept), b"".join(_decoded(file)), "csv")
        else:
            yield Cut(file.source, tuple(kept))
    if damage is not None:
        yield from _damaged(file, damage)


def _damaged(file: LogFile, damage: Bad) -> Iterator[Cut]:
    try:
        bad, rest = damaged_parts(file, damage, RAW_BYTES)
        for number, part in enumerate(damaged_files.written(bad, rest)):
            yield Cut(file.source, () if number else (bad,), part, damaged_files.FORM)
    except OSError as error:
        yield Cut(file.source, (_unreadable(file.name, error, 0),))


def _decoded(file: LogFile) -> Iterator[bytes]:
    with file.open() as stream:
        yield from decode(stream, _last(file.name))


def _pieces(file: LogFile) -> Iterator[Chunk | Bad]:
    name = file.name
    if file.form is None:
        detail = "the name ends in none of .ndjson, .json, .csv (.gz, .zst)"
        yield Bad(name.encode(), "unknown_form", detail, 0)
        return
    known = file.source in versions.mappers()
    envelope = versions.envelope(file.source) if known else ()
    ordinal = 0
    try:
        with file.open() as stream:
            for piece in records.records(stream, _last(name), envelope, CHUNK_BYTES):
                ordinal += piece.count if isinstance(piece, Chunk) else 1
                yield piece
    except OSError as error:
        yield _unreadable(name, error, ordinal)


def _unreadable(name: str, error: OSError, ordinal: int) -> Bad:
    return Bad(name.encode(), "unreadable_file", error.strerror or "cannot be read", ordinal)


def _last(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _renumbered(piece: Chunk | Bad, first: int) -> Chunk | Bad:
    if isinstance(piece, Chunk):
        return replace(piece, first=piece.first - first)
    return piece.at(piece.ordinal - first)


def _one_line(record: bytes) -> bytes:
    # Never a blank line: each record keeps its place when the raw object is read again.
    return (record.replace(b"\n", b" ").strip() or b'""') + b"\n"


@dataclass(frozen=True)
class Taken:
    """What became of a cut, and the digest by which it is known again."""

    digest: str
    counts: Counts


class Importer:
    """Takes cuts into a lake for one tenant. `number` sets its streams apart from others'.

    What it writes on the way is written by a thread, in order: to wait for the disk, or for a
    server, costs nothing while something is to be mapped or read.
    """

    def __init__(self, raw: Raw, ingest: Ingest, tenant: str, number: int, now: datetime) -> None:
        self._raw, self._ingest, self._tenant = raw, ingest, tenant
        self._name, self._now = f"{STREAM}{number}", now
        self._writer = ThreadPoolExecutor(1, "importer")
        self._under_way: list[Future[None]] = []

    def take(self, cut: Cut) -> Taken:
        """Store a cut and take it in; `finish` waits for the notes that this was done."""
        body = raw_objects.compress(*cut.parts())
        digest = hashlib.blake2b(body, digest_size=20).hexdigest()
        counts = all_duplicates(cut.records)
        self.finish()  # the one before may be the same
        note = self._raw.imported(self._tenant, cut.source, digest)
        if note is not None:
            return Taken(digest, all_duplicates(note.get("records", cut.records)))
        stream = Stream(self._tenant, cut.source, self._name)
        storing = self._writer.submit(
            self._raw.append, stream, body, cut.form, self._now, digest=digest
        )
        try:
            prepared = self._ingest.prepare(Origin(self._tenant, cut.source, ""), cut.pieces)
        finally:
            added = storing.result()

        def taken(entry: Entry, found: Counts) -> None:
            nonlocal counts
            counts = found if entry.key == added.key else counts

        drain(
            self._raw,
            stream,
            self._ingest,
            taken,
            at_hand=lambda entry: prepared if entry.key == added.key else None,
            settle=partial(self._later, self._raw.settle),
        )
        self._later(self._mark, cut.source, digest, added.key, counts)
        return Taken(digest, counts)

    def finish(self) -> None:
        """Wait for all that is still to be written. Raises what went wrong with it."""
        under_way, self._under_way = self._under_way, []
        for each in under_way:
            each.result()

    def _later(self, write: Callable[..., None], *args: Any) -> None:
        self._under_way.append(self._writer.submit(write, *args))

    def recover(self) -> dict[str, Counts]:
        """Take in what runs that died left behind; return the counts by the cuts' digests."""
        recovered: dict[str, Counts] = {}
        for stream in self._raw.streams(self._tenant):
            if stream.name.startswith(STREAM):
                drain(self._raw, stream, self._ingest, partial(self._recovered, stream, recovered))
        return recovered

    def _recovered(
        self, stream: Stream, recovered: dict[str, Counts], entry: Entry, counts: Counts
    ) -> None:
        digest = entry.digest or entry.key
        recovered[digest] = counts
        self._mark(stream.source, digest, entry.key, counts)

    def _mark(self, source: str, digest: str, key: str, counts: Counts) -> None:
        # A line may hold several records; how many is known once they are taken in.
        note = {"key": key, "records": counts.read}
        self._raw.mark_imported(self._tenant, source, digest, note)
