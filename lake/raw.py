"""The provider's bytes, compressed and never changed, and the order in which they came.

A raw object is first stored under a new unique name, then named by its stream's cursor with the
next sequence number; only then does it count. Whoever dies in between leaves an orphan, which
`sweep` removes. Before it does, it marks in the cursor up to which time of naming it sweeps; a
writer that comes later with an object named before that stores its bytes again under a new name.
Both are decided by swaps of the one cursor, so no object that counts is ever swept.
"""

import io
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO, NamedTuple

import zstandard

from conf.errors import Conflict, Damaged, UsageError
from lake import raw_names, streams
from lake.encryption import Encryption
from lake.objects import Objects, segment
from lake.raw_names import ENCRYPTED, form_of, named_at
from lake.streams import KEPT_SETTLED, Cursor, Entry, Stream

__all__ = ["MAX_BYTES", "Added", "Raw", "compress", "form_of", "named_at"]

MAX_BYTES = 32 * 1024 * 1024  # compressed
_LEVEL = 1  # zstd; 2 kB provider events shrink to a tenth at some 600 MB/s a core


class Added(NamedTuple):
    """A raw object that counts now."""

    sequence: int
    key: str


def compress(*parts: bytes) -> bytes:
    """Compress bytes for `Raw.append`; the checksum tells damage when they are read."""
    # At once: in parts, zstd copies what it reads and looks for matches in two places (x 1.3).
    whole = parts[0] if len(parts) == 1 else b"".join(parts)
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(whole)


