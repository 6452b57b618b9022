"""What user agents tell of devices: which it is, in which version, and of what kind.

One number of 64 bits holds all three. A device is the agent without its digits, for it outlives
its updates; its version is the agent as it stands. Browsers name an engine that calls itself
Mozilla, and say Mobi or the system on a telephone or tablet (MDN, *Browser detection using the user
agent*); a telephone's other programs name its system. All else are tools: synchronising, scripts,
command lines.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

import numpy as np

from models.columns import Integers

if TYPE_CHECKING:
    from pyspark.sql import Column

COMPUTER, TELEPHONE, TOOL = range(3)
KINDS = 3
ON_A_TELEPHONE = ("Mobi", "Android", "android", "iPhone", "iPad", "iOS")
IN_A_BROWSER = ("Mozilla", "Opera")
# A number's lowest bits: device, then version, then kind.
KIND_BITS, VERSION_BITS = 2, 20
DETAIL_BITS = KIND_BITS + VERSION_BITS
VERSION_MASK = ((1 << VERSION_BITS) - 1) << KIND_BITS
KIND_MASK = (1 << KIND_BITS) - 1


def device_id(agent: "Column") -> "Column":
    """Return the number of a user agent."""
    from pyspark.sql import functions as f

    def says(words: Sequence[str]) -> "Column":
        return reduce(or_, (agent.contains(word) for word in words))

    device = f.shiftright(f.xxhash64(f.translate(agent, "0123456789._", "")), DETAIL_BITS)
    version = f.xxhash64(agent).bitwiseAND(VERSION_MASK)
    kind = (
        f.when(says(ON_A_TELEPHONE), TELEPHONE)
        .when(says(IN_A_BROWSER), COMPUTER)
        .otherwise(TOOL)
        .cast("long")
    )
    return f.shiftleft(device, DETAIL_BITS).bitwiseOR(version).bitwiseOR(kind)


@dataclass(frozen=True)
class Devices:
    """One entry a (person, address, version): successes by user agent. Sorted by person."""

    person: Integers
    address: Integers
    device: Integers
    version: Integers  # of the device; no two devices have the same
    events: Integers
    kind: Integers  # of each device

    @classmethod
    def of(cls, person: Integers, address: Integers, number: Integers, events: Integers) -> Self:
        """Tell apart the devices of numbers as `device_id` makes them."""
        each, version = np.unique(number, return_inverse=True)
        _, first, device = np.unique(each >> DETAIL_BITS, return_index=True, return_inverse=True)
        kind = np.minimum(each[first] & KIND_MASK, TOOL)
        return cls(person, address, device[version], version.astype(np.int64), events, kind)
