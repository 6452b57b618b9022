"""One lake for each fault, the step under it, and the comparison with the tables without it."""

import shutil
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cluster_world
import psutil
from cluster_submission import Submission
from cluster_world import BUCKET, World

from conf.settings import Settings
from faults_spark.tables import EMPTY, State, Tables, differing
from faults_spark.unreliable import UnreliableS3
from faults_spark.watching import Watcher
from lake.lake import Lake

TAKEN_IN = "taken-in"  # the lake that every fault gets a copy of
DRIVER = "_000001"  # how the id of an attempt's first container ends
RUNS_WITHIN = 1500.0  # seconds
TRIES = 4
SETTINGS = {
    # The package is taken from where it lies, so that a node unpacks it once and not for each step.
    "spark.yarn.stagingDir": f"s3://{BUCKET}/staging",
    "spark.executor.instances": "1",
}
TWICE = {"spark.yarn.maxAppAttempts": "2"}


@dataclass
class Trials:
    """What the faults are done to. `expected`: the tables that a step leaves without any fault."""

    world: World
    s3: UnreliableS3
    expected: State
    counts: Counter[str] = field(default_factory=Counter)
    ended: int = 0
    equal: int = 0
    untold: int = 0
    half_seen: int = 0
    looked: int = 0

    def lake(self, name: str, source: Path | None = None) -> str:
        """Put a lake into the bucket, that which the logs were taken into; return where it lies."""
        read = Lake(str(source or self.world.folder / TAKEN_IN), Settings()).objects
        put = Lake(f"s3://{BUCKET}/{name}", cluster_world.settings(self.world.store)).objects
        for key in read.list(""):
            put.put(key, read.get(key).data)
        return put.uri

    def tables(self, lake: str) -> Tables:
        """Return the tables of a lake, as those read them whom no fault befalls."""
        return Tables(lake, cluster_world.settings(self.world.store))

    def step(
        self,
        lake: str,
        fault: Callable[[Submission], object] = lambda submission: None,
        settings: Mapping[str, str] | None = None,
        before: State = EMPTY,
        side_by_side: int = 1,
    ) -> list[Submission]:
        """Run the step under a fault, then as often as it takes, as a schedule does; compare."""
        tables = self.tables(lake)
        with Watcher(tables, [EMPTY, before, self.expected]) as watcher:
            with ExitStack() as stack:
                under_fault = [
                    stack.enter_context(self.submit(lake, settings)) for _ in range(side_by_side)
                ]
                for submission in under_fault:
                    fault(submission)
                failed = [one.wait(RUNS_WITHIN) for one in under_fault]
            again = 0
            while all(failed) and again < TRIES:
                again += 1
                with self.submit(lake, settings) as submission:
                    failed = [submission.wait(RUNS_WITHIN)]
        self.looked += watcher.looked
        self.half_seen += len(watcher.half_seen)
        differences = differing(tables.newest(), self.expected)
        same = not all(failed) and not differences
        self.ended += not all(failed)
        self.equal += same
        print(
            f"  {'equal' if same else 'NOT EQUAL'}, run again {again} times, "
            f"{watcher.looked} looks, half-seen {len(watcher.half_seen)}",
            *differences,
            *(f"{name} was half there at version {at}" for name, at in watcher.half_seen),
            sep="\n    ",
            flush=True,
        )
        if all(failed):
            print(submission.said()[-6_000:] if again else under_fault[0].said()[-6_000:])
        return under_fault

    def submit(self, lake: str, settings: Mapping[str, str] | None = None) -> Any:
        """Submit the step, with S3 reached through the proxy."""
        through = {"ANTIPODE_S3_ENDPOINT_URL": f"http://127.0.0.1:{self.s3.port}"}
        return self.world.submit(lake, SETTINGS | dict(settings or {}), through)

    def kill(self, submission: Submission, driver: bool) -> bool:
        """Kill the processes of the driver's container, or of an executor's; False: none there."""
        found = {
            name: processes
            for name, processes in self.world.cluster.containers(submission.application).items()
            if name.endswith(DRIVER) == driver and any("java" in one.name() for one in processes)
        }
        for process in found[min(found)] if found else ():
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        return bool(found)

    def at_work(self, submission: Submission, tasks: int, where: str = "") -> bool:
        """Wait until executors have finished that many tasks; False when the step ends before.

        `where`: part of the path of their logs.
        """
        while submission.process.poll() is None:
            logs = self.world.cluster.logs(submission.application, "stderr")
            logs = [log for log in logs if where in str(log) and DRIVER not in str(log)]
            texts = [log.read_text(errors="replace") for log in logs]
            if sum(text.count("Finished task") for text in texts) >= tasks:
                return True
            time.sleep(0.3)
        return False


def begun(world: World, s3: UnreliableS3) -> Trials:
    """Take in the logs, and learn from a machine without any fault what is to come of them."""
    taken_in, laptop = world.folder / TAKEN_IN, world.folder / "laptop"
    cluster_world.take_in(world.raw, str(taken_in))
    shutil.copytree(taken_in, laptop)
    cluster_world.antipode(["detect", "--lake", str(laptop), *cluster_world.DETECT])
    return Trials(world, s3, Tables(str(laptop), Settings()).newest())
