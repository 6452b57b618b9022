"""`spark-submit` to the cluster with the words of `antipode submit`; and a node of the cluster.

From such a node the command line is run itself.
"""

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from hadoop_cluster import SPARK, Cluster

from jobs.cluster import submit_line

# Few events are counted before Java's optimising compiler has paid for itself.
JAVA = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1"
SETTINGS = {
    "spark.driver.extraJavaOptions": JAVA,
    "spark.executor.extraJavaOptions": JAVA,
    "spark.driver.memory": "900m",
    "spark.driver.memoryOverhead": "1200m",  # Python's share of the driver's container
    "spark.executor.memory": "700m",
    "spark.executor.memoryOverhead": "400m",
    "spark.executor.instances": "2",
    "spark.executor.cores": "1",
    "spark.sql.shuffle.partitions": "4",
    "spark.yarn.maxAppAttempts": "1",
}


@dataclass(frozen=True)
class Submission:
    """A step that was submitted: spark-submit's own process, and the application that it made."""

    cluster: Cluster
    process: "subprocess.Popen[bytes]"
    log_file: Path

    def wait(self, seconds: float = 900.0) -> int:
        """Wait until the application has ended; return spark-submit's exit status."""
        return self.process.wait(timeout=seconds)

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace")

    @cached_property
    def application(self) -> str:
        """The application's id; waits until YARN has given it one."""
        while self.process.poll() is None:
            if found := re.search(r"Submitted application (application_\d+_\d+)", self.log):
                return found[1]
            time.sleep(0.1)
        if found := re.search(r"application_\d+_\d+", self.log):
            return found[0]
        raise AssertionError(f"nothing was submitted: {self.log[-4_000:]}")

    def asked(self) -> dict[str, Any]:
        """Return what YARN says about the application."""
        answer: dict[str, Any] = self.cluster.ask(f"apps/{self.application}")["app"]
        return answer

    def said(self) -> str:
        """Return what the containers have said, errors included."""
        return "\n".join(
            f"--- {path.parent.name}/{path.name}\n{path.read_text(errors='replace')}"
            for path in self.cluster.logs(self.application)
        )


@contextmanager
def submitted(
    cluster: Cluster, run: submit_line.Submission, store: Mapping[str, str], log: Path
) -> Iterator[Submission]:
    """Submit what `antipode submit` would, in the very words that a step of EMR gets.

    `store`: the environment that the object store is used with. What `run.conf` does not say is as
    in SETTINGS.
    """
    run = replace(run, conf=SETTINGS | _jars(cluster) | run.conf)
    program, *words = submit_line.on_yarn(run)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(SPARK / "bin" / program), *words],
            env=os.environ | store | _node(cluster),
            cwd=cluster.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        yield Submission(cluster, process, log)
    finally:
        process.kill()
        process.wait(timeout=60)


def on_a_node(cluster: Cluster, store: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a machine of the cluster: Spark's defaults are in a file there."""
    folder = cluster.folder / "spark-defaults"
    folder.mkdir(exist_ok=True)
    defaults = SETTINGS | _jars(cluster) | {"spark.driver.memory": "600m"}
    lines = [f"{name} {value}\n" for name, value in defaults.items()]
    (folder / "spark-defaults.conf").write_text("".join(lines))
    return os.environ | store | _node(cluster) | {"SPARK_CONF_DIR": str(folder)}


def _jars(cluster: Cluster) -> dict[str, str]:
    return {"spark.yarn.jars": f"local:{cluster.node('spark')}/*,local:{cluster.node('s3a')}/*"}


def _node(cluster: Cluster) -> dict[str, str]:
    """Return the environment of a machine from which steps are submitted."""
    return {
        "SPARK_HOME": str(SPARK),
        "HADOOP_CONF_DIR": str(cluster.configuration),
        "SPARK_DIST_CLASSPATH": f"{(cluster.folder / 'shown' / 's3a').resolve()}/*",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LAUNCHER_OPTS": "-XX:+UseSerialGC",
    }
