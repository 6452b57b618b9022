"""The faults, each a function on the trials that leaves its lake with the tables it should have."""

import random
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import cluster_world
from cluster_submission import Submission
from cluster_world import BUCKET, client

from faults_spark.trial import TWICE, Trials

SMALL = "small"  # the node with the small disk
SHARE = 0.1  # of all requests
LATE = 0.3  # of the files of raw logs
# With so large a driver the node has room for two executors; the third goes to the small disk.
ON_BOTH_NODES = {"spark.executor.instances": "3", "spark.driver.memoryOverhead": "1500m"}
SKIP = {"spark.sql.files.ignoreCorruptFiles": "true"}


def executor_killed(trials: Trials, chance: random.Random) -> None:
    """An executor dies in the middle of a stage."""

    def kill(submission: Submission) -> None:
        if trials.at_work(submission, chance.randrange(5, 30)):
            trials.counts["executor killed"] += trials.kill(submission, driver=False)

    trials.step(trials.lake("executor"), kill)


def application_master_killed(trials: Trials, chance: random.Random) -> None:
    """The application master, and in it the driver, dies; YARN starts another."""

    def kill(submission: Submission) -> None:
        if trials.at_work(submission, chance.randrange(5, 30)):
            trials.counts["application master killed"] += trials.kill(submission, driver=True)

    trials.step(trials.lake("master"), kill, TWICE)


def driver_killed_at_commit(trials: Trials, chance: random.Random) -> None:
    """The driver dies before, during and after the commit of the findings."""
    for moment in ("before", "during", "after"):
        lake = trials.lake(f"commit-{moment}")
        # The table itself is made by the commit before, number 0.
        log = f"{lake.removeprefix('s3:/')}/anomalies/_delta_log/{1:020}.json"

        def arm(submission: Submission, moment: str = moment, log: str = log) -> None:
            def strike() -> None:
                killed = trials.kill(submission, driver=True)
                trials.counts[f"driver killed {moment} commit"] += killed

            trials.s3.at_commit = (moment, log, strike)

        trials.step(lake, arm, TWICE)


def store_fails(trials: Trials, chance: random.Random) -> None:
    """S3 fails a tenth of all requests."""
    trials.s3.failed.clear()
    before, trials.s3.share = trials.s3.requests, SHARE
    trials.step(trials.lake("store"))
    trials.s3.share = 0.0
    print(f"  {dict(trials.s3.failed)} of {trials.s3.requests - before} requests")
    trials.counts["store failed requests of a step"] += len(trials.s3.failed) == 3


def twice_at_once(trials: Trials, chance: random.Random) -> None:
    """The same step runs twice at the same time."""
    steps = trials.step(trials.lake("twice"), side_by_side=2)
    began = [step.asked()["launchTime"] for step in steps]
    ended = [step.asked()["finishedTime"] for step in steps]
    trials.counts["step run twice at once"] += max(began) < min(ended)


def late_events(trials: Trials, chance: random.Random) -> None:
    """Events of days that were looked at come late, and the date is run again."""
    world = trials.world
    first, late = world.folder / "first", world.folder / "late"
    for file in sorted(path for path in world.raw.rglob("*") if path.is_file()):
        to = late if chance.random() < LATE else first
        place = to / file.relative_to(world.raw)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)
    looked_at = world.folder / "looked-at"
    cluster_world.take_in(first, str(looked_at))
    cluster_world.antipode(["detect", "--lake", str(looked_at), *cluster_world.DETECT])
    lake = trials.lake("late", looked_at)
    before = trials.tables(lake).newest()
    cluster_world.take_in(late, lake)
    changed = before["daily_use"] != trials.expected["daily_use"]
    trials.counts["date run again with late events"] += changed
    trials.step(lake, before=before)


def node_without_disk(trials: Trials, chance: random.Random) -> None:
    """The disk of a node runs full while an executor works there."""
    cluster = trials.world.cluster
    disk = cluster.as_seen_by_containers(cluster.folder / "disks" / SMALL)

    def fill(submission: Submission) -> None:
        if trials.at_work(submission, 1, f"{SMALL}-logs"):
            _fill(disk / "filler")
            trials.counts["disk of a node full"] += 1

    try:
        trials.step(trials.lake("disk"), fill, ON_BOTH_NODES)
    finally:
        (disk / "filler").unlink(missing_ok=True)


def parquet_corrupted(trials: Trials, chance: random.Random) -> None:
    """A file of the events is damaged: a step fails, or skips it as told, and names it.

    Whole again, the step makes its day anew.
    """
    lake = trials.lake("corrupted")
    s3 = client(trials.world.store)
    pages = s3.list_objects_v2(Bucket=BUCKET, Prefix="corrupted/events/tenant=")
    key = chance.choice([entry["Key"] for entry in pages["Contents"]])
    good = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    s3.put_object(Bucket=BUCKET, Key=key, Body=good[:-8] + bytes(8))
    name = key.removeprefix("corrupted/")
    told = []
    for passes, settings, says in ((False, {}, name), (True, SKIP, f"skipped {name}")):
        with trials.submit(lake, settings) as submission:
            passed = submission.wait() == 0
        told.append(passed == passes and says in submission.said())
        print(f"  {'skipped' if passes else 'failed'} and named: {told[-1]}", flush=True)
    s3.put_object(Bucket=BUCKET, Key=key, Body=good)
    trials.counts["file corrupted"] += 1
    trials.untold += not all(told)
    trials.step(lake, before=trials.tables(lake).newest())


def _fill(file: Path) -> None:
    with suppress(OSError), file.open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(1 << 20))
    with suppress(OSError), file.open("ab", buffering=0) as filler:
        while True:
            filler.write(b"x")


ALL: dict[str, Callable[[Trials, random.Random], None]] = {
    "executor": executor_killed,
    "master": application_master_killed,
    "commit": driver_killed_at_commit,
    "store": store_fails,
    "twice": twice_at_once,
    "late": late_events,
    "disk": node_without_disk,
    "corrupted": parquet_corrupted,
}
