"""What Celery is asked to bound: a process's tasks and memory, and how much one broker carries."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import rabbitmq_node
from deployment import Deployment, Process, wait_until
from provider_simulator.accounts import account
from provider_simulator.client import Simulator, running
from rabbitmq_node import Node

pytestmark = pytest.mark.xdist_group("rabbitmq")

PATIENCE = 120.0  # seconds; the machine may be busy with other tests
TENANTS = ("acme", "globex", "initech")
EVENTS = 2_000  # of each tenant: one raw object, one task
PLAIN = "[schedule]\nevery = 1\n[normalize]\nprocesses = 1\n"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with rabbitmq_node.running(tmp_path_factory.mktemp("rabbitmq"), "one") as node:
        yield node


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    options = ("--seed", "5", "--limits", "0", "--history-days", "2")
    with running(*options, "--events-per-day", str(EVENTS)) as simulator:
        yield simulator


@pytest.fixture
def deployment(tmp_path: Path, node: Node, simulator: Simulator) -> Iterator[Deployment]:
    found = Deployment(tmp_path / "deployment", node.url, str(tmp_path / "lake"), workers=PLAIN)
    found.configure(
        {name: {"okta": account(simulator, "okta", name, found.hide)} for name in TENANTS}
    )
    yield found
    found.end()


def complete(deployment: Deployment) -> bool:
    """Whether a day's events of all tenants are taken in."""
    return all(len(deployment.events(name, "okta")) > 0.9 * EVENTS for name in TENANTS)


def each_once(deployment: Deployment) -> bool:
    return all(set(deployment.events(name, "okta").values()) == {1} for name in TENANTS)


@pytest.mark.parametrize("limit", ["tasks_per_child = 1", "megabytes_per_child = 100"])
def test_a_process_is_replaced_and_the_next_goes_on_with_databases_of_its_own(
    deployment: Deployment, limit: str
) -> None:
    deployment.workers = f"{PLAIN}{limit}\n"
    normalize, collect = deployment.normalize(), deployment.collect()
    deployment.beat()
    children: set[int] = set()

    def replaced() -> bool:
        children.update(child.pid for child in psutil.Process(normalize.pid).children())
        return len(children) >= len(TENANTS) and complete(deployment)

    assert wait_until(replaced, PATIENCE), collect.log + normalize.log
    assert each_once(deployment)
    assert "Traceback" not in normalize.log


def test_tenants_are_spread_over_two_brokers_and_each_is_collected_by_one(
    deployment: Deployment, node: Node, tmp_path: Path
) -> None:
    with rabbitmq_node.running(tmp_path / "rabbitmq", "other") as other:
        deployment.environment = {"EAST": node.url, "WEST": other.url}
        brokers = '[brokers]\neast = "env:EAST"\nwest = "env:WEST"\n'
        deployment.workers = f'{PLAIN}{brokers}[tenants]\nacme = "east"\nglobex = "west"\n'
        collects: dict[str, Process] = {}
        for name in ("east", "west"):
            collects[name] = deployment.collect("--broker", name)
            deployment.normalize("--broker", name)
            deployment.beat("--broker", name)
        assert wait_until(lambda: complete(deployment), PATIENCE), collects["east"].log
        assert each_once(deployment)
        seen = {
            name: {tenant for tenant in TENANTS if f'"tenant": "{tenant}"' in process.log}
            for name, process in collects.items()
        }
        deployment.end()
    assert "acme" in seen["east"]
    assert "globex" in seen["west"]
    assert seen["east"] | seen["west"] == set(TENANTS)
    assert not seen["east"] & seen["west"]
