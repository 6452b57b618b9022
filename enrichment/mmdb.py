"""Opens MaxMind databases (MMDB) and says plainly what is wrong with one that will not do."""

import mmap
import struct
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import maxminddb
import numpy as np

from conf.errors import Damaged, MissingDependency
from enrichment.mmdb_record import Records
from enrichment.mmdb_tree import NOTHING, Numbers, Tree
from enrichment.packed import Packed

# What damaged bytes lead to: they may say any type, length, text or pointer.
FAULTS = (
    maxminddb.InvalidDatabaseError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)
REMEDY = "run `antipode geo update`, or name another file"
_SEPARATOR = 16  # octets between tree and data


class Database:
    """One open MMDB file, mapped into memory and shared by all processes that read it."""

    def __init__(self, path: Path) -> None:
        """Open `path`. Raises MissingDependency when it is not there, Damaged when unreadable."""
        if not path.is_file():
            raise MissingDependency(f"{path}: there is no such database; {REMEDY}")
        self.path = path
        try:
            with maxminddb.open_database(str(path), maxminddb.MODE_MMAP) as reader:
                about = reader.metadata()
            with path.open("rb") as file:
                octets = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            self.kind = str(about.database_type)
            self.ip_version = int(about.ip_version)
            built = datetime.fromtimestamp(about.build_epoch, UTC)
            self._node_count = about.node_count
            self._tree_size = about.node_count * about.record_size // 4
            tree = np.frombuffer(octets, np.uint8, self._tree_size)
            self._tree = Tree(tree, about.node_count, about.record_size, self.ip_version)
            self._records_at = Records(octets, self._tree_size + _SEPARATOR)
        except FAULTS as error:
            raise Damaged(f"{path}: not a readable MMDB file ({error}); {REMEDY}") from error
        self.build = f"{self.kind} {built:%Y-%m-%d}"  # such as GeoLite2-City 2026-06-05

    def find(self, packed: Packed) -> Numbers:
        """Return the number of the record of each address, `NOTHING` where there is none.

        Addresses of one network have one number, and so do most networks of one place.
        Raises Damaged.
        """
        try:
            return self._tree.find(packed)
        except FAULTS as error:
            raise self.damaged(error) from error

    def record(self, number: int) -> dict[str, Any]:
        """Return the record that `find` gave the number of; empty for `NOTHING`. Raises Damaged."""
        if number == NOTHING:
            return {}
        try:
            record = self._records_at.at(number - self._node_count + self._tree_size)
        except FAULTS as error:
            raise self.damaged(error) from error
        return record if isinstance(record, dict) else {}

    def samples(self, count: int = 50) -> list[dict[str, Any]]:
        """Return some records that are not empty, to see of what kind they are. Raises Damaged."""
        try:
            numbers = self._tree.some_records()
        except FAULTS as error:
            raise self.damaged(error) from error
        spread = numbers[:: max(1, len(numbers) // count)]
        return list(islice(filter(None, map(self.record, spread.tolist())), count))

    def damaged(self, error: Exception) -> Damaged:
        """Return the error that names this file."""
        return Damaged(f"{self.path}: damaged ({error!r}); {REMEDY}")
