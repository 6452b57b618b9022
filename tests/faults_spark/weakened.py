"""Takes a safeguard out of the steps, to see that the faults would tell.

What takes it out is put before the program that `spark-submit` starts on the cluster.
"""

from cluster_world import World, client

_PUBLISH = """
from jobs import publishing


def publish(table, rows, tenant, days):
    where = {"tenant": [tenant], "date": days}
    application = "faults"
    number = (table.transaction(application) or 0) + 1
"""
_TWO_COMMITS = """
    half = (rows.num_rows + 1) // 2
    written = [table.write_files(part) for part in (rows[:half], rows[half:]) if part.num_rows]
    table.replace(written[0] if written else [], where, None, 0, table.version())
    if len(written) == 2:
        table.commit(written[1], application, number, table.version())


publishing.publish = publish
"""
_NO_REPLACEMENT = """
    if rows.num_rows:
        table.commit(table.write_files(rows), application, number, table.version())


publishing.publish = publish
"""
_NO_STRICTNESS = """
from jobs import daily_use, damaged, runner


def read_events(spark, paths, base):
    from pyspark.sql.pandas.types import from_arrow_schema
    from schemas.event import EVENT

    return spark.read.schema(from_arrow_schema(EVENT)).option("basePath", base).parquet(*paths)


runner.read_events = daily_use.read_events = read_events
daily_use.require_whole = lambda *_: None
damaged.whole = lambda spark, live, base: (list(live), [])
"""
WITHOUT = {
    "commit": _PUBLISH + _TWO_COMMITS,  # the rows of a run in one commit
    "replacement": _PUBLISH + _NO_REPLACEMENT,  # of the rows of an earlier run
    "strictness": _NO_STRICTNESS,  # towards files that cannot be read
}


def weaken(world: World, without: str) -> None:
    """Let all steps run without a safeguard."""
    bucket, prefix = world.package.removeprefix("s3://").split("/", 1)
    s3, key = client(world.store), f"{prefix}/antipode_main.py"
    program = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    s3.put_object(Bucket=bucket, Key=key, Body=WITHOUT[without].encode() + program)
