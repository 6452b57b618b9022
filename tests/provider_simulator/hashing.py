"""What looks random about an event, computed from its number."""

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]


def mixed(key: int, numbers: NDArray[np.int64]) -> Hashes:
    """Return a hash for each number (SplitMix64; Steele, Lea and Flood 2014)."""
    with np.errstate(over="ignore"):
        x = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(key & (2**64 - 1))
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))


def fraction(hashes: Hashes) -> NDArray[np.float64]:
    """Return hashes as numbers from 0 to below 1."""
    return (hashes >> np.uint64(11)).astype(np.float64) / float(1 << 53)
