"""`make faults-spark`: steps on a real cluster under every fault; the last line sums it up.

    python -m faults_spark --seed 7 [--only executor,store] [--without commit]

Exit status 0 when each fault was done, the tables are the same as without, and no reader ever saw
half of one. `--without` takes a safeguard out, to see that the faults would tell: then 0 when each
was done, each step came to its end, and some harm was seen.
"""

import argparse
import random
import signal
import sys
import tempfile
import time
from pathlib import Path

import cluster_world

from faults_spark import strikes, trial, weakened
from faults_spark.outcome import Outcome
from faults_spark.unreliable import UnreliableS3

DISK = "1400m"
FAULTS = {"commit": 3}  # by strike; otherwise 1


def main() -> int:
    parser = argparse.ArgumentParser(prog="faults_spark", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="names, separated by commas, in that order")
    parser.add_argument("--without", choices=sorted(weakened.WITHOUT), default="")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and clear everything away
    chance = random.Random(given.seed)
    chosen = (
        given.only.split(",") if given.only else chance.sample(list(strikes.ALL), len(strikes.ALL))
    )
    with (
        tempfile.TemporaryDirectory(prefix="antipode-faults-spark-") as folder,
        cluster_world.opened(Path(folder), {strikes.SMALL: DISK}) as world,
    ):
        if given.without:
            weakened.weaken(world, given.without)
        found = run(world, chosen, chance)
    return 0 if (found.harmful if given.without else found.harmless) else 1


def run(world: cluster_world.World, chosen: list[str], chance: random.Random) -> Outcome:
    """Do the chosen faults; return what came of them."""
    began = time.monotonic()
    s3 = UnreliableS3(int(world.store["ANTIPODE_S3_ENDPOINT_URL"].rpartition(":")[2]), chance)
    trials = trial.begun(world, s3)
    try:
        for name in chosen:
            print(f"{name} after {time.monotonic() - began:.0f} s", flush=True)
            strikes.ALL[name](trials, chance)
    finally:
        s3.close()
    print(", ".join(f"{count} {name}" for name, count in sorted(trials.counts.items())))
    print(f"{trials.looked} looks by readers meanwhile")
    outcome = Outcome(
        wanted=sum(FAULTS.get(name, 1) for name in chosen),
        done=trials.counts.total(),
        ended=trials.ended,
        equal=trials.equal,
        half_seen=trials.half_seen,
        untold=trials.untold,
    )
    print(outcome, flush=True)
    return outcome


if __name__ == "__main__":
    sys.exit(main())
