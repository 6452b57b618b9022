"""Addresses that belong to no place: private, shared, local, reserved, multicast, documentation.

The blocks are those of IANA's special-purpose address registries (IPv4, IPv6) that are not globally
reachable, and the multicast blocks.
"""

import ipaddress

import numpy as np
from numpy.typing import NDArray

from enrichment.packed import Packed, pack

BLOCKS = (
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "3fff::/20",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
)
_NETWORKS = [ipaddress.ip_network(block) for block in BLOCKS]
_FIRST = pack([str(network[0]) for network in _NETWORKS])
_ORDER = np.argsort(_FIRST)
_FIRST = _FIRST[_ORDER]
_LAST = pack([str(network[-1]) for network in _NETWORKS])[_ORDER]


def are_reserved(packed: Packed) -> NDArray[np.bool_]:
    """Return for each address whether it lies in a reserved block, or is no address at all."""
    row = np.maximum(np.searchsorted(_FIRST, packed, side="right") - 1, 0)
    reserved: NDArray[np.bool_] = (packed >= _FIRST[row]) & (packed <= _LAST[row])
    return reserved
