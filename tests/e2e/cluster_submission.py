"""`spark-submit` to the cluster, as a step of EMR does it: in cluster mode, with a package."""

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from hadoop_cluster import SPARK, Cluster

INTERPRETER = "./environment/bin/python"
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
    cluster: Cluster,
    place: str,
    arguments: Sequence[str],
    store: Mapping[str, str],
    settings: Mapping[str, str],
    log: Path,
) -> Iterator[Submission]:
    """Run `antipode ARGUMENTS` of the package at `place` on the cluster.

    `store`: the environment that the object store is used with; `settings` add to SETTINGS.
    """
    told = {name: value for name, value in store.items() if name.startswith("ANTIPODE_")}
    told["PYSPARK_PYTHON"] = INTERPRETER
    jars = f"local:{cluster.node('spark')}/*,local:{cluster.node('s3a')}/*"
    given = SETTINGS | {"spark.yarn.jars": jars}
    given |= {f"spark.yarn.appMasterEnv.{name}": value for name, value in told.items()}
    given |= {"spark.executorEnv.PYSPARK_PYTHON": INTERPRETER, **settings}
    command = [str(SPARK / "bin" / "spark-submit"), "--master", "yarn", "--deploy-mode", "cluster"]
    command += ["--py-files", f"{place}/antipode-code.zip"]
    command += ["--archives", f"{place}/environment.tar.gz#environment"]
    command += [each for name, value in given.items() for each in ("--conf", f"{name}={value}")]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, f"{place}/antipode_main.py", *arguments],
            env=os.environ | store | _client(cluster),
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


def _client(cluster: Cluster) -> dict[str, str]:
    """Return the environment of a machine from which steps are submitted."""
    return {
        "SPARK_HOME": str(SPARK),
        "HADOOP_CONF_DIR": str(cluster.configuration),
        "SPARK_DIST_CLASSPATH": f"{(cluster.folder / 'shown' / 's3a').resolve()}/*",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LAUNCHER_OPTS": "-XX:+UseSerialGC",
    }
