"""The settings of conf/emr/configurations.json that hold on any YARN."""

from jobs.cluster import deployment

# Of machines larger than this one; and of a shuffle service, which EMR has in its node managers.
OF_EMR_ALONE = (
    *("spark.driver.cores", "spark.driver.memory", "spark.driver.maxResultSize"),
    *("spark.executor.", "spark.dynamicAllocation.", "spark.shuffle.service."),
    "fs.s3a.endpoint.region",
)


def settings(bucket: str) -> dict[str, str]:
    """Return what `spark-submit` is given, for an account whose bucket is `bucket`."""
    given = deployment.filled("emr/configurations.json", {"bucket": bucket, "region": "nowhere"})
    of = {each["Classification"]: each["Properties"] for each in given}
    found = of["spark-defaults"] | {
        f"spark.hadoop.{name}": value
        for name, value in of["core-site"].items()
        if not name.startswith(OF_EMR_ALONE)
    }
    return {name: value for name, value in found.items() if not name.startswith(OF_EMR_ALONE)}
