"""All that a step on a cluster needs: logs, an S3 server, the package, and the cluster."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import boto3
import hadoop_cluster
import pyarrow as pa
import s3_server
from cluster_submission import Submission, submitted
from hadoop_cluster import CHECKOUT, Cluster
from iam_decision import allowed

from conf.settings import Settings
from jobs import s3a
from jobs.cluster import deployment
from jobs.cluster.submit_line import submission
from jobs.dated import Work
from lake.lake import Lake

BUCKET, TENANT = "company", "acme"
LAKE = f"s3://{BUCKET}/lake"
COMPANY = ("--users", "20", "--events", "4000", "--days", "12", "--seed", "5")
LAST_DAY = "2026-10-30"
DETECT = ("--tenant", TENANT, "--days", "12", "--as-of", "2026-10-31", "--json")
WORK = Work("detect", date(2026, 10, 30), LAKE, TENANT, 12)  # the same
RELEASE = "emr-spark-8.0.0"


@dataclass
class World:
    """A company's logs, and the places where they are worked on. `store`: how S3 is reached."""

    folder: Path
    store: Mapping[str, str]
    cluster: Cluster
    package: str  # where the package lies

    @property
    def raw(self) -> Path:
        """The company's raw logs."""
        return self.folder / "raw"

    def submit(
        self,
        lake: str,
        conf: Mapping[str, str] | None = None,
        store: Mapping[str, str] | None = None,
        tenant: str = TENANT,
    ) -> AbstractContextManager[Submission]:
        """Submit `antipode detect` to the cluster; `conf` adds to Spark's settings."""
        log = self.folder / f"submission-{len(list(self.folder.glob('submission-*')))}"
        store = {**self.store, **(store or {})}
        work = replace(WORK, lake=lake, tenant=tenant)
        run = submission(work, self.package, settings(store), dict(conf or {}))
        return submitted(self.cluster, run, store, log)

    def copied(self, lake: str, name: str) -> str:
        """Copy as much of a lake as the role of jobs may read; return where the copy lies."""
        role, account = role_of_jobs()
        s3, before = client(self.store), lake.removeprefix(f"s3://{BUCKET}/")
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{before}/")
        for found in (found for page in pages for found in page["Contents"]):
            key = found["Key"].removeprefix(f"{before}/")
            if allowed([role], "s3:GetObject", f"arn:aws:s3:::{account}/lake/{key}", {}):
                source = {"Bucket": BUCKET, "Key": found["Key"]}
                s3.copy_object(Bucket=BUCKET, Key=f"{name}/{key}", CopySource=source)
        return f"s3://{BUCKET}/{name}"

    def rows(self, lake: str) -> pa.Table:
        """Return what analysts read in `anomalies` of a lake, in one order."""
        table = Lake(lake, settings(self.store)).table("anomalies").arrow()
        return table.sort_by([("id", "ascending"), ("date", "ascending")])


@contextmanager
def opened(folder: Path, small_disks: Mapping[str, str] | None = None) -> Iterator[World]:
    """Make the world, and clear it away: logs simulated, package made and put into the bucket."""
    for name in ("s3", "cluster"):
        (folder / name).mkdir()
    simulate = ["simulate", "--out", str(folder / "raw"), *COMPANY, "--last-day", LAST_DAY]
    antipode([*simulate, "--plan", "demo", "--json"])
    with ExitStack() as stack:
        store = stack.enter_context(s3_server.running(folder / "s3")).environment
        # This process and those it starts use the lake, too.
        stack.enter_context(patch.dict(os.environ, store))
        client(store).create_bucket(Bucket=BUCKET)
        wheels = CHECKOUT / ".services" / "cluster-wheels"
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        target = ["--release", RELEASE, "--python", python, "--machine", platform.machine()]
        to = ["--wheelhouse", str(wheels), "--to", f"s3://{BUCKET}/packages"]
        package = antipode(["package", *target, *to, "--json"])["place"]
        node = {name: value for name, value in store.items() if name.startswith("AWS_")}
        site = s3a.options(LAKE, settings(store))
        site = {name.removeprefix("spark.hadoop."): value for name, value in site.items()}
        running = hadoop_cluster.running(
            folder / "cluster", node, site, small_disks=small_disks or {}
        )
        yield World(folder, store, stack.enter_context(running), package)


def client(store: Mapping[str, str]) -> Any:
    """Return a client of the S3 server."""
    return boto3.client(
        "s3",
        endpoint_url=store["ANTIPODE_S3_ENDPOINT_URL"],
        region_name=store["ANTIPODE_S3_REGION"],
        aws_access_key_id=store["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=store["AWS_SECRET_ACCESS_KEY"],
    )


def role_of_jobs() -> tuple[dict[str, Any], str]:
    """Return the policy of jobs for an account, and the account's bucket."""
    values = deployment.read(CHECKOUT / "conf" / "emr" / "deployment.toml")
    return deployment.filled("emr/iam/job.json", values), str(values["bucket"])


def settings(store: Mapping[str, str]) -> Settings:
    """Return the settings with which the S3 server is reached."""
    return Settings(
        s3_endpoint_url=store["ANTIPODE_S3_ENDPOINT_URL"], s3_region=store["ANTIPODE_S3_REGION"]
    )


def take_in(raw: Path, lake: str) -> None:
    """Take a folder of raw logs into a lake."""
    place = ["--raw", str(raw), "--lake", lake, "--tenant", TENANT, "--workers", "1"]
    antipode(["normalize", *place, "--json"])


def antipode(arguments: Sequence[str]) -> dict[str, Any]:
    """Run the command line on this machine; return what it counted."""
    done = subprocess.run(
        [sys.executable, "-m", "antipode", *arguments],
        cwd=CHECKOUT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise AssertionError(f"antipode {arguments[0]}: {done.stderr[-4_000:]}{done.stdout[-500:]}")
    counted: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return counted
