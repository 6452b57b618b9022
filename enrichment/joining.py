"""Joins the records of many small files to few raw objects: each costs commits, however small."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from enrichment.importing import RAW_BYTES, Cut
from lake.pieces import Bad, Chunk


def joined(cuts: Iterable[Cut], limit: int = RAW_BYTES) -> Iterator[Cut]:
    """Yield the records of cuts of one source in their order, in cuts of at most `limit` bytes.

    A cut that is larger, or is kept as it came (CSV), stays as it is.
    """
    waiting: list[Cut] = []
    size = 0
    for cut in cuts:
        its = _size(cut)
        if waiting and (cut.original is not None or size + its > limit):
            yield _one(waiting)
            waiting, size = [], 0
        if cut.original is not None:
            yield cut
        else:
            waiting.append(cut)
            size += its
    if waiting:
        yield _one(waiting)


def _one(cuts: list[Cut]) -> Cut:
    if len(cuts) == 1:
        return cuts[0]
    pieces: list[Chunk | Bad] = []
    run: list[Chunk] = []
    first = 0
    for cut in cuts:
        for piece in cut.pieces:
            if isinstance(piece, Chunk):
                run.append(replace(piece, first=piece.first + first))
                continue
            pieces += _merged(run)
            pieces.append(piece.at(piece.ordinal + first))
            run = []
        first += cut.records
    return Cut(cuts[0].source, (*pieces, *_merged(run)))


def _merged(run: list[Chunk]) -> list[Chunk]:
    """Return chunks that follow each other as one: to map one costs some 10 ms, however small."""
    if not run:
        return []
    data = b"".join(chunk.data for chunk in run)
    return [Chunk(data, sum(chunk.count for chunk in run), run[0].first)]


def _size(cut: Cut) -> int:
    return sum(
        len(piece.data) if isinstance(piece, Chunk) else len(piece.record) for piece in cut.pieces
    )
