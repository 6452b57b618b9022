"""Which files of events cannot be read, where Spark is told to skip such files.

With `spark.sql.files.ignoreCorruptFiles` Spark leaves out what it cannot read of a file, each query
for itself, and says so in the log of an executor. Of one file, one query would count people whose
addresses another query lacks; and the day would be kept as if it were whole. So the jobs read
strictly, whatever that setting says. Where it is set, each file is read once before, all columns of
it, and what cannot be read is left out as a whole, by name. Where it is not set, a run that fails
reads the files so afterwards, for not every Spark says which file it failed at.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from conf.errors import AntipodeError
from jobs.runner import read_events
from lake.files import LiveFile
from models.arrow import collect
from schemas.event import EVENT

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SKIP = "spark.sql.files.ignoreCorruptFiles"


def whole(
    spark: "SparkSession", live: Sequence[LiveFile], base: str
) -> tuple[list[LiveFile], list[str]]:
    """Return the files to read, and the keys of those to leave out: none unless Spark is to skip.

    A file is damaged when fewer of its rows can be read than the table says it has.
    """
    if not live or str(spark.conf.get(SKIP, "false")).lower() != "true":
        return list(live), []
    skipped = _damaged(spark, live, base)
    return [file for file in live if file.key not in skipped], skipped


@contextmanager
def named(spark: "SparkSession", live: Sequence[LiveFile], base: str) -> Iterator[None]:
    """Raise AntipodeError that names the damaged files when Spark fails for one of them."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (Py4JError, PySparkException) as error:
        found: list[str] = []
        with suppress(Py4JError, PySparkException):  # then it is more than a file that fails
            found = _damaged(spark, live, base)
        if not found:
            raise
        raise AntipodeError(
            f"{', '.join(f'events/{key}' for key in found[:5])}{' and others' if found[5:] else ''}"
            " cannot be read in whole; put back what is damaged, or leave it out with "
            f"--conf {SKIP}=true"
        ) from error


def _damaged(spark: "SparkSession", live: Sequence[LiveFile], base: str) -> list[str]:
    rows = _rows_of_files(spark, live, base)
    return [file.key for file in live if rows.get(_name(file.key), 0) < file.rows]


def _rows_of_files(spark: "SparkSession", live: Sequence[LiveFile], base: str) -> dict[str, int]:
    from pyspark.sql import functions as f

    events = read_events(spark, [file.path for file in live], base, skip_damaged=True)
    # A column that nobody asks for is not read, and its damage not met: the hash asks for all.
    found = events.groupBy(f.input_file_name().alias("file")).agg(
        f.count(f.lit(1)).alias("rows"), f.max(f.xxhash64(*EVENT.names)).alias("content")
    )
    return {_name(row["file"]): row["rows"] for row in collect(found).to_pylist()}


def _name(path: str) -> str:
    """Return the last part of a file's path, which no other file of the lake has."""
    return path.rsplit("/", 1)[-1]
