"""What looks random about an event, computed from its number."""

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
_MASK = 2**64 - 1
_32, _LOW = np.uint64(32), np.uint64(2**32 - 1)


def mixed(key: int, numbers: NDArray[np.int64]) -> Hashes:
    """Return a hash for each number (SplitMix64; Steele, Lea and Flood 2014)."""
    with np.errstate(over="ignore"):
        x = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(key & (2**64 - 1))
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def mixed_one(key: int, number: int) -> int:
    """Return the same hash of one number, without the cost of arrays."""
    x = (number * 0x9E3779B97F4A7C15 + key) & _MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)


def halves(hashes: Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return hashes as two numbers each, from 0 to below 2**32, that know nothing of each other."""
    return (hashes >> _32).astype(np.int64), (hashes & _LOW).astype(np.int64)


def fraction(hashes: Hashes) -> NDArray[np.float64]:
    """Return hashes as numbers from 0 to below 1."""
    return (hashes >> np.uint64(11)).astype(np.float64) / float(1 << 53)
