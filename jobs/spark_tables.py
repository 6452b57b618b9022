"""Any table of the lake as a Spark data frame: its live files, read as Parquet."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lake.files import LiveFile
from lake.tables import Table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


def read(session: "SparkSession", table: Table, live: Sequence[LiveFile], base: str) -> "DataFrame":
    """Return the rows of `live`, files of `table`, which lies at `base`; old columns are null."""
    from pyspark.sql.pandas.types import from_arrow_schema

    schema = from_arrow_schema(table.spec.schema)
    if not live:
        return session.createDataFrame([], schema)
    reader = session.read.schema(schema).option("basePath", base)
    return reader.parquet(*[file.path for file in live])
