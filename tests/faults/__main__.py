"""`make faults`: runs a deployment through every fault; its last line says what came of it.

    python -m faults --seed 7 [--rounds 5] [--kills 50] [--without overlap|swap|deduplication]

Exit status 0 when the deployment came to rest, nothing was lost and nothing is there twice; 1 when
something was or is; 3 when it did not come to rest, so that nobody can tell (a machine that is too
busy, say). `--without` takes a safeguard out, to see that the faults would tell: then 0 when they
did, else 1.
"""

import argparse
import signal
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from faults import books, child, strikes
from faults.world import World, opened
from lake.streams import Stream

STANDS_STILL = 180.0  # seconds without any progress, after which it will not come to rest
LONGEST = 1_800.0  # seconds, whatever the progress
NOT_AT_REST = 3
LATEST = timedelta(days=3)  # that an event is late


def main() -> int:
    parser = argparse.ArgumentParser(prog="faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kills", type=int, default=50, help="of workers, over all rounds")
    parser.add_argument("--without", choices=sorted(child.WITHOUT), default="")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # and clear everything away
    with (
        tempfile.TemporaryDirectory(prefix="antipode-faults-") as folder,
        opened(Path(folder), given.seed, given.without) as world,
    ):
        rests, found = run(world, given.rounds, given.kills)
    wrong = bool(found.lost or found.repeated)
    if given.without:
        return 0 if wrong else 1
    return 1 if wrong else 0 if rests else NOT_AT_REST


def run(world: World, rounds: int, kills: int) -> tuple[bool, books.Books]:
    """Do it all; return whether the deployment came to rest, and its books."""
    began = time.monotonic()
    world.simulator.fault("late", share=0.2)  # three days
    world.configure()
    world.begin()
    for number in range(rounds):
        done = kills * number // rounds
        strikes.one_round(world, number, kills * (number + 1) // rounds - done)
        said = ", ".join(f"{count} {name}" for name, count in sorted(world.counts.items()))
        print(f"round {number + 1} after {time.monotonic() - began:.0f} s: {said}", flush=True)
    world.simulator.end_faults()
    world.simulator.fault("late", share=0)
    published = world.now() + LATEST
    restless = _settles(world, LATEST + timedelta(hours=4)) or _settles(world, timedelta(days=1.5))
    found = books.balance(world, published, restless)
    totals = world.simulator.totals()["faults_by_kind"]
    print(f"providers: {', '.join(f'{n} {name}' for name, n in sorted(totals.items()))}")
    for name, (lost, repeated) in found.by_account.items():
        print(f"{name}: {lost} lost, {repeated} repeated")
    if restless:
        print(f"not at rest, {found.waiting} events missing of which nobody knows yet:")
        print(*(f"{stream.application} {why}" for stream, why in restless.items()), sep="\n")
        for process in world.deployment.processes[-6:]:
            print(f"--- {process.log_file.name}\n{process.log[-2_000:]}")
    print(found.line(world.counts.total() + sum(totals.values())), flush=True)
    return not restless, found


def _settles(world: World, span: timedelta) -> dict[Stream, str]:
    """Let time pass until everything late has come, and wait until all of it is read.

    However long that takes, as long as it goes on; returns what did not come to rest.
    """
    world.pass_time(span)
    since = world.now() - timedelta(hours=3)
    began = moved = time.monotonic()
    restless = world.unsettled(since)
    while restless and time.monotonic() < min(moved + STANDS_STILL, began + LONGEST):
        time.sleep(1.0)
        world.supervise()
        found = world.unsettled(since)
        if found != restless:
            moved = time.monotonic()
        restless = found
    return restless


if __name__ == "__main__":
    sys.exit(main())
