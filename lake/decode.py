"""Compressed files as blocks of plain bytes, told by their first bytes, not by their names."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

import zstandard

from conf.errors import Damaged

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_READ = 1 << 20  # bytes read at a time
_ZSTD_STEP = 1 << 12  # fed at a time: even a bomb then swells to no more than 128 MiB
_MOST = 1 << 22  # gzip: bytes swollen at a time


def decode(stream: BinaryIO, name: str) -> Iterator[bytes]:
    """Yield the uncompressed bytes of a plain, gzip or zstd stream, block by block.

    Raises Damaged after the last block that could be decoded, when the stream is truncated or
    corrupt, or is not what the end of `name` (.gz, .zst) says.
    """
    head = stream.read(_READ)
    blocks = _blocks(head, stream)
    if head.startswith(_GZIP):
        yield from _gunzip(blocks)
    elif head.startswith(_ZSTD):
        yield from _unzstd(blocks)
    elif head and name.endswith((".gz", ".zst")):
        raise Damaged(f"{name} is neither gzip nor zstd, whatever its name says.")
    else:
        yield from blocks


def _blocks(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    while head:
        yield head
        head = stream.read(_READ)


def _gunzip(blocks: Iterator[bytes]) -> Iterator[bytes]:
    member = None
    for block in blocks:
        while block:
            if member is None:
                block = block.lstrip(b"\0")  # padding between and after members
                if not block:
                    break
                member = zlib.decompressobj(wbits=31)
            try:
                plain = member.decompress(block, _MOST)
            except zlib.error as error:
                raise Damaged(f"corrupt gzip: {error}") from error
            if plain:
                yield plain
            block = member.unused_data if member.eof else member.unconsumed_tail
            if member.eof:
                member = None
    if member is not None:
        raise Damaged("truncated gzip")


def _unzstd(blocks: Iterator[bytes]) -> Iterator[bytes]:
    context = zstandard.ZstdDecompressor()
    frame = None
    for block in blocks:
        for start in range(0, len(block), _ZSTD_STEP):
            part = block[start : start + _ZSTD_STEP]
            while part:
                frame = frame or context.decompressobj()
                try:
                    plain = frame.decompress(part)
                except zstandard.ZstdError as error:
                    raise Damaged(f"corrupt zstd: {error}") from error
                if plain:
                    yield plain
                part = frame.unused_data if frame.eof else b""
                if frame.eof:
                    frame = None
    if frame is not None:
        raise Damaged("truncated zstd")
