"""`make faults`: runs a deployment through every fault; its last line says what came of it.

    python -m faults --seed 7 [--rounds 5] [--kills 50] [--without overlap|swap|deduplication]

Exit status 0 when the deployment came to rest, nothing was lost and nothing is there twice.
`--without` takes a safeguard out, to see that the faults would tell: then 0 when they did.
"""

import argparse
import signal
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from deployment import wait_until

from faults import books, child, strikes
from faults.world import World, opened

SETTLES_WITHIN = 300.0  # seconds
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
    missing = bool(found.lost or found.repeated)
    return 0 if rests and missing == bool(given.without) else 1


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
    settles = _settles(world, LATEST + timedelta(hours=4)) and _settles(world, timedelta(days=1.5))
    found = books.balance(world, published)
    totals = world.simulator.totals()["faults_by_kind"]
    print(f"providers: {', '.join(f'{n} {name}' for name, n in sorted(totals.items()))}")
    for name, (lost, repeated) in found.by_account.items():
        print(f"{name}: {lost} lost, {repeated} repeated")
    if not settles:
        print("the deployment did not come to rest:", *world.unsettled(world.now()), sep="\n")
        for process in world.deployment.processes[-6:]:
            print(f"--- {process.log_file.name}\n{process.log[-2_000:]}")
    print(found.line(world.counts.total() + sum(totals.values())), flush=True)
    return settles, found


def _settles(world: World, span: timedelta) -> bool:
    """Let time pass until everything late has come, and wait until all of it is read."""
    world.pass_time(span)
    since = world.now() - timedelta(hours=3)

    def rests() -> bool:
        world.supervise()
        return not world.unsettled(since)

    return wait_until(rests, SETTLES_WITHIN, 1.0)


if __name__ == "__main__":
    sys.exit(main())
