"""Puts rows into a table, each once: the commit holds only what the table did not hold before.

Duplicates are looked for in the version that is read, and the commit succeeds only on that very
version; when somebody else committed first, what came meanwhile is looked at again.
"""

from collections import Counter
from contextlib import suppress

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from numpy.typing import NDArray

from conf.errors import Conflict
from enrichment.assemble import Origin
from enrichment.duplicates import KnownIds, first_occurrences
from lake.edge import child
from lake.files import LiveFile
from lake.lake import Lake
from lake.log import AlreadyCommitted
from lake.tables import Table
from schemas.connection import connection

Mask = NDArray[np.bool_]


class Publisher:
    """Adds rows to one table; `key` is the dotted name of the column that identifies a row."""

    def __init__(self, lake: Lake, name: str, key: str, by_time: bool) -> None:
        self._table: Table = lake.table(name)
        self._key = key
        self._by_time = by_time
        self._connection = connection()
        self._known = KnownIds(self._table, key, self._connection)

    def holds(self, application: str, sequence: int, seen: int | None = None) -> bool:
        """Tell whether the table holds this transaction already."""
        last = self._table.transaction(application, seen=seen)
        return last is not None and last >= sequence

    def count_of(self, raw_object: str, column: str) -> Counter[str]:
        """Count the rows that came of a raw object by the value of a column."""
        return Counter(self.of(raw_object)[column].to_pylist())

    def of(self, raw_object: str) -> pa.Table:
        """Return the rows that came of a raw object."""
        live = [
            file
            for file in self._table.files()
            if file.may_hold("raw_object", raw_object, raw_object)
        ]
        return self._table.arrow(live=live, where=ds.field("raw_object") == raw_object)

    def publish(
        self, rows: pa.Table, application: str, sequence: int, instead_of: Origin | None = None
    ) -> Mask:
        """Commit the rows that are new; return for each row whether it was.

        Rows are all of one tenant and source. With `instead_of`, the rows that came of that raw
        object go in the same commit. Raises AlreadyCommitted when the transaction is in the table.
        """
        ids = self._ids(rows)
        hashes = self._known.hashes_of(ids)
        new = first_occurrences(ids, hashes)
        written = None
        while True:
            version = self._table.version()
            if self.holds(application, sequence, version):
                raise AlreadyCommitted(f"{application} {sequence} is committed.")
            known = self._held(rows, ids, hashes, new, instead_of, version)
            if written is None or (known & new).any():
                new &= ~known
                written = self._table.write_files(
                    rows if new.all() else rows.filter(new), seen=version
                )
            with suppress(Conflict):
                if instead_of is None:
                    self._table.commit(written, application, sequence, version)
                else:
                    where = {"tenant": [instead_of.tenant], "raw_object": [instead_of.raw_object]}
                    self._table.replace(written, where, application, sequence, version)
                return new

    def _ids(self, rows: pa.Table) -> pa.Array:
        return child(rows, self._key).combine_chunks()

    def _held(
        self,
        rows: pa.Table,
        ids: pa.Array,
        hashes: NDArray[np.uint64],
        new: Mask,
        instead_of: Origin | None,
        version: int,
    ) -> Mask:
        """Return which rows the table holds, looking day by day at the files that may hold them."""
        held = np.zeros(len(ids), dtype=bool)
        if not rows.num_rows:
            return held
        where = ds.field("source") == rows["source"][0].as_py()
        if instead_of is not None:
            where &= ds.field("raw_object") != instead_of.raw_object
        days = rows["date"].combine_chunks().cast(pa.int32()).to_numpy()
        for file_day, live in self._candidates(rows, version).items():
            places = np.flatnonzero(new & ((days == file_day) if self._by_time else True))
            if len(places):
                part = ids.take(pa.array(places))
                held[places] |= self._known.among(part, hashes[places], where, live)
        return held

    def _candidates(self, rows: pa.Table, version: int) -> dict[int, list[LiveFile]]:
        bounds = {}
        if self._by_time:
            times = pc.min_max(rows["time"])
            bounds = {"first_time": times["min"].as_py(), "last_time": times["max"].as_py()}
        found: dict[int, list[LiveFile]] = {}
        tenant, source = rows["tenant"][0].as_py(), rows["source"][0].as_py()
        for file in self._table.files(tenant, source=source, seen=version, **bounds):
            day = file.partition["date"].toordinal() - EPOCH if self._by_time else 0
            found.setdefault(day, []).append(file)
        return found


EPOCH = 719_163  # 1970-01-01 as an ordinal of datetime.date
