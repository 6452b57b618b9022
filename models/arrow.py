"""Spark's data frames from and to Arrow tables on the driver, on Spark 4 and on Spark 3.5."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@contextmanager
def sockets_left_open() -> Iterator[None]:
    """Bear with Spark, which leaves a socket to the garbage collector once its rows were read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield


def spread(table: pa.Table) -> "DataFrame":
    """Return `table` as a data frame of the active session, without a Python worker on Spark 4."""
    from pyspark.sql import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema

    spark = SparkSession.builder.getOrCreate()
    if not _spark_3():
        return spark.createDataFrame(table)
    return spark.createDataFrame(
        [tuple(row.values()) for row in table.to_pylist()], from_arrow_schema(table.schema)
    )


def collect(frame: "DataFrame") -> pa.Table:
    """Return all rows of `frame`; columnar all the way, so millions of small rows are cheap."""
    with sockets_left_open():
        if not _spark_3():
            table: pa.Table = frame.toArrow()
            return table
        # Spark 3.5 has the same way without a public name; toPandas would copy, and need pandas.
        from pyspark.sql.pandas.types import to_arrow_schema

        collected: Any = frame
        schema = to_arrow_schema(frame.schema)
        return pa.Table.from_batches(collected._collect_as_arrow(), schema=schema)


def _spark_3() -> bool:
    import pyspark  # a cluster's own has no metadata to ask for its version

    return pyspark.__version__.startswith("3.")
