"""The lake for notebooks: tables as Arrow, pandas, DuckDB or Spark in one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from conf.errors import UsageError
from conf.settings import Settings
from lake.files import LiveFile
from lake.lake import Lake
from lake.tables import Table

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("events", "anomalies", "quarantine", "verdicts", "health", "daily_use")


@dataclass(frozen=True)
class Rows:
    """Rows of one table as it is now; read when one of the methods is called."""

    table: Table
    live: tuple[LiveFile, ...]
    columns: tuple[str, ...] | None
    folder: str

    def arrow(self) -> pa.Table:
        """Return the rows as an Arrow table."""
        return self.table.arrow(self.columns, self.live)

    def pandas(self) -> "pd.DataFrame":
        """Return the rows as a pandas data frame; needs pandas installed."""
        frame: pd.DataFrame = self.arrow().to_pandas()
        return frame

    def duckdb(self) -> duckdb.DuckDBPyRelation:
        """Return the rows as a DuckDB relation, which reads only what a query needs."""
        connection = duckdb.connect()
        connection.register("dataset", self.table.dataset(self.live))
        relation = connection.table("dataset")
        return relation.select(*self.columns) if self.columns else relation

    def spark(self, session: Any) -> Any:
        """Return the rows as a Spark data frame (`pyspark.sql.DataFrame`) of a `SparkSession`."""
        from jobs import spark_tables

        frame = spark_tables.read(session, self.table, self.live, self.folder)
        return frame.select(*self.columns) if self.columns else frame


class Lakehouse:
    """A lake that is read. Each table is as it is at the moment of the call."""

    def __init__(self, uri: str, settings: Settings | None = None) -> None:
        """`settings` instead of those of the environment."""
        self.lake = Lake(uri, settings or Settings())

    def events(
        self,
        tenant: str | None = None,
        first: date | None = None,
        last: date | None = None,
        columns: Sequence[str] | None = None,
    ) -> Rows:
        """Return the standard events of a tenant and of the days `first` to `last`, included."""
        return self._rows("events", tenant, first, last, columns)

    def anomalies(
        self,
        tenant: str | None = None,
        first: date | None = None,
        last: date | None = None,
        columns: Sequence[str] | None = None,
    ) -> Rows:
        """Return what runs have flagged; the days are the last ones that the runs looked at."""
        return self._rows("anomalies", tenant, first, last, columns)

    def quarantine(
        self,
        tenant: str | None = None,
        first: date | None = None,
        last: date | None = None,
        columns: Sequence[str] | None = None,
    ) -> Rows:
        """Return the records that could not become events; the days are those of ingest."""
        return self._rows("quarantine", tenant, first, last, columns)

    def sql(self, query: str) -> duckdb.DuckDBPyRelation:
        """Run a SELECT over the tables of the lake; it cannot write."""
        connection = duckdb.connect()
        kinds = [statement.type for statement in connection.extract_statements(query)]
        if kinds != [duckdb.StatementType.SELECT]:
            raise UsageError(f"sql: {query!r} is not one SELECT; nothing else is allowed")
        connection.execute("SET TimeZone = 'UTC'")
        for name in TABLES:
            table = self.lake.table(name)
            connection.register(name, table.dataset(table.files()))
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return connection.sql(query)

    def _rows(
        self,
        name: str,
        tenant: str | None,
        first: date | None,
        last: date | None,
        columns: Sequence[str] | None,
    ) -> Rows:
        table = self.lake.table(name)
        live = tuple(table.files(tenant, first, last))
        chosen = tuple(columns) if columns else None
        return Rows(table, live, chosen, f"{self.lake.uri}/{name}")
