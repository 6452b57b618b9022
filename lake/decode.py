"""Compressed files as blocks of plain bytes, told by their first bytes, not by their names."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

import zstandard

from conf.errors import Damaged
from lake.line_blocks import line_blocks

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_READ = 1 << 20  # bytes read at a time
_ZSTD_STEP = 1 << 12  # fed at a time: even a bomb then swells to no more than 128 MiB
_MOST = 1 << 22  # gzip: bytes swollen at a time
_NEARER = (1 << 12, 1 << 6, 1)  # gzip: steps in which a damage is come near to


class Undecodable(Damaged):
    """The rest of a compressed file cannot be decoded.

    `reason` is truncated or corrupt. All that can be decoded comes of bytes before `offset`, or of
    the few that follow it; so who keeps the file's bytes from there on keeps what is damaged.
    """

    def __init__(self, message: str, reason: str, offset: int) -> None:
        """Say what is wrong, and from which byte of the compressed file on."""
        super().__init__(message)
        self.reason, self.offset = reason, offset


def decode(stream: BinaryIO, name: str, lines: int = 0) -> Iterator[bytes]:
    """Yield the uncompressed bytes of a plain, gzip or zstd stream, block by block.

    With `lines`, a plain one that can be sought comes in blocks of whole lines, some so many bytes
    each. Raises Undecodable after the last block that could be decoded, when the stream is
    truncated or corrupt, or is not what the end of `name` (.gz, .zst) says.
    """
    head = stream.read(_READ)
    blocks = _blocks(head, stream)
    if head.startswith(_GZIP):
        yield from _gunzip(blocks)
    elif head.startswith(_ZSTD):
        yield from _unzstd(blocks)
    elif head and name.endswith((".gz", ".zst")):
        message = f"{name} is neither gzip nor zstd, whatever its name says."
        raise Undecodable(message, "corrupt", 0)
    elif lines and len(head) == _READ and stream.seekable():
        yield from line_blocks(stream, lines)
    else:
        yield from blocks


def _blocks(head: bytes, stream: BinaryIO) -> Iterator[bytes]:
    while head:
        yield head
        head = stream.read(_READ)


def _gunzip(blocks: Iterator[bytes]) -> Iterator[bytes]:
    member = None
    offset = fruitful = 0  # of what is fed next; of what gave something last
    for block in blocks:
        while block:
            if member is None:
                size = len(block)
                block = block.lstrip(b"\0")  # padding between and after members
                offset += size - len(block)
                if not block:
                    break
                member = zlib.decompressobj(wbits=31)
            before = member.copy()
            try:
                plain = member.decompress(block, _MOST)
            except zlib.error as error:
                for plain in _until_damage(before, block):
                    yield plain
                    fruitful = offset
                raise Undecodable(f"corrupt gzip: {error}", "corrupt", fruitful) from error
            if plain:
                yield plain
                fruitful = offset
            left = member.unused_data if member.eof else member.unconsumed_tail
            offset += len(block) - len(left)
            block = left
            if member.eof:
                member = None
    if member is not None:
        raise Undecodable("truncated gzip", "truncated", fruitful)


def _until_damage(member: "zlib._Decompress", block: bytes) -> Iterator[bytes]:
    """Yield what the block in which decoding fails gives before it fails.

    zlib gives nothing of what it was fed with the damage, so it is fed in ever smaller steps.
    """
    for step in _NEARER:
        for start in range(0, len(block), step):
            part = block[start : start + step]
            before = member.copy()
            try:
                plain = member.decompress(part)
            except zlib.error:
                member, block = before, part
                break
            if plain:
                yield plain


def _unzstd(blocks: Iterator[bytes]) -> Iterator[bytes]:
    context = zstandard.ZstdDecompressor()
    frame = None
    offset = fruitful = 0
    for block in blocks:
        for start in range(0, len(block), _ZSTD_STEP):
            part = block[start : start + _ZSTD_STEP]
            while part:
                frame = frame or context.decompressobj()
                try:
                    plain = frame.decompress(part)
                except zstandard.ZstdError as error:
                    raise Undecodable(f"corrupt zstd: {error}", "corrupt", fruitful) from error
                if plain:
                    yield plain
                    fruitful = offset
                left = frame.unused_data if frame.eof else b""
                offset += len(part) - len(left)
                part = left
                if frame.eof:
                    frame = None
    if frame is not None:
        raise Undecodable("truncated zstd", "truncated", fruitful)
