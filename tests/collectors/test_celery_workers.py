"""Workers and beat as they are deployed, around a real RabbitMQ and simulated providers."""

import json
import os
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import kombu
import psutil
import pytest
import rabbitmq_node
from deployment import Deployment, Process, wait_until
from provider_simulator.accounts import account
from provider_simulator.client import Simulator, running
from rabbitmq_node import Node

from collectors.celery_app import COLLECT, DAILY, NORMALIZE, celery_app, queue, send
from collectors.worker_settings import load

pytestmark = pytest.mark.xdist_group("rabbitmq")

PATIENCE = 120.0  # seconds; the machine may be busy with other tests
HEARTBEAT = 3  # seconds
LONG = 5.0 * HEARTBEAT
QUICK = f"""
[schedule]
every = 1
[normalize]
processes = 1
[connection]
heartbeat = {HEARTBEAT}
"""
PASSWORD = "the-brokers-own-password"
HEAVY = ("pyarrow", "duckdb", "deltalake")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    with rabbitmq_node.running(tmp_path_factory.mktemp("rabbitmq"), PASSWORD) as node:
        yield node


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    options = ("--seed", "3", "--limits", "0", "--history-days", "2")
    with running(*options, "--events-per-day", "20000") as simulator:
        yield simulator


@pytest.fixture
def deployment(tmp_path: Path, node: Node, simulator: Simulator) -> Iterator[Deployment]:
    found = Deployment(tmp_path / "deployment", node.url, str(tmp_path / "lake"), workers=QUICK)
    tenants = ("acme", "globex")
    found.configure(
        {name: {"okta": account(simulator, "okta", name, found.hide)} for name in tenants}
    )
    yield found
    found.end()
    assert_no_secret_is_told(found)
    with kombu.Connection(node.url) as connection:  # what one test sent is not for the next
        for name in (COLLECT, NORMALIZE, DAILY):
            bound = queue(name)(connection.default_channel)
            bound.declare()
            bound.purge()


def assert_no_secret_is_told(deployment: Deployment) -> None:
    """Whatever the test was: what workers and beat wrote holds no password, key or part of one."""
    secrets = [PASSWORD, *(path.read_text() for path in (deployment.folder / "secrets").iterdir())]
    # A key of several lines would be told line by line.
    parts = [part for secret in secrets for part in secret.splitlines() if len(part) >= 10]
    parts = [part for part in parts if not part.startswith("-----")]
    assert len(parts) > 10
    logs = {process.log_file.name: process.log for process in deployment.processes}
    assert [name for name, log in logs.items() if any(part in log for part in parts)] == []


def said(process: Process, message: str) -> int:
    """Return how often a process logged a message."""
    return process.log.count(f'"message": "{message}"')


def longest_task(process: Process) -> float:
    """Return how many seconds the longest run of a stream took that has ended."""
    lines = (json.loads(line) for line in process.log.splitlines() if '"collected"' in line)
    return max((line["seconds"] for line in lines), default=0.0)


def ready(*processes: Process) -> bool:
    assert all(one.started.poll() is None for one in processes), processes[0].log
    return all(said(one, "worker ready") for one in processes)


def libraries(pid: int) -> set[str]:
    """Return which heavy libraries a process has loaded, as the kernel sees it."""
    maps = Path(f"/proc/{pid}/maps").read_text()
    return {name for name in HEAVY if f"/{name}/" in maps or f"/_{name}" in maps}


