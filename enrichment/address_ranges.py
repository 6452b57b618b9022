"""Sets of addresses as sorted ranges, searched many addresses at a time.

An address is 16 bytes in network order, IPv4 as IPv4-mapped IPv6 (RFC 4291, 2.5.5.2), so that both
protocols share one order and one search. numpy compares such fixed-width byte strings as the
numbers they are; it pads with zero bytes, which changes nothing at a fixed width.
"""

import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH = 16
BITS = 8 * WIDTH
MAPPED = bytes(10) + b"\xff\xff"
FIRST_MAPPED = int.from_bytes(MAPPED + bytes(4), "big")
# Wider blocks than these are held by nobody: in a list they are a mistake that flags everybody.
WIDEST_V4 = 8
WIDEST_V6 = 16

Addresses = NDArray[np.bytes_]


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


def network(text: str) -> tuple[int, int]:
    """Return the first and the last address of a block or single address, as 128-bit numbers.

    Bits below the prefix are ignored. Raises ValueError for what is no block, or too wide a one.
    """
    base, slash, prefix_text = text.partition("/")
    packed = _packed(base)
    if packed is None:
        raise ValueError(f"{text!r} is no address or CIDR block")
    is_v4 = "." in base and ":" not in base
    length = 32 if is_v4 else BITS
    prefix = int(prefix_text) if slash and prefix_text.isdecimal() else -1 if slash else length
    if not (WIDEST_V4 if is_v4 else WIDEST_V6) <= prefix <= length:
        raise ValueError(f"{text!r} has no prefix between the widest believed and {length}")
    mask = (1 << (length - prefix)) - 1
    first = int.from_bytes(packed, "big") & ~mask
    last = first | mask
    if not is_v4 and first < FIRST_MAPPED < last:
        raise ValueError(f"{text!r} would hold every IPv4 address")
    return first, last


def merge(spans: Iterable[tuple[int, int]]) -> Ranges:
    """Join spans that overlap or touch into disjoint ranges."""
    merged: list[list[int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1][1] = max(merged[-1][1], last)
        else:
            merged.append([first, last])
    return Ranges(_column(merged, 0), _column(merged, 1))


def _column(spans: list[list[int]], side: int) -> Addresses:
    joined = b"".join(span[side].to_bytes(WIDTH, "big") for span in spans)
    return np.frombuffer(joined, dtype=f"S{WIDTH}")


def _packed(text: str | None) -> bytes | None:
    if not text:
        return None
    try:
        if ":" in text:
            return socket.inet_pton(socket.AF_INET6, text)
        return MAPPED + socket.inet_pton(socket.AF_INET, text)
    except OSError:
        return None
