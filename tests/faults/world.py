"""Everything a fault run is made of: simulated providers, broker, S3 server, workers, a clock."""

import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import psutil
import rabbitmq_node
import s3_server
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from deployment import Deployment, Process
from provider_simulator import client
from provider_simulator.accounts import account
from provider_simulator.client import Simulator

from collectors.store import open_store
from faults.proxy import Proxy
from lake.streams import Stream

HERE = Path(__file__).parents[1]
SOURCES = {"okta": ["log"], "slack": ["audit"], "google_workspace": ["login", "token"]}
BUCKET = "lake"
WORKERS = """
[schedule]
every = 3
[collect]
side_by_side = 50
[normalize]
processes = 1
[connection]
heartbeat = 2
confirm = 4
"""
HISTORY = timedelta(hours=12)
"""What is there when a run begins."""


@dataclass
class World:
    """A deployment under strain. `counts`: how often each fault was done."""

    chance: random.Random
    simulator: Simulator
    node: rabbitmq_node.Node
    broker: Proxy
    s3: Proxy
    s3_server_pid: int
    deployment: Deployment
    clock: Path
    start: datetime
    tenants: list[str] = field(default_factory=lambda: ["acme", "globex"])
    collecting: list[Process] = field(default_factory=list)
    normalizing: list[Process] = field(default_factory=list)
    beating: list[Process] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(self.clock.read_text()))

    def pass_time(self, span: timedelta) -> None:
        """Let time pass, for providers and workers alike."""
        ahead = float(self.clock.read_text()) + span.total_seconds()
        new = self.clock.with_suffix(".new")
        new.write_text(str(ahead))
        new.replace(self.clock)
        self.simulator.set_clock(advance=span.total_seconds())

    def configure(self, share: float = 1.0, broken: bool = False) -> None:
        """Write the accounts of all tenants."""
        if broken:
            self.deployment.accounts.write_text("[tenants.acme\n")
            return
        found = {
            tenant: {
                source: account(self.simulator, source, tenant, self.deployment.hide)
                | {"since": self.start.isoformat(), "share": share}
                | {"streams": names}
                for source, names in SOURCES.items()
            }
            for tenant in self.tenants
        }
        self.deployment.configure(found)

    def begin(self) -> None:
        """Start what a deployment is made of: two workers of each queue, and beat."""
        self.collecting += [self.deployment.collect(), self.deployment.collect()]
        self.normalizing += [self.deployment.normalize(), self.deployment.normalize()]
        self.beating.append(self.deployment.beat())

    def kill_a_worker(self) -> bool:
        """Kill -9, and start another in its place, as a supervisor does; tell whether it lived."""
        workers = self.chance.choice([self.collecting, self.normalizing])
        place = self.chance.randrange(len(workers))
        lived = workers[place].started.poll() is None
        workers[place].kill()
        again = self.deployment.collect if workers is self.collecting else self.deployment.normalize
        workers[place] = again()
        return lived

    def supervise(self) -> None:
        """Start those anew that ended by themselves, such as on a configuration with faults."""
        for workers, again in (
            (self.collecting, self.deployment.collect),
            (self.normalizing, self.deployment.normalize),
            (self.beating, self.deployment.beat),
        ):
            for place, worker in enumerate(workers):
                if worker.started.poll() is not None:
                    workers[place] = again()

    def kill_a_child(self) -> bool:
        """Kill a process that a worker has forked, while a raw object waits; tell whether it did.

        What waits at this moment is with it, or will be with the next that takes its place.
        """
        children = [
            child
            for worker in self.normalizing
            if psutil.pid_exists(worker.pid)
            for child in psutil.Process(worker.pid).children()
        ]
        raw = open_store(self.deployment.lake, self.deployment.settings).raw
        if not children or not any(raw.pending(stream) for stream in self.streams()):
            return False
        child = self.chance.choice(children)
        with suppress(psutil.NoSuchProcess):
            lived = child.status() != psutil.STATUS_ZOMBIE
            child.kill()
            return lived
        return False

    def drop_leases(self) -> int:
        """Let two workers at one account, as if leases had run out under their holders.

        Returns how many were held.
        """
        objects = open_store(self.deployment.lake, self.deployment.settings).objects
        held = 0
        for key in [key for key in objects.list("leases/") if "/clock/" not in key]:
            with suppress(KeyError):
                held += bool(json.loads(objects.get(key).data).get("holder"))
            objects.delete(key)
        return held

    def store_takes(self, size: int) -> bool:
        """Tell whether the S3 server takes an object of so many bytes now."""
        endpoint = f"http://127.0.0.1:{self.s3.target}"
        once = Config(retries={"total_max_attempts": 1})
        s3 = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=once)
        try:
            s3.put_object(Bucket=BUCKET, Key="probe", Body=b"x" * size)
        except (ClientError, BotoCoreError):
            return False
        return True

    def unsettled(self, since: datetime) -> dict[Stream, str]:
        """Return the streams that were not read after `since`, or of which something waits."""
        raw = open_store(self.deployment.lake, self.deployment.settings).raw
        found = {}
        for stream in self.streams():
            cursor = raw.cursor(stream)
            position = cursor.position or {}
            until = "" if position.get("behind") else position.get("since", "")
            waiting = len(cursor.pending())
            if waiting or not until or datetime.fromisoformat(until) < since:
                found[stream] = f"read until {until}, {waiting} waiting"
        return found

    def streams(self) -> Iterator[Stream]:
        for tenant in self.tenants:
            for source, names in SOURCES.items():
                yield from (Stream(tenant, source, name) for name in names)


@contextmanager
def opened(folder: Path, seed: int, without: str) -> Iterator[World]:
    """Set a world up, and clear it away."""
    start = datetime.now(UTC).replace(microsecond=0) - HISTORY
    clock = folder / "clock"
    clock.write_text("0")
    (folder / "s3").mkdir()
    options = ("--seed", str(seed), "--limits", "0", "--events-per-day", "1500")
    with (
        rabbitmq_node.running(folder / "rabbitmq") as node,
        s3_server.running(folder / "s3") as server,
        client.running(*options, "--history-days", "2") as simulator,
    ):
        broker, s3 = Proxy(node.port), Proxy(int(server.url.rpartition(":")[2]))
        environment = server.environment | {
            "ANTIPODE_S3_ENDPOINT_URL": f"http://127.0.0.1:{s3.port}",
            "PYTHONPATH": f"{HERE.parent}:{HERE}",
            "FAULTS_CLOCK": str(clock),
            "FAULTS_WITHOUT": without,
        }
        deployment = Deployment(
            folder / "deployment",
            f"amqp://guest:guest@127.0.0.1:{broker.port}//",
            f"s3://{BUCKET}/lake",
            environment,
            WORKERS,
            # Not through the proxy, which is of this very process: who reads a table holds
            # Python's lock while waiting for the answer.
            {"ANTIPODE_S3_ENDPOINT_URL": server.url},
            through="faults.child",
        )
        os.environ |= server.environment  # this process reads the lake, too
        boto3.client("s3", endpoint_url=server.url, region_name="us-east-1").create_bucket(
            Bucket=BUCKET
        )
        pid = _listening_on(s3.target)
        chance = random.Random(seed)
        world = World(chance, simulator, node, broker, s3, pid, deployment, clock, start)
        try:
            yield world
        finally:
            deployment.end()
            broker.close()
            s3.close()


def _listening_on(port: int) -> int:
    for child in psutil.Process().children():
        with suppress(psutil.Error):
            if any(one.laddr.port == port for one in child.net_connections("tcp")):
                return child.pid
    raise RuntimeError(f"no child of this process listens on {port}")
