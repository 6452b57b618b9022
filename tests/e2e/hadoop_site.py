"""What a cluster and its clients are told: Hadoop's configuration files."""

import socket
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from xml.sax.saxutils import escape

PORTS = {
    "yarn.resourcemanager.address": "manager",
    "yarn.resourcemanager.scheduler.address": "scheduler",
    "yarn.resourcemanager.resource-tracker.address": "tracker",
    "yarn.resourcemanager.admin.address": "admin",
    "yarn.resourcemanager.webapp.address": "web",
}
YARN = {
    "yarn.scheduler.minimum-allocation-mb": "256",
    "yarn.scheduler.capacity.maximum-am-resource-percent": "0.8",
    "yarn.scheduler.capacity.root.queues": "default",
    "yarn.scheduler.capacity.root.default.capacity": "100",
    "yarn.nodemanager.resource.cpu-vcores": "8",
    "yarn.nodemanager.address": "localhost:0",
    "yarn.nodemanager.localizer.address": "localhost:0",
    "yarn.nodemanager.webapp.address": "localhost:0",
    "yarn.nodemanager.collector-service.address": "localhost:0",
    # What a container really uses is held against its limit; what it has mapped says nothing: a JVM
    # and a mapped Parquet file reserve far more than they use.
    "yarn.nodemanager.pmem-check-enabled": "true",
    "yarn.nodemanager.vmem-check-enabled": "false",
    # What a node of EMR has by its role, a container gets from its node.
    "yarn.nodemanager.env-whitelist": "JAVA_HOME,PATH,LANG,TZ,SPARK_LOCAL_IP,AWS_ACCESS_KEY_ID,"
    "AWS_SECRET_ACCESS_KEY,AWS_EC2_METADATA_DISABLED",
    # A developer's disk is often fuller than a node's; the node of the faults has its own limit.
    "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage": "99.5",
    "yarn.nodemanager.disk-health-checker.interval-ms": "10000",
    "yarn.nodemanager.delete.debug-delay-sec": "0",
    "yarn.resourcemanager.am.max-attempts": "2",
}


def write(folder: Path, properties: Mapping[str, str]) -> None:
    """Write `core-site.xml` and the like, with all properties in each that Hadoop looks into.

    The scheduler reads a file of its own, and Hadoop's jars hold one with other limits.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        f"  <property><name>{escape(name)}</name><value>{escape(value)}</value></property>"
        for name, value in properties.items()
    ]
    text = "\n".join(["<configuration>", *lines, "</configuration>", ""])
    for name in ("core-site", "hdfs-site", "yarn-site", "mapred-site", "capacity-scheduler"):
        (folder / f"{name}.xml").write_text(text)


def properties(memory: int) -> tuple[dict[str, str], dict[str, int]]:
    """Return properties and ports of a cluster, a container of which has at most `memory` MiB."""
    ports = free_ports("name node", *PORTS.values())
    addresses = {name: f"localhost:{ports[port]}" for name, port in PORTS.items()}
    found = {
        "fs.defaultFS": f"hdfs://localhost:{ports['name node']}",
        "dfs.replication": "1",
        "yarn.scheduler.maximum-allocation-mb": str(memory),
    }
    return YARN | addresses | found, ports


def of_node(disk: Path, memory: int) -> dict[str, str]:
    """Return the properties of a node whose containers lie on `disk` and share `memory` MiB."""
    return {
        "yarn.nodemanager.local-dirs": f"{disk}/local",
        "yarn.nodemanager.log-dirs": f"{disk.with_name(disk.name + '-logs')}",
        "yarn.nodemanager.resource.memory-mb": str(memory),
    }


def free_ports(*names: str) -> dict[str, int]:
    """Return a port of loopback for each name that nobody listens on."""
    with ExitStack() as stack:
        probes = {name: stack.enter_context(socket.socket()) for name in names}
        for probe in probes.values():
            probe.bind(("127.0.0.1", 0))
        return {name: probe.getsockname()[1] for name, probe in probes.items()}
