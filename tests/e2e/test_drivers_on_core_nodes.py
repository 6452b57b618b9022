"""What conf/emr says of the scheduler holds on a YARN: drivers get core nodes, and all of them."""

import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hadoop_cluster
import pytest
from cluster_world import CHECKOUT
from hadoop_cluster import Cluster

from jobs.cluster import deployment

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]
CORE = "CORE"
# What EMR adds by itself where labels are enabled; the label is made and given to nodes below.
OF_EMR = {
    "yarn.node-labels.fs-store.root-dir": "/apps/yarn/nodelabels",
    "yarn.scheduler.capacity.root.accessible-node-labels": "*",
    f"yarn.scheduler.capacity.root.accessible-node-labels.{CORE}.capacity": "100",
    f"yarn.scheduler.capacity.root.default.accessible-node-labels.{CORE}.capacity": "100",
}


def ours() -> dict[str, str]:
    """Return the properties of conf/emr that are the scheduler's, with those of labels."""
    values = deployment.read(CHECKOUT / "conf" / "emr" / "deployment.toml")
    found: dict[str, str] = {}
    for each in deployment.filled("emr/configurations.json", values):
        if each["Classification"] in ("yarn-site", "capacity-scheduler"):
            found |= each["Properties"]
    return {name: value for name, value in found.items() if "label" in name or "capacity" in name}


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two nodes, the larger of which is a core node."""
    folder: Path = tmp_path_factory.mktemp("labelled")
    site = {"hadoop.http.staticuser.user": "root", **OF_EMR, **ours()}
    with hadoop_cluster.running(folder, {}, site, small_disks={"task": "50m"}) as cluster:
        tell(cluster, "add-node-labels", {"nodeLabelInfo": [{"name": CORE, "exclusivity": False}]})
        core = max(nodes(cluster), key=lambda node: node["availMemoryMB"])
        tell(cluster, f"nodes/{core['id']}/replace-labels", {}, f"&labels={CORE}")
        yield cluster


def tell(cluster: Cluster, path: str, what: dict[str, Any], more: str = "") -> bytes:
    """Ask the resource manager to change something, as its administrator; return its answer."""
    request = urllib.request.Request(
        f"{cluster.web}/ws/v1/cluster/{path}?user.name=root{more}",
        json.dumps(what).encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        said: bytes = answer.read()
        return said


def nodes(cluster: Cluster) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cluster.ask("nodes")["nodes"]["node"]
    return found


def test_drivers_take_nearly_all_of_the_core_nodes(labelled: Cluster) -> None:
    wanted = ours()
    assert wanted["yarn.node-labels.am.default-node-label-expression"] == CORE
    (queue,) = labelled.ask("scheduler")["scheduler"]["schedulerInfo"]["queues"]["queue"]
    limits = {
        part["partitionName"]: part["maxAMLimitPercentage"]
        for part in queue["capacities"]["queueCapacitiesByPartition"]
    }
    share = float(wanted["yarn.scheduler.capacity.maximum-am-resource-percent"])
    assert share > 0.9
    assert limits[CORE] == pytest.approx(100 * share)


def test_drivers_run_side_by_side_on_core_nodes_and_nowhere_else(labelled: Cluster) -> None:
    (core,) = [node for node in nodes(labelled) if node.get("nodeLabels") == [CORE]]
    started = [start(labelled, core["availMemoryMB"] * 45 // 100) for _ in range(2)]
    places: list[str] = []
    end_of_patience = time.monotonic() + 120
    while len(places) < len(started) and time.monotonic() < end_of_patience:
        time.sleep(0.5)
        apps = [labelled.ask(f"apps/{name}")["app"] for name in started]
        places = [app["amHostHttpAddress"] for app in apps if app.get("amHostHttpAddress")]
    assert places == [core["nodeHTTPAddress"]] * len(started)


def start(cluster: Cluster, memory: int) -> str:
    """Submit what only waits, with so many MiB; return its id."""
    name: str = json.loads(tell(cluster, "apps/new-application", {}))["application-id"]
    application = {
        "application-id": name,
        "application-name": name,
        "application-type": "test",
        "am-container-spec": {"commands": {"command": "sleep 100"}},
        "resource": {"memory": memory, "vCores": 1},
    }
    tell(cluster, "apps", application)
    return name
