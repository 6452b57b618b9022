"""Opens MaxMind databases (MMDB) and says plainly what is wrong with one that will not do."""

from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import maxminddb

from conf.errors import Damaged, MissingDependency

# What the reader raises on damaged bytes: they may say any type, length, text or pointer.
_FAULTS = (
    maxminddb.InvalidDatabaseError,
    OSError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)
REMEDY = "run `antipode geo update`, or name another file"


class Database:
    """One open MMDB file, mapped into memory and shared by all processes that read it."""

    def __init__(self, path: Path) -> None:
        """Open `path`. Raises MissingDependency when it is not there, Damaged when unreadable."""
        if not path.is_file():
            raise MissingDependency(f"{path}: there is no such database; {REMEDY}")
        try:
            self.reader = maxminddb.open_database(str(path), maxminddb.MODE_AUTO)
            self.metadata = self.reader.metadata()
            built = datetime.fromtimestamp(self.metadata.build_epoch, UTC)
        except _FAULTS as error:
            raise Damaged(f"{path}: not a readable MMDB file ({error}); {REMEDY}") from error
        self.path = path
        self.build = f"{self.metadata.database_type} {built:%Y-%m-%d}"  # type and day of build

    def get(self, address: str) -> dict[str, Any] | None:
        """Return the record of an address; null where there is none. Raises Damaged."""
        try:
            record = self.reader.get(address)
        except _FAULTS as error:
            raise Damaged(f"{self.path}: damaged at {address} ({error}); {REMEDY}") from error
        return record if isinstance(record, dict) else None

    def samples(self, count: int = 20) -> list[dict[str, Any]]:
        """Return the first records that are not empty, to see of what kind they are."""
        records = (record for _, record in self.reader if isinstance(record, dict) and record)
        try:
            return list(islice(records, count))
        except _FAULTS as error:
            raise Damaged(f"{self.path}: damaged ({error}); {REMEDY}") from error
