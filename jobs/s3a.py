"""How Spark reaches the S3 server of the lake: the settings of S3A, from the same settings as ours.

Credentials are not among them: S3A finds them as boto3 does, in the environment or the role of the
machine, so that none stands in an event log.
"""

from typing import TYPE_CHECKING, Any

from conf.errors import MissingDependency
from conf.settings import Settings

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FILE_SYSTEM = "org.apache.hadoop.fs.s3a.S3AFileSystem"
# Addresses of the lake's files begin with s3://. EMR maps them to S3A since 7.10, Hadoop does not.
NAMES = {
    "spark.hadoop.fs.s3.impl": FILE_SYSTEM,
    "spark.hadoop.fs.AbstractFileSystem.s3.impl": "org.apache.hadoop.fs.s3a.S3A",
}


def options(uri: str, settings: Settings) -> dict[str, str]:
    """Return Spark's settings for the lake at `uri`; none where it is a folder."""
    if not uri.startswith("s3://"):
        return {}
    found = dict(NAMES)
    if settings.s3_region:
        found["spark.hadoop.fs.s3a.endpoint.region"] = settings.s3_region
    if settings.s3_endpoint_url:
        encrypted = settings.s3_endpoint_url.startswith("https://")
        found["spark.hadoop.fs.s3a.endpoint"] = settings.s3_endpoint_url
        found["spark.hadoop.fs.s3a.path.style.access"] = "true"
        found["spark.hadoop.fs.s3a.connection.ssl.enabled"] = str(encrypted).lower()
    return found


def require(spark: "SparkSession", uri: str) -> None:
    """Raise MissingDependency, with the remedy, where a lake on S3 is read without S3A."""
    from py4j.java_gateway import JavaClass

    if uri.startswith("s3://"):
        jvm: Any = spark.sparkContext._jvm
        if not isinstance(jvm.org.apache.hadoop.fs.s3a.S3AFileSystem, JavaClass):
            hadoop = jvm.org.apache.hadoop.util.VersionInfo.getVersion()
            raise MissingDependency(
                f"{uri}: this Spark cannot read S3; EMR's can, and others can with "
                f"--packages org.apache.hadoop:hadoop-aws:{hadoop} (see docs/cluster.md)"
            )
