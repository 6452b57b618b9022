"""What the readers of files hand on: whole NDJSON lines, and what is no record."""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

Ends = NDArray[np.int64]


@dataclass(frozen=True)
class Piece:
    """`count` whole lines, each with its LF, on their way into a chunk."""

    data: bytes
    count: int
    ends: Ends | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Chunk:
    """`count` records, each a line that ends with LF; none is blank.

    `first` is the ordinal of the first record in the file, from 0; bad records count too.
    `ends` is where the LF of each line is, where that is known already.
    """

    data: bytes
    count: int
    first: int
    ends: Ends | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Bad:
    """A record that is no line: its bytes, or what there is of them; why; its ordinal.

    `offset` is where in its file, compressed as it is, that begins which could not be decoded.
    `identity` is what it is known again by where its bytes do not tell it, as of a damaged file.
    """

    record: bytes
    reason: str  # ragged_row, truncated or corrupt
    detail: str
    ordinal: int = -1
    offset: int | None = None
    identity: str = ""

    def at(self, ordinal: int) -> "Bad":
        """Return it with its place in the file."""
        return replace(self, ordinal=ordinal)
