"""Named bytes in a folder or in an S3 bucket, changed safely by compare-and-swap.

Everything that Antipode keeps outside its tables is such an object: raw provider bytes, cursors,
leases. There is no other database.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote, urlsplit

from conf.errors import UsageError
from conf.settings import Settings

_SEGMENT = re.compile(r"[A-Za-z0-9_=@%+,~-][A-Za-z0-9_=@%+,~.-]*")


@dataclass(frozen=True)
class Object:
    """The bytes of an object, the tag of exactly this content, and the store's time of writing."""

    data: bytes
    etag: str
    modified: datetime


class Objects(Protocol):
    """A store of objects. Keys are relative paths such as `cursors/acme/okta/log.json`.

    A reader sees an object whole or not at all, and at once after it was written.
    """

    @property
    def uri(self) -> str:
        """Where the store is, as a user would write it."""
        ...

    def get(self, key: str) -> Object:
        """Return an object. Raises KeyError when there is none."""
        ...

    def put(self, key: str, data: bytes) -> None:
        """Write an object, replacing what was there."""
        ...

    def put_if(self, key: str, data: bytes, etag: str | None) -> str:
        """Write an object only if it still has `etag` (None: does not exist); return the new etag.

        Raises Conflict when it has another one. After a lost answer a store may report a conflict
        with this very write: put something unique into `data` and read again to tell.
        """
        ...

    def list(self, prefix: str) -> Iterator[str]:
        """Yield the keys that begin with `prefix`, in the order of their characters."""
        ...

    def delete(self, key: str) -> None:
        """Remove an object; no error when there is none."""
        ...


def segment(value: str) -> str:
    """Return any text as one segment of a key: percent-encoded, never empty or hidden."""
    encoded = quote(value, safe="@+,~")
    if not encoded:
        raise UsageError("A tenant, source or stream has an empty name; give it one.")
    return "%2E" + encoded[1:] if encoded.startswith(".") else encoded


def unsegment(encoded: str) -> str:
    """Return the text that `segment` encoded."""
    return unquote(encoded)


def check_key(key: str) -> str:
    """Return `key` if it can be a key of every store, else raise ValueError."""
    if all(_SEGMENT.fullmatch(part) for part in key.split("/")):
        return key
    raise ValueError(f"{key!r} is no key: build it with lake.objects.segment()")


def open_objects(uri: str, settings: Settings, connections: int = 10) -> Objects:
    """Open the store at `uri`: a path, `file://` and a path, or `s3://bucket/prefix`.

    `connections` to S3 are kept open for what uses it side by side.
    """
    scheme, has_scheme, _ = uri.partition("://")
    if not has_scheme or scheme == "file":
        from lake.folder import FolderObjects

        path = Path(unquote(urlsplit(uri).path)) if has_scheme else Path(uri)
        if not uri or not str(path):
            raise UsageError("The lake has no location; give a folder or s3://bucket/prefix.")
        return FolderObjects(path)
    if scheme == "s3":
        from lake.s3 import S3Objects, connect, encryption_options

        parts = urlsplit(uri)
        if not parts.netloc:
            raise UsageError(f"{uri!r} names no bucket; write s3://bucket/prefix.")
        prefix, options = parts.path.strip("/"), encryption_options(settings)
        return S3Objects(parts.netloc, prefix, connect(settings, connections), options)
    raise UsageError(f"{uri!r} is no place for a lake; give a folder or s3://bucket/prefix.")
