"""The walk down the search tree of an MMDB file, for many addresses at once."""

import ipaddress
import random
from pathlib import Path

import maxminddb
import numpy as np
import pytest
from geo_databases import flat, nested, write_mmdb

from conf.errors import Damaged
from enrichment.geo import GeoLookup
from enrichment.mmdb import Database
from enrichment.mmdb_tree import NOTHING, BrokenTreeError, Tree
from enrichment.packed import pack


def some_networks(chance: random.Random, version: int, count: int) -> list[str]:
    """Return networks of many lengths, some within others."""
    bits = 32 if version == 4 else 128
    kind = ipaddress.IPv4Network if version == 4 else ipaddress.IPv6Network
    first, last = (1 << 24, 224 << 24) if version == 4 else (0x20 << 120, 0x30 << 120)
    return [
        str(kind((chance.randrange(first, last), chance.randint(8, bits)), strict=False))
        for _ in range(count)
    ]


def widen(path: Path, record_bits: int) -> None:
    """Write the same tree with records of so many bits; the writer knows 24 for small trees."""
    with maxminddb.open_database(str(path), maxminddb.MODE_MMAP) as reader:
        nodes = reader.metadata().node_count
    octets = path.read_bytes()
    tree = bytearray()
    for at in range(0, nodes * 6, 6):
        left, right = (int.from_bytes(octets[at + side : at + side + 3], "big") for side in (0, 3))
        if record_bits == 32:
            tree += left.to_bytes(4, "big") + right.to_bytes(4, "big")
        elif record_bits == 28:
            heads = (left >> 24) << 4 | right >> 24
            tree += left.to_bytes(3, "big") + bytes([heads]) + right.to_bytes(3, "big")
        else:
            tree += octets[at : at + 6]
    said, says = b"record_size\xa1\x18", b"record_size\xa1" + bytes([record_bits])
    assert said in octets
    path.write_bytes(bytes(tree) + octets[nodes * 6 :].replace(said, says))


@pytest.mark.parametrize("record_bits", [24, 28, 32])
@pytest.mark.parametrize("versions", [(4,), (4, 6)])
def test_it_finds_what_the_reader_of_the_library_finds(
    tmp_path: Path, record_bits: int, versions: tuple[int, ...]
) -> None:
    chance = random.Random(record_bits)
    networks = [each for version in versions for each in some_networks(chance, version, 150)]
    networks.sort(key=lambda each: ipaddress.ip_network(each).prefixlen)
    path = tmp_path / "tree.mmdb"
    records = {each: {"name": each} for each in networks}
    write_mmdb(path, records, ip_version=max(versions))
    widen(path, record_bits)
    edges = [ipaddress.ip_network(each)[index] for each in networks for index in (0, -1)]
    addresses = [str(edge + step) for edge in edges for step in (-1, 0, 1)]
    database = Database(path)
    with maxminddb.open_database(str(path), maxminddb.MODE_MMAP) as reader:
        assert reader.metadata().record_size == record_bits
        wanted = [reader.get(address) or {} for address in addresses]
    found = [database.record(number) for number in database.find(pack(addresses)).tolist()]
    assert found == wanted


def test_records_of_28_bits_use_all_of_them() -> None:
    left, right = 0xA123456, 0xB789ABC
    node = bytes.fromhex("123456ab789abc")
    tree = Tree(np.frombuffer(node, np.uint8), 1, 28, 4)
    assert tree.find(pack(["1.0.0.0", "128.0.0.0"])).tolist() == [left, right]


def test_addresses_of_one_record_have_one_number(tmp_path: Path) -> None:
    path = write_mmdb(tmp_path / "a.mmdb", {"1.0.0.0/24": flat("AU"), "9.0.0.0/8": flat("AU")})
    numbers = Database(path).find(pack(["1.0.0.1", "9.9.9.9", "8.8.8.8", "1.0.0.2"])).tolist()
    assert numbers[0] == numbers[1] == numbers[3] != NOTHING
    assert numbers[2] == NOTHING


def test_a_file_of_ipv4_holds_nothing_of_ipv6(tmp_path: Path) -> None:
    path = write_mmdb(tmp_path / "a.mmdb", {"0.0.0.0/1": flat("AU")}, ip_version=4)
    assert Database(path).find(pack(["::1", "2001:db8::1"])).tolist() == [NOTHING, NOTHING]


def test_a_file_without_ipv4_holds_nothing_of_it(tmp_path: Path) -> None:
    path = write_mmdb(tmp_path / "a.mmdb", {"2400::/32": flat("AU")})
    assert Database(path).find(pack(["1.0.0.1"])).tolist() == [NOTHING]


def test_a_tree_that_never_ends_is_broken() -> None:
    back_to_itself = np.zeros(6, dtype=np.uint8)
    with pytest.raises(BrokenTreeError, match="deeper than an address is long"):
        Tree(back_to_itself, 1, 24, 4).find(pack(["1.2.3.4"]))


@pytest.mark.parametrize("seed", range(3))
def test_changed_bytes_are_placed_or_refused_but_raise_nothing_else(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    places = {"102.89.0.0/16": nested("NG", "Lagos", "Ikeja"), "2400::/32": flat("VN")}
    whole = write_mmdb(tmp_path / "whole.mmdb", places).read_bytes()
    refusals = []
    for turn in range(150):
        octets = bytearray(whole)
        for _ in range(chance.choice([1, 2, 5, 20])):
            octets[chance.randrange(len(octets))] = chance.choice([0, 127, 255])
        damaged = tmp_path / f"damaged-{turn}.mmdb"
        damaged.write_bytes(octets)
        try:
            GeoLookup([damaged])(["102.89.23.1", "2400::1", "8.8.8.8"])
        except Damaged as error:
            refusals.append(str(error))
    assert refusals
    assert all("damaged-" in refusal for refusal in refusals)
