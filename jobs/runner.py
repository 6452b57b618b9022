"""One runner of Spark for a laptop and for a cluster: the session, and the events as a DataFrame.

The settings are those of a small machine; on a cluster `spark-submit` brings its own master, memory
and other settings, which win over what is said here.
"""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from conf.errors import MissingDependency
from jobs import class_archive
from models.stages import Stages
from schemas.event import EVENT

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

LOCAL = "local[*]"
LOGGING = (Path(__file__).parent / "log4j2.properties").as_uri()

ALWAYS = {"spark.sql.session.timeZone": "UTC"}
COMMON = {
    "spark.sql.adaptive.enabled": "true",
    "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.driver.maxResultSize": "2g",
    # Files written by other versions of the mappers may lack columns that came later.
    "spark.sql.parquet.mergeSchema": "false",
}
ON_A_LAPTOP = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "1536m",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
    # Rarely grows the heap beyond what a query needs, so the process tree stays small.
    "spark.driver.extraJavaOptions": "-XX:+UseParallelGC -XX:MinHeapFreeRatio=20 "
    f"-XX:MaxHeapFreeRatio=40 -Dlog4j2.configurationFile={LOGGING}",
    "spark.sql.catalogImplementation": "in-memory",
}

# Fewer than that are counted before Java's optimising compiler has paid for itself: it takes some
# 20 s of processor time, see docs/detection_experiments.md.
FEW_EVENTS = 5_000_000


def spark_session(
    master: str | None = None,
    name: str = "antipode",
    events: int | None = None,
    options: Mapping[str, str] | None = None,
) -> "SparkSession":
    """Return the running session, or start one.

    `master` None means: what `spark-submit` says, else this machine's cores. `events`: how many it
    will read, where that is known. `options`: more settings of Spark. Raises MissingDependency
    without Java.
    """
    submitted = "PYSPARK_GATEWAY_PORT" in os.environ  # started by `spark-submit`, with Java running
    if not submitted:
        require_java()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName(name)
    chosen = master or (None if submitted else LOCAL)
    settings = COMMON | dict(options or {})
    if chosen is not None:
        builder = builder.master(chosen)
    if chosen is not None and chosen.startswith("local"):
        settings |= ON_A_LAPTOP
        settings["spark.driver.extraJavaOptions"] += class_archive.java_options()
        if events is not None and events < FEW_EVENTS:
            settings["spark.driver.extraJavaOptions"] += " -XX:TieredStopAtLevel=1"
        # Not the `python3` of the path, which may be another one: Spark refuses that.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    elif not submitted:
        # The nodes' own `python3` is often another one than the driver's, which Spark refuses.
        os.environ.setdefault("PYSPARK_PYTHON", "python{}.{}".format(*sys.version_info))
    if submitted:
        settings = _not_given(settings)
    for key, value in (settings | ALWAYS).items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    if not submitted:
        session.sparkContext.setLogLevel("ERROR")
    return session


def _not_given(settings: Mapping[str, str]) -> dict[str, str]:
    """Return those of `settings` that neither `spark-submit` nor the cluster's defaults name."""
    from pyspark import SparkConf, SparkContext

    SparkContext._ensure_initialized()  # the settings of `spark-submit` are known to Java only
    given = SparkConf()
    return {key: value for key, value in settings.items() if not given.contains(key)}


@contextmanager
def session(
    master: str | None = None,
    stages: Stages | None = None,
    events: int | None = None,
    options: Mapping[str, str] | None = None,
) -> Iterator["SparkSession"]:
    """Use a session, and stop it afterwards if it was started here. See `spark_session`."""
    from pyspark.sql import SparkSession

    running = SparkSession.getActiveSession() is not None
    with (stages or Stages()).stage("spark"):
        spark = spark_session(master, events=events, options=options)
    try:
        yield spark
    finally:
        if not running:
            spark.stop()


def require_java() -> None:
    """Raise MissingDependency, with the remedy, where Spark would find no Java."""
    home = os.environ.get("JAVA_HOME")
    if home and (Path(home) / "bin" / "java").exists():
        return
    if shutil.which("java") is None:
        raise MissingDependency(
            "Java was not found, and Spark needs it (17 or newer): install it, for example with "
            "`apt-get install openjdk-17-jre-headless`, or set JAVA_HOME to where it lies"
        )


def read_events(
    spark: "SparkSession", paths: Sequence[str], base: str, skip_damaged: bool = False
) -> "DataFrame":
    """Return the standard events in Parquet files (`paths`) of the table whose folder is `base`.

    Columns that older files lack read as null; `tenant` and `date` come from the path. What cannot
    be read fails the query unless `skip_damaged`, whatever Spark is told: see jobs/damaged.py.
    """
    from pyspark.sql.pandas.types import from_arrow_schema

    schema = from_arrow_schema(EVENT)
    reader = spark.read.schema(schema).option("basePath", base).option("ignoreMissingFiles", False)
    return reader.option("ignoreCorruptFiles", skip_damaged).parquet(*paths)
