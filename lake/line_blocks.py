"""The blocks of a plain file that can be sought: cut at ends of lines before they are read.

So each of their bytes is copied once, from the system's cache to where it is used. Blocks that end
anywhere must be joined to whole lines first, which costs as much as to read them.
"""

import os
from collections.abc import Iterator
from typing import BinaryIO

BLOCK = 1 << 20  # a cut is at the end of the last line before a multiple of it
_NEAR = 1 << 16  # bytes before a multiple that nearly always hold the end of a line


def line_blocks(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield the file from its beginning: blocks of whole lines, at least `size` bytes each.

    Where it ends, so does the last block, in the midst of a line it may be.
    """
    start = 0
    while True:
        end = _cut(file, start, size)
        file.seek(start)
        block = file.read(-1 if end is None else end - start)
        if not block:
            return
        yield block
        start += len(block)


def _cut(file: BinaryIO, start: int, size: int) -> int | None:
    """Return where the block that begins at `start` ends, None where only the file ends it."""
    length = file.seek(0, os.SEEK_END)
    reach = -(-(start + size) // BLOCK) * BLOCK
    while reach < length:
        end = _line_end(file, reach)
        if end - start >= size:
            return end
        reach += BLOCK
    return None


def _line_end(file: BinaryIO, reach: int) -> int:
    """Return where the last line that ends in the block before `reach` ends; 0 where none does."""
    for length in (_NEAR, BLOCK):
        file.seek(reach - length)
        if end := file.read(length).rfind(b"\n") + 1:
            return reach - length + end
    return 0
