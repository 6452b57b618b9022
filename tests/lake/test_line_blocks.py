"""Plain files are read in whole lines, each byte once, cut where they always were."""

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lake import line_blocks as module
from lake.decode import decode
from lake.line_blocks import line_blocks
from lake.records import Chunk, records


class OneWay(io.BytesIO):
    """A stream that cannot be sought, as what comes over the network."""

    def seekable(self) -> bool:
        return False


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.integers(0, 40), max_size=60),
    st.booleans(),
    st.integers(1, 60),
    st.sampled_from([(1, 8), (4, 16), (16, 16)]),
)
def test_every_byte_comes_once_and_blocks_end_with_lines(
    lengths: list[int], ended: bool, size: int, windows: tuple[int, int]
) -> None:
    data = b"\n".join(b"%d" % (length % 10) * length for length in lengths) + b"\n" * ended
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_NEAR", windows[0])
        patch.setattr(module, "BLOCK", windows[1])
        blocks = list(line_blocks(io.BytesIO(data), size))
    assert b"".join(blocks) == data
    assert all(block.endswith(b"\n") and len(block) >= size for block in blocks[:-1])


@pytest.mark.parametrize("length", [900, 70_000, 3_000_000])
def test_chunks_are_cut_where_a_stream_that_cannot_be_sought_is_cut(length: int) -> None:
    line = b'{"a":"' + b"x" * length + b'"}\n'
    data = line * (12_000_000 // len(line)) + b'{"last":1}'
    sought, streamed = (
        [(piece.data, piece.first) for piece in records(file, "x.ndjson", (), 3 << 20)]
        for file in (io.BytesIO(data), OneWay(data))
    )
    assert sought == streamed
    assert b"".join(data for data, _ in sought) == data + b"\n"


def test_a_chunk_is_the_very_block_that_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "x.ndjson"
    path.write_bytes(b'{"a":1}\n' * 500_000)
    read: list[bytes] = []

    def watched(file: io.BufferedReader, name: str, lines: int = 0) -> object:
        for block in decode(file, name, lines):
            read.append(block)
            yield block

    monkeypatch.setattr("lake.records.decode", watched)
    with path.open("rb") as file:
        found = list(records(file, "x.ndjson", (), 2 << 20))
    chunks = [piece.data for piece in found if isinstance(piece, Chunk)]
    assert len(chunks) == 2
    assert all(chunk is block for chunk, block in zip(chunks, read, strict=True))


def test_what_is_written_meanwhile_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "x.ndjson"
    path.write_bytes(b"a" * 1_000_000 + b"\n" + b"b" * 1_500_000 + b"\n")
    with path.open("rb") as file, path.open("ab") as writer:
        blocks = line_blocks(file, 1_000_000)
        first = next(blocks)
        writer.write(b"c\n")
        writer.flush()
        assert first + b"".join(blocks) == path.read_bytes()
