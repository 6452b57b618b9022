"""How fast one process collects from simulated providers, and how much memory tenants take.

    make bench-collect        (python -m bench.collect --tenants 1 100 1000 --latency 0.1)

Every tenant has an Okta log of a day and signs in to read it; each answer takes `--latency`
seconds. `poll` is a second round, a moment later, in which next to nothing is new: what each minute
costs. `busy` is the processor time of a poll as a share of the minute; `memory` is what is resident
after the poll, `peak` the most that ever was. The accounts' quota is lifted: it is the machine that
is measured.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import msgspec
from deployment import Deployment
from provider_simulator.accounts import account
from provider_simulator.client import Simulator, running

from collectors.green import GIVE_BACK
from collectors.store import open_store
from conf.settings import Settings

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "gevent.monkey", "--module", "bench.collect_once")
WIDTH = 200  # accounts side by side, as a worker has them
FEWEST = 100  # events that a tenant has in a day
LARGEST = 64.0  # kB that a tenant may take


class Event(msgspec.Struct):
    """An event as the provider tells it; only its id matters here."""

    uuid: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.collect", description=__doc__)
    parser.add_argument("--tenants", type=int, nargs="+", default=[1, 100, 1000])
    parser.add_argument("--latency", type=float, default=0.1)
    parser.add_argument("--events", type=int, default=100_000, help="of a day, of all tenants")
    given = parser.parse_args()
    print("tenants  events/s  requests/s  events per CPU s  poll s   busy  memory MB  peak MB")
    kilobytes: dict[int, float] = {}
    for tenants in given.tenants:
        found = _run(tenants, max(FEWEST, given.events // tenants), given.latency)
        kilobytes[tenants] = found["kilobytes"]
        print(
            f"{tenants:7,} {found['records'] / found['seconds']:9,.0f} "
            f"{found['requests'] / found['seconds']:11,.1f} "
            f"{found['records'] / found['cpu_seconds']:17,.0f} {found['poll_seconds']:7.1f} "
            f"{found['poll_cpu_seconds'] / 60:6.1%} {found['kilobytes'] / 1024:10,.0f} "
            f"{found['most_kilobytes'] / 1024:8,.0f}",
            flush=True,
        )
    if 1000 in kilobytes:
        # Of as many events each: what is under way at a time also takes memory.
        few = _run(100, max(FEWEST, given.events // 1000), given.latency)["kilobytes"]
        each = (kilobytes[1000] - few) / 900
        print(f"memory, 1,000 tenants less 100: {each:.1f} kB each   wanted: at most {LARGEST:.0f}")


def _run(tenants: int, per_day: int, latency: float) -> dict[str, float]:
    options = ("--limits", "0", "--latency", str(latency), "--history-days", "2")
    with running(*options, "--events-per-day", str(per_day)) as simulator:
        return collected(simulator, tenants)


def collected(simulator: Simulator, tenants: int) -> dict[str, float]:
    """Collect from tenants in a process of its own; return what it measured."""
    with tempfile.TemporaryDirectory(prefix="antipode-bench-") as folder:
        deployment = Deployment(Path(folder) / "deployment", "", "")
        names = [f"tenant{number}" for number in range(tenants)]
        deployment.configure(
            {
                name: {"okta": account(simulator, "okta", name, deployment.hide) | {"share": 1.0}}
                for name in names
            }
        )
        return measured(deployment.accounts, Path(folder) / "lake")


def measured(accounts: Path, lake: Path) -> dict[str, float]:
    """Collect all accounts in a process of its own; return what `bench.collect_once` measured."""
    asked = {"lake": str(lake), "accounts": str(accounts), "width": WIDTH}
    done = subprocess.run(
        [*COMMAND, json.dumps(asked)],
        cwd=ROOT,
        env=GIVE_BACK | os.environ,  # as `antipode worker` begins
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    store = open_store(str(lake), Settings())
    objects = (store.raw.read(key) for key in store.objects.list("raw/"))
    return {**found, "records": different(objects)}


def different(objects: Iterable[bytes]) -> int:
    """Return how many different events objects hold, one a line: some are read twice."""
    decoder = msgspec.json.Decoder(Event)
    return len({decoder.decode(line).uuid for body in objects for line in body.splitlines()})


if __name__ == "__main__":
    main()
