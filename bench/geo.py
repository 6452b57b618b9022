"""How many addresses a second are placed, against asking the bare reader one by one.

    python -m bench.geo [--addresses N] [--seed N]

Uses the databases of the settings (`ANTIPODE_GEO_CITY_DB`, `ANTIPODE_GEO_ASN_DB`), else those in
use. The addresses are distinct and lie in blocks that the city database knows. `first` is a fresh
lookup, as the first batch of a process meets it; `again` has seen the places before. The ratio is
that of processor time, both taken in this run.
"""

import argparse
import ipaddress
import json
import random
import time
from collections.abc import Callable

import maxminddb

from conf.settings import Settings
from enrichment.geo import GeoLookup
from enrichment.geo_blocks import blocks
from enrichment.geo_files import city_files, network_files
from enrichment.network import NetworkLookup


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--addresses", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    settings = Settings()
    readers = [maxminddb.open_database(str(path)) for path in city_files(settings)]
    addresses = known_addresses(settings, options.addresses, random.Random(options.seed))
    places, networks = GeoLookup(city_files(settings)), NetworkLookup(network_files(settings))
    bare = seconds(lambda: [readers[0].get(address) for address in addresses])
    result = {
        "city": places.build,
        "network": networks.build,
        "reader": type(readers[0]).__module__,
        "addresses": len(addresses),
        "bare_per_s": round(len(addresses) / bare),
    }
    for name, lookup in (("geo", places), ("network", networks)):
        for turn in ("first", "again"):
            taken = seconds(lambda lookup=lookup: lookup(addresses))
            result[f"{name}_{turn}_per_s"] = round(len(addresses) / taken)
            result[f"{name}_{turn}_ratio"] = round(bare / taken, 2)
    print(json.dumps(result, indent=1))


def known_addresses(settings: Settings, count: int, chance: random.Random) -> list[str]:
    """Return that many distinct IPv4 addresses in blocks that the shipped database knows."""
    networks = [
        ipaddress.IPv4Network(network)
        for network in blocks(settings)["network"].to_pylist()
        if ":" not in network
    ]
    room = sum(network.num_addresses for network in networks)
    found: set[str] = set()
    while len(found) < min(count, room // 4):
        network = chance.choice(networks)
        found.add(str(network[chance.randrange(network.num_addresses)]))
    return sorted(found, key=lambda _: chance.random())


def seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds that `work` takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
