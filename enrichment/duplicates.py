"""Tells which rows a table holds already, by the key (tenant, source, id).

The ids of each live file are read once by a process and kept as 64-bit hashes; only rows whose
hash is there are then compared with the ids themselves. A live file never changes, so what was
read of it stays true.
"""

from collections import OrderedDict
from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from numpy.typing import NDArray

from lake.files import LiveFile
from lake.tables import Table

Hashes = NDArray[np.uint64]
MOST_KEPT = 16_000_000  # hashes of 8 bytes: 128 MB


NO_IDS = pa.table({"id": pa.array([], pa.string())})


class _Ids:
    """The ids that are to be hashed: DuckDB asks for them each time, so it is told of them once."""

    def __init__(self) -> None:
        self.table = NO_IDS

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        stream: object = self.table.__arrow_c_stream__(requested_schema)
        return stream


class KnownIds:
    """The ids in a table's files; `column` is the id's dotted name."""

    def __init__(self, table: Table, column: str, connection: duckdb.DuckDBPyConnection) -> None:
        self._table = table
        self._column = column
        self._connection = connection
        self._ids = _Ids()
        connection.register("ids", self._ids)
        self._kept: OrderedDict[str, Hashes] = OrderedDict()
        self._kept_hashes = 0

    def among(
        self, ids: pa.Array, hashes: Hashes, where: ds.Expression, live: Sequence[LiveFile]
    ) -> NDArray[np.bool_]:
        """Return for each id whether a row in the files `live` that `where` selects bears it."""
        known = np.zeros(len(ids), dtype=bool)
        suspects: list[LiveFile] = []
        for file in live:
            hit = _contains(self._hashes(file), hashes)
            if hit.any():
                suspects.append(file)
                known |= hit
        if not suspects:
            return known
        candidates = ids.filter(pa.array(known))
        path = tuple(self._column.split("."))
        field = ds.field(path if len(path) > 1 else path[0])
        rows = self._table.dataset(suspects).to_table(
            columns={"id": field}, filter=where & field.isin(candidates)
        )
        certain = pc.is_in(ids, value_set=rows["id"].combine_chunks())
        return np.asarray(certain.to_numpy(zero_copy_only=False), dtype=bool)

    def hashes_of(self, ids: "pa.Array | pa.ChunkedArray") -> Hashes:
        """Return the 64-bit hash of each id, the one that is kept of the files' ids."""
        self._ids.table = pa.table({"id": ids})
        # Not as Arrow: that would be a second statement over what this one yields.
        found = self._connection.execute("SELECT hash(id) AS hash FROM ids").fetchnumpy()
        self._ids.table = NO_IDS
        return np.asarray(found["hash"], dtype=np.uint64)

    def _hashes(self, file: LiveFile) -> Hashes:
        if file.key in self._kept:
            self._kept.move_to_end(file.key)
            return self._kept[file.key]
        path = tuple(self._column.split("."))
        field = ds.field(path if len(path) > 1 else path[0])
        ids = self._table.dataset([file]).to_table(columns={"id": field})["id"]
        hashes = np.sort(self.hashes_of(ids))
        self._kept[file.key] = hashes
        self._kept_hashes += len(hashes)
        while self._kept_hashes > MOST_KEPT and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self._kept_hashes -= len(dropped)
        return hashes


def _contains(ascending: Hashes, wanted: Hashes) -> NDArray[np.bool_]:
    if len(ascending) == 0:
        return np.zeros(len(wanted), dtype=bool)
    position = np.searchsorted(ascending, wanted)
    position[position == len(ascending)] = 0
    found: NDArray[np.bool_] = ascending[position] == wanted
    return found


def first_occurrences(ids: pa.Array, hashes: Hashes) -> NDArray[np.bool_]:
    """Return for each id whether no earlier one equals it; `hashes` are those of the ids."""
    ascending = np.sort(hashes)
    if not (ascending[1:] == ascending[:-1]).any():
        return np.ones(len(ids), dtype=bool)  # no two hashes are alike, so no two ids are
    first = np.zeros(len(ids), dtype=bool)
    codes = ids.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    first[np.unique(codes, return_index=True)[1]] = True
    return first
