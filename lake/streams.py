"""Where a stream of raw objects stands: one small cursor object, changed by compare-and-swap.

The cursor counts the raw objects of its stream: an object counts from the moment that a swap
names it with the next sequence number. Entries that the tables hold are settled; settled entries
move, many at a time, into manifests, so that the cursor stays small.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from conf.errors import Damaged
from lake.objects import Objects, segment, unsegment

KEPT_SETTLED = 64  # settled entries that stay in a cursor before they move to a manifest


@dataclass(frozen=True, order=True)
class Stream:
    """One ordered sequence of raw objects: a log of a provider, or an import of files."""

    tenant: str
    source: str
    name: str

    @property
    def application(self) -> str:
        """The name under which its transactions are in the tables."""
        return "/".join(map(segment, (self.tenant, self.source, self.name)))


@dataclass(frozen=True)
class Entry:
    """A raw object that counts. `size` in bytes as stored; `digest` of what it was made from."""

    sequence: int
    key: str
    size: int
    digest: str | None = None


@dataclass(frozen=True)
class Cursor:
    """The state of a stream.

    `sequence`      number of the newest entry; 0 before the first.
    `settled`       entries up to this number are committed in the tables.
    `archived`      entries up to this number are in manifests.
    `position`      where to resume at the provider; whatever the collector needs.
    `swept_before`  names of raw objects older than this may be swept: they can no longer be added.
    `entries`       from number `archived` + 1 on.
    """

    sequence: int = 0
    settled: int = 0
    archived: int = 0
    position: dict[str, Any] | None = None
    swept_before: str = ""
    entries: tuple[Entry, ...] = ()

    def pending(self) -> tuple[Entry, ...]:
        """Return the entries that are not settled, in order."""
        return tuple(entry for entry in self.entries if entry.sequence > self.settled)

    def with_entry(self, key: str, size: int, digest: str | None) -> "Cursor":
        """Return the cursor with one more entry."""
        entry = Entry(self.sequence + 1, key, size, digest)
        return replace(self, sequence=entry.sequence, entries=(*self.entries, entry))

    def without_settled(self) -> tuple["Cursor", tuple[Entry, ...]]:
        """Return the cursor without its settled entries, and these."""
        moved = tuple(entry for entry in self.entries if entry.sequence <= self.settled)
        left = tuple(entry for entry in self.entries if entry.sequence > self.settled)
        return replace(self, archived=self.settled, entries=left), moved


def cursor_key(stream: Stream) -> str:
    """Return the key of a stream's cursor."""
    return f"cursors/{stream.application}.json"


def streams(objects: Objects, tenant: str, source: str | None = None) -> Iterator[Stream]:
    """Yield the streams of a tenant that have a cursor, in order of source and name."""
    prefix = f"cursors/{segment(tenant)}/" + (f"{segment(source)}/" if source else "")
    for key in objects.list(prefix):
        parts = key.removesuffix(".json").split("/")[1:]
        yield Stream(*map(unsegment, parts))


def read(objects: Objects, stream: Stream) -> tuple[Cursor, str | None]:
    """Return a stream's cursor and its etag; a new cursor and None before the first swap."""
    key = cursor_key(stream)
    try:
        found = objects.get(key)
    except KeyError:
        return Cursor(), None
    try:
        state = json.loads(found.data)
        entries = tuple(Entry(**entry) for entry in state.pop("entries"))
        return Cursor(**state, entries=entries), found.etag
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise Damaged(f"{objects.uri}/{key} is no cursor ({error}); restore it.") from error


def swap(objects: Objects, stream: Stream, cursor: Cursor, etag: str | None) -> str:
    """Put a cursor in place of the one that was read; raises Conflict when it was changed since."""
    # Not `asdict`: it copies every value of every entry, which takes longer than all else here.
    state = {**vars(cursor), "entries": [vars(entry) for entry in cursor.entries]}
    return objects.put_if(cursor_key(stream), _json(state), etag)


def archive(objects: Objects, stream: Stream, moved: tuple[Entry, ...]) -> None:
    """Write settled entries as a manifest: before, never after, they leave the cursor."""
    body = b"".join(_json(asdict(entry)) + b"\n" for entry in moved)
    objects.put(
        f"{_manifests(stream)}{moved[0].sequence:012}-{moved[-1].sequence:012}.ndjson", body
    )


def archived(objects: Objects, stream: Stream) -> Iterator[Entry]:
    """Yield the entries of all manifests in order, each once."""
    last = 0
    for key in objects.list(_manifests(stream)):
        for line in objects.get(key).data.splitlines():
            entry = Entry(**json.loads(line))
            # Two settlers may have written overlapping manifests; a number always means one entry.
            if entry.sequence > last:
                yield entry
                last = entry.sequence


def _manifests(stream: Stream) -> str:
    return f"settled/{stream.application}/"


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()
