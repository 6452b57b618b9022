"""Addresses as 16 bytes each, in an order like theirs; IPv4 in its mapped form.

The mapped form is that of RFC 4291, 2.5.5.2: `::ffff:192.0.2.1`.
"""

import socket
from collections.abc import Iterable
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAPPED = bytes(10) + b"\xff\xff"

Packed = NDArray[Any]
"""An array of dtype S16."""


def pack(addresses: Iterable[str]) -> Packed:
    """Return addresses (canonical text) as 16 bytes each; `::` for what is no address."""
    texts = list(addresses)
    try:
        # Mostly all are of IPv4: then no step of Python is taken for each.
        octets = MAPPED.join([b"", *map(socket.inet_pton, repeat(socket.AF_INET), texts)])
    except OSError:
        octets = b"".join(map(_pack_one, texts))
    return np.frombuffer(octets, dtype="S16")


def _pack_one(address: str) -> bytes:
    try:
        if ":" in address:
            return socket.inet_pton(socket.AF_INET6, address)
        return MAPPED + socket.inet_pton(socket.AF_INET, address)
    except OSError:
        return bytes(16)


def as_octets(packed: Packed) -> NDArray[np.uint8]:
    """Return the same addresses as rows of 16 octets."""
    return packed.view(np.uint8).reshape(len(packed), 16)


def are_mapped(packed: Packed) -> NDArray[np.bool_]:
    """Return for each address whether it is of IPv4."""
    mapped: NDArray[np.bool_] = (as_octets(packed)[:, :12] == list(MAPPED)).all(axis=1)
    return mapped
