"""Walks the search tree of an MMDB file for many addresses at once.

The tree is a list of nodes of two records each, left for a 0 bit and right for a 1. A record below
the number of nodes is the next node; equal to it: nothing is known; above it: where the data lie
(MaxMind DB file format, version 2.0). All addresses of a batch go down the tree together, one bit
at a time, through numpy, which is faster than asking the C extension for one after the other, and,
unlike the extension, survives a damaged file: over changed bytes that one ends the process.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from enrichment.packed import Packed, are_mapped, as_octets

Numbers = NDArray[np.int64]
NOTHING = -1


class BrokenTreeError(ValueError):
    """The tree does not end where it should."""


@dataclass(frozen=True)
class Tree:
    """The search tree of one file."""

    octets: NDArray[np.uint8]  # the file's first bytes, up to the end of the tree
    node_count: int
    record_bits: int  # 24, 28 or 32
    ip_version: int  # 4 or 6; a tree of 6 holds IPv4 below 96 zero bits

    def find(self, packed: Packed) -> Numbers:
        """Return the record that each address ends at, `NOTHING` where it ends at none.

        Raises BrokenTreeError.
        """
        found = np.full(len(packed), NOTHING, dtype=np.int64)
        octets, mapped = as_octets(packed), are_mapped(packed)
        if self._ipv4 < self.node_count:
            ipv4 = octets[mapped, 12:]
            reached = self._after_two_octets[ipv4[:, 0].astype(np.int64) << 8 | ipv4[:, 1]]
            found[mapped] = self._walk(reached, ipv4[:, 2:])
        if self.ip_version == 6:
            ipv6 = octets[~mapped]
            found[~mapped] = self._walk(np.zeros(len(ipv6), np.int64), ipv6)
        if ((found >= 0) & (found < self.node_count)).any():
            raise BrokenTreeError("its search tree is deeper than an address is long")
        found[found == self.node_count] = NOTHING
        return found

    def some_records(self, nodes: int = 4096) -> Numbers:
        """Return the records at which up to so many nodes end, from all over the tree."""
        asked = np.unique(
            np.linspace(0, self.node_count - 1, min(nodes, self.node_count)).astype(int)
        )
        found = [self._next(asked, np.full(len(asked), side, np.int64)) for side in (0, 1)]
        numbers = np.unique(np.concatenate(found))
        return numbers[numbers > self.node_count]

    @cached_property
    def _ipv4(self) -> int:
        """The node below which IPv4 begins, or the record that all of it has."""
        start = np.zeros(1, np.int64)
        return int(self._walk(start, np.zeros((1, 12), np.uint8))[0]) if self.ip_version == 6 else 0

    @cached_property
    def _after_two_octets(self) -> Numbers:
        """What each IPv4 address has reached after its first two octets: two thirds of the way."""
        reached = np.array([self._ipv4], dtype=np.int64)
        for _ in range(16):
            side = np.tile(np.arange(2), len(reached))
            reached = reached.repeat(2)
            inside = reached < self.node_count
            reached[inside] = self._next(reached[inside], side[inside])
        return reached

    def _walk(self, start: Numbers, octets: NDArray[np.uint8]) -> Numbers:
        """Return the first record that is no node, or the node reached after the last bit.

        `start` is where each address is before the first of its `octets`.
        """
        reached = start.copy()
        under_way = np.flatnonzero(start < self.node_count)
        node = reached[under_way]
        for bit in range(octets.shape[1] * 8):
            direction = (octets[under_way, bit >> 3] >> np.uint8(7 - (bit & 7))) & np.uint8(1)
            node = self._next(node, direction.astype(np.int64))
            reached[under_way] = node
            inside = node < self.node_count
            if not inside.all():
                under_way, node = under_way[inside], node[inside]
            if not under_way.size:
                break
        return reached

    def _next(self, node: Numbers, direction: Numbers) -> Numbers:
        """Return the left (0) or right (1) record of nodes."""
        octet = self.octets
        at = node * (self.record_bits // 4)
        if self.record_bits == 24:
            first = at + direction * 3
            return _joined(octet[first], octet[first + 1], octet[first + 2])
        if self.record_bits == 32:
            first = at + direction * 4
            head: Numbers = octet[first].astype(np.int64)
            return head << 24 | _joined(octet[first + 1], octet[first + 2], octet[first + 3])
        first = at + direction * 4  # 28: the octet in the middle holds the heads of both
        head = octet[at + 3].astype(np.int64) >> (4 * (1 - direction)) & 15
        return head << 24 | _joined(octet[first], octet[first + 1], octet[first + 2])


def _joined(high: NDArray[np.uint8], middle: NDArray[np.uint8], low: NDArray[np.uint8]) -> Numbers:
    joined: Numbers = (
        high.astype(np.int64) << 16 | middle.astype(np.int64) << 8 | low.astype(np.int64)
    )
    return joined
