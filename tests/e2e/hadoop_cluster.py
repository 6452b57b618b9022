"""A real YARN and HDFS on this machine: Hadoop's mini cluster, sealed off from the checkout.

Its processes and their containers run in name spaces of their own (`sealed.sh`): they see neither
the checkout nor the virtual environment, and end with the cluster, whatever happens. As root that
takes CAP_SYS_ADMIN; anybody else needs user name spaces that the system allows to everybody.
"""

import json
import os
import shlex
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import hadoop_site
import psutil
import pyspark

CHECKOUT = Path(__file__).parents[2]
SPARK = Path(pyspark.__path__[0])
MEMORY = 6144  # MiB for all containers of a node
SMALL_MEMORY = 1280  # on a node with a small disk: one executor, and no driver
STARTS_WITHIN = 300.0  # seconds
JAVA = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]
# The libraries that serve the managers' web pages define classes in a way of before Java 9.
OPENED = ["--add-opens", "java.base/java.lang=ALL-UNNAMED"]


@dataclass(frozen=True)
class Cluster:
    """A running cluster. `folder` holds its configuration (`conf`), its disks and its logs."""

    folder: Path
    process: "subprocess.Popen[bytes]"
    web: str

    @property
    def configuration(self) -> Path:
        """The folder for HADOOP_CONF_DIR."""
        return self.folder / "conf"

    def node(self, name: str) -> Path:
        """Return where the cluster's nodes see `spark`, `s3a` or `hadoop`: folders of jars."""
        return self.folder / "node" / name

    def ask(self, path: str) -> Any:
        """Return what the resource manager answers below `/ws/v1/cluster/`."""
        with urllib.request.urlopen(f"{self.web}/ws/v1/cluster/{path}", timeout=30) as answer:
            return json.load(answer)

    def nodes(self) -> list[str]:
        """Return the states of its nodes, such as RUNNING and UNHEALTHY."""
        return [node["state"] for node in (self.ask("nodes")["nodes"] or {}).get("node", ())]

    def containers(self, application: str) -> dict[str, list[psutil.Process]]:
        """Return the processes of each living container of an application, by its id."""
        prefix = application.replace("application_", "container_")
        found: dict[str, list[psutil.Process]] = {}
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error):
                container = process.environ().get("CONTAINER_ID", "")
                if container.startswith(prefix) and process.status() != psutil.STATUS_ZOMBIE:
                    found.setdefault(container, []).append(process)
        return found

    def as_seen_by_containers(self, path: Path) -> Path:
        """Return where this process finds what the cluster's processes see at `path`."""
        (first,) = psutil.Process(self.process.pid).children()
        return Path(f"/proc/{first.pid}/root{path}")

    def logs(self, application: str, name: str = "std*") -> list[Path]:
        """Return what the containers of an application wrote, in the order of their ids."""
        found = self.folder.glob(f"disks/*-logs/{application}/container_*/{name}")
        return sorted(found, key=lambda path: (path.parent.name, path.name))


@contextmanager
def running(
    folder: Path,
    environment: Mapping[str, str],
    site: Mapping[str, str] = MappingProxyType({}),
    memory: int = MEMORY,
    small_disks: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Cluster]:
    """Run a cluster until the block ends. Its containers get `environment`; `site` is more Hadoop.

    It has one node, `node`, and one more for each of `small_disks`: by its name the size of the
    disk that its containers have, such as 50m.
    """
    properties, ports = hadoop_site.properties(memory)
    properties |= site
    hadoop_site.write(folder / "conf", properties)
    (folder / "logs").mkdir()
    _show(folder)
    hdfs = ["org.apache.hadoop.mapreduce.MiniHadoopClusterManager", "-nomr", "-format"]
    hdfs += ["-datanodes", "1", "-nnport", str(ports["name node"])]
    manager = "org.apache.hadoop.yarn.server.resourcemanager.ResourceManager"
    started = {"hdfs": _java(folder, "conf", *hdfs), "manager": _java(folder, "conf", manager)}
    for name in ("node", *small_disks):
        room = SMALL_MEMORY if name in small_disks else memory
        disk = hadoop_site.of_node(folder / "disks" / name, room)
        hadoop_site.write(folder / f"conf-{name}", properties | disk)
        program = "org.apache.hadoop.yarn.server.nodemanager.NodeManager"
        started[name] = _java(folder, f"conf-{name}", program)
    lines = [f"{name} {shlex.join(command)}\n" for name, command in started.items()]
    (folder / "processes").write_text("".join(lines))
    disks = [
        each for name, size in small_disks.items() for each in (f"{folder}/disks/{name}", size)
    ]
    process = subprocess.Popen(
        [*_sealed(folder), *disks], env=_environment(environment), stdin=subprocess.DEVNULL
    )
    cluster = Cluster(folder, process, f"http://localhost:{ports['web']}")
    try:
        _wait(cluster, 1 + len(small_disks))
        yield cluster
    finally:
        process.kill()  # its name space takes all of its processes along
        process.wait(timeout=60)


def _java(folder: Path, configuration: str, *program: str) -> list[str]:
    jars = [folder / configuration, folder / "node/hadoop/*", folder / "node/s3a/*"]
    folders = [f"-Dtest.build.data={folder}/disks", f"-Dhadoop.tmp.dir={folder}/disks/tmp"]
    java = f"{os.environ['JAVA_HOME']}/bin/java" if os.environ.get("JAVA_HOME") else "java"
    return [java, *OPENED, *JAVA, "-cp", ":".join(map(str, jars)), *folders, *program]


def _show(folder: Path) -> None:
    """Say which folders of jars the nodes have; on EMR, too, Spark and Hadoop are the node's."""
    (hadoop,) = (CHECKOUT / ".services").glob("hadoop-*[0-9]")
    (folder / "shown").mkdir()
    for name, place in {
        "hadoop": hadoop / "cluster",
        "s3a": hadoop / "s3a",
        "spark": SPARK / "jars",
    }.items():
        (folder / "shown" / name).symlink_to(place)


def _sealed(folder: Path) -> list[str]:
    return ["bash", str(Path(__file__).with_name("sealed.sh")), str(folder), str(CHECKOUT)]


def _environment(environment: Mapping[str, str]) -> dict[str, str]:
    # This interpreter's own folder, not that of the virtual environment.
    python = Path(sys.executable).resolve().parent
    path = f"{python}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    kept = {name: os.environ[name] for name in ("JAVA_HOME", "LANG") if name in os.environ}
    return {"PATH": path, "SPARK_LOCAL_IP": "127.0.0.1", **kept, **environment}


def _wait(cluster: Cluster, nodes: int) -> None:
    end_of_patience = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < end_of_patience:
        if cluster.process.poll() is not None:
            break
        with suppress(OSError):
            if cluster.nodes().count("RUNNING") == nodes:
                return
        time.sleep(0.5)
    said = [
        f"{path.name}: {path.read_text(errors='replace')[-2_000:]}"
        for path in sorted((cluster.folder / "logs").iterdir())
    ]
    raise RuntimeError("\n".join(["the cluster did not start", *said]))
