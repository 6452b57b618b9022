"""Sets of addresses as sorted ranges, searched many addresses at a time.

An address is 16 bytes in network order, IPv4 as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2), so that both
protocols share one order and one search. numpy compares such fixed-width byte strings as the
numbers they are; it pads with zero bytes, which changes nothing at a fixed width.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH = 16
BITS = 8 * WIDTH
BITS_V4 = 32
MAPPED = bytes(10) + b"\xff\xff"
# Wider blocks than these are held by nobody: in a list they are a mistake that flags everybody.
WIDEST_V4 = 8
WIDEST_V6 = 16

# For each prefix length, 0 to 128: the 16 bytes with the bits below the prefix set.
HOST_BITS = np.array(
    [list(((1 << (BITS - prefix)) - 1).to_bytes(WIDTH, "big")) for prefix in range(BITS + 1)],
    dtype=np.uint8,
)

Addresses = NDArray[np.bytes_]
Network = tuple[bytes, int]  # 16 bytes of which the first so many bits count


@dataclass(frozen=True)
class Ranges:
    """Disjoint ranges in ascending order: `first[i]` to `last[i]`, both included."""

    first: Addresses
    last: Addresses

    def contain(self, addresses: Addresses) -> NDArray[np.bool_]:
        """Return for each address whether it lies in one of the ranges.

        Ascending addresses are found some three times faster than unordered ones.
        """
        if not len(self.first):
            return np.zeros(len(addresses), dtype=np.bool_)
        at = np.searchsorted(self.first, addresses, side="right") - 1
        inside: NDArray[np.bool_] = (at >= 0) & (addresses <= self.last[np.maximum(at, 0)])
        return inside


def pack(texts: Sequence[str | None]) -> tuple[Addresses, NDArray[np.bool_]]:
    """Return the addresses as 16 bytes each, and which of the texts are addresses at all."""
    packed = [_packed(text) for text in texts]
    valid = np.array([address is not None for address in packed], dtype=np.bool_)
    joined = b"".join(address or bytes(WIDTH) for address in packed)
    return np.frombuffer(joined, dtype=f"S{WIDTH}"), valid


def network(text: str) -> Network:
    """Return a CIDR block or single address; raises ValueError for anything else.

    Bits below the prefix are ignored. So wide a block as none is given to anybody is refused.
    """
    base, slash, prefix_text = text.partition("/")
    packed = _packed(base)
    if packed is None or (slash and not prefix_text.isdecimal()):
        raise ValueError(f"{text!r} is no address or CIDR block")
    length, widest = (BITS, WIDEST_V6) if ":" in base else (BITS_V4, WIDEST_V4)
    prefix = int(prefix_text) if slash else length
    if not widest <= prefix <= length:
        raise ValueError(f"{text!r} has a prefix that is not in {widest} to {length}")
    prefix += BITS - length
    if packed[0] == 0 and prefix < 8 * len(MAPPED):
        raise ValueError(f"{text!r} has a prefix so short that it holds every IPv4 address")
    return packed, prefix


def merge(networks: Sequence[Network]) -> Ranges:
    """Join networks, which may nest, into disjoint ranges."""
    base = np.frombuffer(b"".join(packed for packed, _ in networks), np.uint8).reshape(-1, WIDTH)
    host = HOST_BITS[np.array([prefix for _, prefix in networks], dtype=np.intp)]
    first, last = _column(base & ~host), _column(base | host)
    order = np.argsort(first)
    first, last = first[order], last[order]
    # numpy has no running maximum of byte strings, but one of their ranks.
    ascending = np.sort(last)
    reached = np.maximum.accumulate(np.searchsorted(ascending, last))
    apart = np.append(True, first[1:] > ascending[reached[:-1]])[: len(first)]
    ends = np.append(np.flatnonzero(apart)[1:] - 1, len(first) - 1)[: np.count_nonzero(apart)]
    return Ranges(first[apart], ascending[reached[ends]])


def _column(rows: NDArray[np.uint8]) -> Addresses:
    return np.ascontiguousarray(rows).view(f"S{WIDTH}").reshape(-1)


def _packed(text: str | None) -> bytes | None:
    if not text:
        return None
    try:
        if ":" in text:
            return socket.inet_pton(socket.AF_INET6, text)
        return MAPPED + socket.inet_pton(socket.AF_INET, text)
    except OSError:
        return None
