"""Checks databases that an update brought, before anything uses them.

They must open, be of the right kind, know a handful of addresses that have been in the same hands
and at the same place for decades, and not have shrunk by more than half.
"""

from collections.abc import Sequence
from pathlib import Path

from conf.errors import Damaged
from enrichment.geo import GeoLookup
from enrichment.network import NetworkLookup

LEAST_SHARE = 0.5  # of the former size
FEWEST_RIGHT = 0.75  # of the known addresses: no database is right everywhere

KNOWN_PLACES = {
    "8.8.8.8": "US",  # Google
    "129.132.1.1": "CH",  # ETH Zurich
    "133.11.0.1": "JP",  # University of Tokyo
    "193.0.6.139": "NL",  # RIPE NCC
    "200.160.2.3": "BR",  # NIC.br
    "2001:67c:2e8:22::1": "NL",  # RIPE NCC
}
KNOWN_NETWORKS = {
    "8.8.8.8": 15169,  # Google
    "1.1.1.1": 13335,  # Cloudflare
    "129.132.1.1": 559,  # SWITCH
    "193.0.6.139": 3333,  # RIPE NCC
    "2001:67c:2e8:22::1": 3333,  # RIPE NCC
}


def check_city_files(files: Sequence[Path], former: Sequence[Path]) -> str:
    """Return the build of good city databases; raises Damaged. `former`: none, or those before."""
    _check_sizes("city", files, former)
    lookup = GeoLookup(files)
    found = lookup(list(KNOWN_PLACES)).column("country").to_pylist()
    _check_answers(files, list(KNOWN_PLACES), list(KNOWN_PLACES.values()), found)
    return lookup.build


def check_network_files(files: Sequence[Path], former: Sequence[Path]) -> str:
    """Return the build of good network databases; raises Damaged."""
    _check_sizes("network", files, former)
    lookup = NetworkLookup(files)
    found = lookup(list(KNOWN_NETWORKS)).column("number").to_pylist()
    _check_answers(files, list(KNOWN_NETWORKS), list(KNOWN_NETWORKS.values()), found)
    return lookup.build


def _check_sizes(role: str, files: Sequence[Path], former: Sequence[Path]) -> None:
    if not files:
        raise Damaged(f"the download holds no {role} database; bring it again")
    size, size_before = (sum(path.stat().st_size for path in each) for each in (files, former))
    if size < LEAST_SHARE * size_before:
        raise Damaged(
            f"{_names(files)}: {size:,} bytes, less than half of the former {size_before:,}; the "
            "former stays in use"
        )


def _check_answers(
    files: Sequence[Path],
    addresses: Sequence[str],
    wanted: Sequence[object],
    found: Sequence[object],
) -> None:
    wrong = [
        f"{address}: {answer or 'unknown'} instead of {right}"
        for address, right, answer in zip(addresses, wanted, found, strict=True)
        if answer != right
    ]
    if len(wrong) > (1 - FEWEST_RIGHT) * len(addresses):
        raise Damaged(
            f"{_names(files)}: wrong about well-known addresses ({'; '.join(wrong)}); the former "
            "stays in use"
        )


def _names(files: Sequence[Path]) -> str:
    return ", ".join(path.name for path in files)
