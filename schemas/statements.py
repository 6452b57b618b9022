"""Prepared statements of DuckDB over the records of a batch, which they call `chunk`."""

from collections.abc import Callable

import pyarrow as pa

from schemas.connection import connection

# DuckDB takes 2048 records at a time. What it makes of so many of some kB is more than a
# processor's own cache holds, and all that is done with them takes half as long again.
BATCH_BYTES = 1 << 20
FEWEST = 64  # records: each batch costs something, too


class _Chunk:
    """What the statements read: DuckDB asks it for its records each time one runs."""

    def __init__(self) -> None:
        self.records = pa.table(
            {"record_ordinal": pa.array([], pa.int64()), "record_text": pa.array([], pa.string())}
        )

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        stream: object = self.records.__arrow_c_stream__(requested_schema)
        return stream


class Statements:
    """A DuckDB connection on which each statement is planned once.

    To plan a mapper's statement takes longer than to map a thousand records.
    """

    def __init__(self) -> None:
        """Nothing is planned yet."""
        self._connection = connection()
        self._chunk = _Chunk()
        self._connection.register("chunk", self._chunk)
        self._prepared: set[str] = set()

    def run(self, name: str, statement: Callable[[], str], records: pa.Table) -> pa.Table:
        """Run the statement called `name` over records (record_ordinal, record_text)."""
        if name not in self._prepared:
            self._connection.execute(f'PREPARE "{name}" AS {statement()}')
            self._prepared.add(name)
        self._chunk.records = _in_batches(records)
        rows: pa.Table = self._connection.sql(f'EXECUTE "{name}"').to_arrow_table()
        return rows

    def valid(self, records: pa.Table) -> pa.ChunkedArray:
        """Return for each record whether it is JSON."""
        sql = "SELECT json_valid(record_text) AS valid FROM chunk"
        return self.run("valid", lambda: sql, records)["valid"]


def _in_batches(records: pa.Table) -> pa.Table:
    """Return the same records, in batches of as many as have some BATCH_BYTES of text."""
    most = max(BATCH_BYTES * records.num_rows // (records.nbytes + 1), FEWEST)
    return pa.Table.from_batches(records.to_batches(max_chunksize=most), records.schema)
