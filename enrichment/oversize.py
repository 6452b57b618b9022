"""Cuts that would be too large for a raw object even compressed: parted, so that the run goes on.

Only a line that does not shrink makes one so large. It is one bad record; its bytes are kept in
raw objects of the form of what is damaged, and the lines around it are taken in as ever.
"""

import hashlib
from collections.abc import Iterator

from enrichment.damage import parts
from enrichment.importing import RAW_BYTES, Cut
from enrichment.joining import joined
from lake import damaged_files, raw
from lake.pieces import Bad, Chunk

REASON = "too_large"
_ROOM = 1 << 20  # bytes that compression may add to what does not shrink, and more


def storable(cut: Cut) -> Iterator[Cut]:
    """Yield the cut, or, where a raw object could not hold it, what it is parted to."""
    if _fits(*cut.parts()):
        yield cut
    else:
        yield from joined(_parted(cut), RAW_BYTES)


def _fits(*data: bytes) -> bool:
    size = sum(map(len, data))
    return size <= raw.MAX_BYTES - _ROOM or len(raw.compress(*data)) <= raw.MAX_BYTES


def _parted(cut: Cut) -> Iterator[Cut]:
    """Yield each record as a cut of its own."""
    for piece in cut.pieces:
        if isinstance(piece, Bad):
            yield from _one(cut.source, piece.record, piece.at(0))
            continue
        for line in piece.data.split(b"\n")[:-1]:
            yield from _one(cut.source, line, Chunk(line + b"\n", 1, 0))


def _one(source: str, record: bytes, piece: Chunk | Bad) -> Iterator[Cut]:
    if _fits(record):
        yield Cut(source, (piece,))
        return
    detail = f"{len(record)} bytes, and over {raw.MAX_BYTES} even compressed; kept in pieces"
    identity = hashlib.blake2b(record, digest_size=16).hexdigest()
    bad = Bad(record, REASON, detail, 0, identity=identity)
    for number, part in enumerate(damaged_files.written(bad, parts(iter((record,)), RAW_BYTES))):
        yield Cut(source, () if number else (bad,), part, damaged_files.FORM)
