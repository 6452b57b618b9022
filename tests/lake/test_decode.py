"""Compressed files: told by their bytes, read as far as they go, damage is one bad record."""

import gzip
import io
import random
import zlib
from typing import Any

import pytest
import zstandard
from lake_records import noise, read

from lake.decode import Undecodable, decode
from lake.records import Bad


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("name", ["x.ndjson.gz", "x.ndjson.zst", "x.ndjson"])
def test_compression_is_told_by_the_bytes(compress: Any, name: str) -> None:
    data = b'{"a":1}\n{"b":2}\n'
    assert read(compress(data), name) == [b'{"a":1}', b'{"b":2}']
    assert read(compress(data[:9]) + compress(data[9:]), name) == [b'{"a":1}', b'{"b":2}']


def test_zeros_after_a_gzip_member_are_padding() -> None:
    assert read(gzip.compress(b"{}\n") + b"\0" * 512, "x.ndjson.gz") == [b"{}"]


@pytest.mark.parametrize("compress", [gzip.compress, zstandard.compress])
def test_a_truncated_file_ends_in_one_bad_record(compress: Any) -> None:
    data = noise(20_000)
    whole = compress(data)
    *good, bad = read(whole[: len(whole) // 2], "x.ndjson.gz")
    assert isinstance(bad, Bad)
    assert bad.reason == "truncated"
    lines = data.split(b"\n")
    assert good == lines[: len(good)]
    assert len(good) > 5_000
    assert lines[len(good)].startswith(bad.record)


@pytest.mark.parametrize(
    "compress", [gzip.compress, zstandard.ZstdCompressor(write_checksum=True).compress]
)
def test_a_corrupt_file_ends_in_one_bad_record(compress: Any) -> None:
    whole = bytearray(compress(noise(20_000)))
    middle = len(whole) // 2
    whole[middle : middle + 200] = b"\xff" * 200
    *good, bad = read(bytes(whole), "x.ndjson.gz")
    assert isinstance(bad, Bad)
    assert bad.reason == "corrupt"
    assert good[:5_000] == noise(5_000).split(b"\n")[:-1]


@pytest.mark.parametrize("place", [0.3, 0.9])
def test_everything_before_a_damage_in_gzip_comes_out(place: float) -> None:
    data = noise(20_000)
    whole = bytearray(gzip.compress(data))
    at = int(len(whole) * place)
    whole[at] ^= 0xFF
    bare = zlib.decompressobj(wbits=31)
    least = sum(bare.decompress(whole[start : start + 1]).count(b"\n") for start in range(at))
    *good, bad = read(bytes(whole), "x.ndjson.gz")
    assert good[:least] == data.split(b"\n")[:least]
    assert isinstance(bad, Bad)


def test_a_wrong_check_sum_costs_no_line() -> None:
    whole = bytearray(gzip.compress(noise(2_000)))
    whole[-6] ^= 0xFF
    *good, bad = read(bytes(whole), "x.ndjson.gz")
    assert good == noise(2_000).split(b"\n")[:-1]
    assert isinstance(bad, Bad)


@pytest.mark.parametrize(
    ("compress", "most"), [(gzip.compress, 1 << 20), (zstandard.compress, 1 << 18)]
)
def test_the_damage_is_told_by_its_place(compress: Any, most: int) -> None:
    whole = compress(random.Random(1).randbytes(3 << 20))
    cut_at = 5 << 19
    with pytest.raises(Undecodable) as raised:
        list(decode(io.BytesIO(whole[:cut_at]), "x"))
    assert cut_at - most <= raised.value.offset < cut_at


def test_garbage_after_compressed_bytes_is_one_bad_record() -> None:
    good, bad = read(gzip.compress(b"{}\n") + b"garbage", "x.ndjson.gz")
    assert good == b"{}"
    assert isinstance(bad, Bad)


def test_a_last_line_that_is_whole_counts_beside_the_damage() -> None:
    body = zstandard.ZstdCompressor().compressobj()
    data = body.compress(b'{"a":1}\n{"b":2}') + body.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    found = read(data, "x.ndjson.zst")
    assert found[:2] == [b'{"a":1}', b'{"b":2}']
    assert isinstance(found[2], Bad)
    assert found[2].record == b""


def test_a_file_that_is_not_what_its_name_says_is_one_bad_record() -> None:
    (bad,) = read(b'{"a":1}\n', "x.ndjson.gz")
    assert isinstance(bad, Bad)
    assert (bad.reason, bad.record) == ("corrupt", b"")
    assert "neither gzip nor zstd" in bad.detail


def test_a_bomb_is_read_in_small_blocks() -> None:
    bomb = zstandard.compress(b"\0" * (1 << 29))
    longest = max(map(len, decode(io.BytesIO(bomb), "x.zst")))
    assert longest <= 1 << 28
    bomb = gzip.compress(b"\0" * (1 << 26))
    assert max(map(len, decode(io.BytesIO(bomb), "x.gz"))) <= 1 << 22
