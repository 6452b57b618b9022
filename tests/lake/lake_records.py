"""Records of a file, read one by one while checking what holds for every chunk."""

import io
import json
from collections.abc import Sequence
from typing import Any

from lake.records import Bad, Chunk, records


def read(
    data: bytes, name: str = "x.ndjson", envelope: Sequence[str] = (), chunk_bytes: int = 1 << 20
) -> list[bytes | Bad]:
    """The records one by one, after checking what holds for every chunk."""
    found: list[bytes | Bad] = []
    for piece in records(io.BytesIO(data), name, envelope, chunk_bytes):
        if isinstance(piece, Bad):
            assert piece.ordinal == len(found)
            found.append(piece)
            continue
        assert isinstance(piece, Chunk)
        assert piece.first == len(found)
        assert piece.data.endswith(b"\n")
        lines = piece.data.split(b"\n")[:-1]
        assert len(lines) == piece.count
        assert all(line.strip(b" \t\r\n") for line in lines)
        found += lines
    return found


def values(found: list[bytes | Bad]) -> list[Any]:
    return [json.loads(record) for record in found if isinstance(record, bytes)]


def noise(count: int) -> bytes:
    """Lines that compress badly, so that a cut in the file is a cut in the lines."""
    return b"".join(
        b'{"n":"%s"}\n' % format(pow(7, n, 2**521 - 1), "x").encode() for n in range(count)
    )
