"""What could not be decoded of a file: named, known again, and its bytes kept."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from enrichment.inbox import LogFile
from lake.pieces import Bad

_READ = 1 << 20  # bytes at a time


def damaged_parts(file: LogFile, damage: Bad, size: int) -> tuple[Bad, Iterator[bytes]]:
    """Return the bad record with the file's name and digest, and what is kept, in parts.

    That is the text that was cut off, then the bytes from the damage on, `size` bytes a part. The
    same file read twice is one bad record, two damaged files are two. Raises OSError when the file
    cannot be read again.
    """
    if damage.offset is None:
        raise ValueError("the damage has no place in the file")
    with file.open() as stream:
        digest = hashlib.blake2b(digest_size=16)
        while block := stream.read(_READ):
            digest.update(block)
    detail = (
        f"{damage.detail.rstrip('.')}; file {file.name}, kept from byte {damage.offset} on; "
        f"blake2b of the whole file {digest.hexdigest()}"
    )
    identity = f"{file.name.rsplit('/', 1)[-1]} {digest.hexdigest()}"
    bad = replace(damage, detail=detail, ordinal=0, identity=identity)
    return bad, parts(_kept(file, damage.record, damage.offset), size)


def _kept(file: LogFile, cut_off: bytes, offset: int) -> Iterator[bytes]:
    yield cut_off
    with file.open() as stream:
        # What comes from a store over the network cannot seek.
        while offset and (block := stream.read(min(offset, _READ))):
            offset -= len(block)
        while block := stream.read(_READ):
            yield block


def parts(blocks: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Yield the same bytes, `size` a part and what is left at last; at least one part."""
    waiting = bytearray()
    for block in blocks:
        waiting += block
        while len(waiting) > size:
            yield bytes(waiting[:size])
            del waiting[:size]
    yield bytes(waiting)
