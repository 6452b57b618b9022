"""Opens the part of a lake that collectors write: raw objects, cursors, leases; no table.

Tables need pyarrow and delta-rs, whose own threads stall a process that runs on gevent.
"""

from dataclasses import dataclass

from conf.settings import Settings
from lake.encryption import Encryption
from lake.objects import Objects, open_objects
from lake.raw import Raw


@dataclass(frozen=True)
class Store:
    """The objects of a lake, the raw ones among them, and what encrypts those."""

    objects: Objects
    raw: Raw
    encryption: Encryption


def open_store(uri: str, settings: Settings, side_by_side: int = 10, green: bool = False) -> Store:
    """Open the lake at `uri`: a folder, or `s3://bucket/prefix`.

    `side_by_side`: how many accounts are collected at the same time. `green`: in a process that
    runs on gevent.
    """
    objects = open_objects(uri, settings, connections=side_by_side)
    if green and not objects.uri.startswith("s3:"):
        from collectors.off_loop import OffLoop

        objects = OffLoop(objects)
    encryption = Encryption(objects, settings)
    return Store(objects, Raw(objects, encryption), encryption)