def metric(port: int, outcome: str) -> float:
    """Return how many records have an outcome, by the metrics of a worker."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if f'outcome="{outcome}"' in line)


def test_what_is_due_is_collected_and_taken_in(
    deployment: Deployment, simulator: Simulator
) -> None:
    port = rabbitmq_node.free_port()
    collect, normalize = deployment.collect(), deployment.normalize("--metrics-port", str(port))
    assert wait_until(lambda: ready(collect, normalize), PATIENCE)
    beat = deployment.beat()

    def complete() -> bool:
        events = [deployment.events(tenant, "okta") for tenant in ("acme", "globex")]
        return all(len(found) > 19_000 for found in events)

    assert wait_until(complete, PATIENCE), collect.log + normalize.log
    assert beat.stop() == 0
    # Those that end finish what they are at; the order is that of the data.
    assert collect.stop() == 0
    assert wait_until(lambda: said(normalize, "normalized") >= 2, PATIENCE)
    # What forked processes count is summed up.
    assert wait_until(lambda: metric(port, "mapped") > 38_000, PATIENCE)
    children = [child.pid for child in psutil.Process(normalize.pid).children()]
    assert any(libraries(pid) == set(HEAVY) for pid in children)
    assert normalize.stop() == 0
    for tenant in ("acme", "globex"):
        events = deployment.events(tenant, "okta")
        served = {event["uid"] for event in simulator.served("okta", tenant)}
        assert set(events) <= served
        assert set(events.values()) == {1}
    assert "Traceback" not in collect.log + normalize.log + beat.log


def test_heartbeats_go_on_while_a_worker_is_busy_and_a_lost_connection_is_made_again(
    deployment: Deployment, simulator: Simulator, node: Node
) -> None:
    before = len(node.log)
    deployment.configure(
        {
            "acme": {"okta": account(simulator, "okta", "acme", deployment.hide) | {"at_once": 1}},
            "globex": {"okta": account(simulator, "okta", "globex", deployment.hide)},
        }
    )
    simulator.set(latency=LONG / 20)  # a first run is twenty pages, one after the other
    try:
        collect = deployment.collect()
        assert wait_until(lambda: ready(collect), PATIENCE)
        beat = deployment.beat()
        # The other account's runs are short, and one begins each second.
        assert wait_until(lambda: longest_task(collect) >= LONG, PATIENCE), collect.log
    finally:
        simulator.set(latency=0.0)
    assert longest_task(collect) >= 4 * HEARTBEAT
    assert said(collect, "collected") >= 4
    assert "missed heartbeats" not in node.log[before:]
    assert said(collect, "worker ready") == 1
    assert libraries(collect.pid) == set()

    # What a heartbeat is for: a worker that hangs is noticed, and comes back when it goes on.
    os.kill(collect.pid, signal.SIGSTOP)
    noticed = wait_until(lambda: "missed heartbeats" in node.log[before:], 30)
    os.kill(collect.pid, signal.SIGCONT)
    assert noticed
    collected = said(collect, "collected")
    assert wait_until(lambda: said(collect, "collected") > collected + 2, PATIENCE), collect.log
    beat.stop()
    assert collect.stop() == 0


def test_a_task_whose_process_is_killed_is_done_by_another(
    deployment: Deployment, simulator: Simulator, node: Node
) -> None:
    settings = load(None)
    app = celery_app(node.url, settings.connection)
    for _ in range(2):
        send(app, COLLECT, ["acme", "okta", ""], 600, 10)
    collect = deployment.collect()
    normalize = deployment.normalize()
    assert wait_until(lambda: said(collect, "collected") >= 1, PATIENCE), collect.log
    killed: set[int] = set()

    def kill_children() -> bool:
        for child in psutil.Process(normalize.pid).children():
            if libraries(child.pid) and child.pid not in killed:
                killed.add(child.pid)
                child.kill()
        return bool(killed)

    assert wait_until(kill_children, PATIENCE, every=0.02)
    assert wait_until(lambda: len(deployment.events("acme", "okta")) > 19_000, PATIENCE)
    assert set(deployment.events("acme", "okta").values()) == {1}
    collect.stop()
    normalize.stop()


def test_a_daily_run_is_a_process_of_its_own_and_its_result_is_told(
    deployment: Deployment, node: Node
) -> None:
    worker = deployment.daily("--", "--tenant", "acme")
    assert wait_until(lambda: ready(worker), PATIENCE)
    send(celery_app(node.url, load(None).connection), DAILY, [], 600, 10)
    assert wait_until(lambda: said(worker, "daily run done") == 1, PATIENCE), worker.log
    assert "0 dates run, 7 had been done" in worker.log  # in a lake without events, all are
    assert worker.stop() == 0


def test_queues_survive_their_broker(node: Node) -> None:
    app = celery_app(node.url, load(None).connection)
    send(app, COLLECT, ["acme", "okta", ""], 600, 10)
    node.stop(hard=True)
    node.start()
    with kombu.Connection(node.url) as connection:
        bound = queue(COLLECT)(connection.default_channel)
        message = bound.get()
        assert message is not None
        assert json.loads(message.body)[0] == ["acme", "okta", ""]
        message.ack()
        with pytest.raises(Exception, match="PRECONDITION_FAILED"):
            kombu.Queue(COLLECT, durable=True)(connection.channel()).declare()