class Raw:
    """The raw objects of a lake."""

    def __init__(self, objects: Objects, encryption: Encryption | None = None) -> None:
        """Use the lake's objects; without `encryption` nothing is encrypted or decrypted."""
        self._objects, self._encryption = objects, encryption

    def position(self, stream: Stream) -> dict[str, Any] | None:
        """Return where the stream is to be resumed at its provider."""
        return self.cursor(stream).position

    def cursor(self, stream: Stream) -> Cursor:
        """Return the state of a stream."""
        return streams.read(self._objects, stream)[0]

    def append(
        self,
        stream: Stream,
        body: bytes,
        form: str,
        now: datetime,
        *,
        position: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
        digest: str | None = None,
    ) -> Added:
        """Store compressed bytes as the stream's next object; return its number and key.

        `form` is ndjson, json or csv. With `position`, the stream's position moves there in the
        same swap, and `after` must be the position that the bytes were fetched from: raises
        Conflict when the stream has moved on. Without, the object is added whatever others add.
        """
        if not form.isalpha():
            raise ValueError(f"{form!r} is no form")
        if len(body) > MAX_BYTES:
            raise UsageError(f"A raw object of {len(body)} bytes is over {MAX_BYTES}; split it.")
        key, size, archived = "", 0, 0
        while True:
            cursor, etag = streams.read(self._objects, stream)
            if key and (added := self._counted(stream, cursor, key, archived)):
                return added  # the swap had succeeded, only its answer was lost
            archived = cursor.archived
            if position is not None and cursor.position != after:
                raise Conflict(f"{stream.application} has moved on; read its position again.")
            if not key or named_at(key) < cursor.swept_before:
                key, size = self._store(stream, form, body, cursor.swept_before, now)
            changed = cursor.with_entry(key, size, digest)
            if position is not None:
                changed = replace(changed, position=position)
            with suppress(Conflict):
                streams.swap(self._objects, stream, changed, etag)
                return Added(changed.sequence, key)

    def pending(self, stream: Stream) -> tuple[Entry, ...]:
        """Return the objects that `settle` was not told of, in order."""
        return self.cursor(stream).pending()

    def settle(self, stream: Stream, sequence: int) -> None:
        """Remember that the tables hold the stream's objects up to number `sequence`."""
        while True:
            cursor, etag = streams.read(self._objects, stream)
            if sequence <= cursor.settled:
                return
            if sequence > cursor.sequence:
                raise ValueError(f"{stream.application} has no object number {sequence}")
            changed = replace(cursor, settled=sequence)
            if changed.settled - changed.archived >= KEPT_SETTLED:
                changed, moved = changed.without_settled()
                streams.archive(self._objects, stream, moved)
            with suppress(Conflict):
                streams.swap(self._objects, stream, changed, etag)
                return

    def entries(self, stream: Stream) -> Iterator[Entry]:
        """Yield every object of the stream that counts, in order, as of now."""
        # The cursor first: an entry that leaves it meanwhile is in a manifest already.
        cursor = self.cursor(stream)
        last = 0
        for entry in streams.archived(self._objects, stream):
            if entry.sequence <= cursor.sequence:
                yield entry
                last = entry.sequence
        yield from (entry for entry in cursor.entries if entry.sequence > last)

    def streams(self, tenant: str, source: str | None = None) -> list[Stream]:
        """Return the streams of a tenant, in order of source and name."""
        return list(streams.streams(self._objects, tenant, source))

    def all_objects(self, tenant: str, source: str | None = None) -> Iterator[str]:
        """Yield the keys of a tenant's objects that count, stream by stream, each in order."""
        for stream in self.streams(tenant, source):
            yield from (entry.key for entry in self.entries(stream))

    def read(self, key: str) -> bytes:
        """Return the uncompressed bytes of an object. Raises KeyError when there is none."""
        try:
            with self.open(key) as stream:
                return stream.read()
        except zstandard.ZstdError as error:
            raise Damaged(f"{self._objects.uri}/{key}: {error}; restore it.") from error

    def open(self, key: str) -> BinaryIO:
        """Open an object for reading it uncompressed, part by part."""
        reader = zstandard.ZstdDecompressor().stream_reader(self.compressed(key))
        return io.BufferedReader(reader)

    def compressed(self, key: str) -> BinaryIO:
        """Open an object for reading it decrypted, but still compressed, part by part.

        Raises KeyError when there is none, AntipodeError when it cannot be decrypted.
        """
        stored = self._objects.get(key).data
        if not key.endswith(ENCRYPTED):
            return io.BytesIO(stored)
        if self._encryption is None:
            raise UsageError(f"{self._objects.uri}/{key} is encrypted; open it through the lake.")
        return self._encryption.decrypt(key, stored)

    def _store(
        self, stream: Stream, form: str, body: bytes, not_before: str, now: datetime
    ) -> tuple[str, int]:
        """Store bytes under a new name, encrypted if so set; return the name and their size."""
        encryption = self._encryption if self._encryption and self._encryption.writes else None
        stamp = max(raw_names.stamp(now), not_before)
        key = raw_names.new_key(stream, form, stamp, encrypted=encryption is not None)
        stored = encryption.encrypt(key, body, now) if encryption else body
        self._objects.put(key, stored)
        return key, len(stored)

    def imported(self, tenant: str, source: str, digest: str) -> dict[str, Any] | None:
        """Return what `mark_imported` noted of a file with this digest, None when nothing."""
        try:
            found: dict[str, Any] = json.loads(
                self._objects.get(_import_key(tenant, source, digest)).data
            )
        except (KeyError, ValueError):
            return None  # only saves work: without it the file is read again
        return found

    def mark_imported(self, tenant: str, source: str, digest: str, note: dict[str, Any]) -> None:
        """Note that a file with this digest is in the lake; after all its objects count."""
        self._objects.put(_import_key(tenant, source, digest), json.dumps(note).encode())

    def sweep(self, now: datetime, older_than: timedelta) -> int:
        """Remove objects stored longer than `older_than` ago that never came to count."""
        limit = raw_names.stamp(now - older_than)
        old: dict[Stream, list[str]] = {}
        for key in self._objects.list("raw/"):
            # What somebody else put there is not ours to sweep.
            if (name := raw_names.parse(key)) and name.stamp < limit:
                old.setdefault(name.stream, []).append(key)
        return sum(self._sweep_stream(stream, keys, limit) for stream, keys in old.items())

    def _sweep_stream(self, stream: Stream, keys: list[str], limit: str) -> int:
        counting = {entry.key for entry in self.entries(stream)}
        if counting.issuperset(keys):
            return 0
        while True:
            cursor, etag = streams.read(self._objects, stream)
            if cursor.swept_before >= limit:
                break
            with suppress(Conflict):
                streams.swap(self._objects, stream, replace(cursor, swept_before=limit), etag)
                break
        # From here on no object named before the limit can come to count.
        counting = {entry.key for entry in self.entries(stream)}
        orphans = [key for key in keys if key not in counting]
        for key in orphans:
            self._objects.delete(key)
        return len(orphans)

    def _counted(self, stream: Stream, cursor: Cursor, key: str, archived: int) -> Added | None:
        places = [cursor.entries]
        if cursor.archived > archived:  # it may have come and gone since the last look
            places.append(tuple(streams.archived(self._objects, stream)))
        found = (entry for entries in places for entry in entries if entry.key == key)
        return next((Added(entry.sequence, key) for entry in found), None)


def _import_key(tenant: str, source: str, digest: str) -> str:
    return f"imports/{segment(tenant)}/{segment(source)}/{segment(digest)}"
