"""What a store of other people's log files must do: list them in order, and give their bytes."""

from dataclasses import dataclass
from typing import BinaryIO, Protocol

SIDE_BY_SIDE = 32  # files fetched at a time


@dataclass(frozen=True)
class Found:
    """An object as listed: its key below the input's prefix, its size in bytes, its etag."""

    key: str
    size: int
    etag: str


class Unreadable(Exception):
    """One object that cannot be read; others can."""


class Bucket(Protocol):
    """The objects below a prefix."""

    @property
    def uri(self) -> str:
        """Where they are, as s3://bucket/prefix."""
        ...

    def page(self, after: str) -> tuple[list[Found], bool]:
        """Return up to 1,000 objects, in the order of their keys, and whether there are more.

        Those whose keys come after `after`, which need not exist. One call of the store.
        """
        ...

    def fetch(self, key: str) -> bytes:
        """Return an object's bytes. Raises Unreadable."""
        ...

    def open(self, key: str) -> BinaryIO:
        """Open an object for reading it part by part. Raises Unreadable."""
        ...
