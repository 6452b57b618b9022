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
    """The objects of a lake, and the raw ones among them."""

    objects: Objects
    raw: Raw


def open_store(uri: str, settings: Settings) -> Store:
    """Open the lake at `uri`: a folder, or `s3://bucket/prefix`."""
    objects = open_objects(uri, settings)
    return Store(objects, Raw(objects, Encryption(objects, settings)))
