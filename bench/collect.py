"""How fast one process collects from simulated providers, and how much memory tenants take.

    make bench-collect        (--tenants 1 100 1000 --latency 0.1 --events 100000)

Every tenant has an Okta log of a day; each answer takes `--latency` seconds. `poll` is the second
round, in which next to nothing is new: what each minute costs.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from deployment import Deployment
from provider_simulator.client import Simulator, running
from simulated_account import account

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "gevent.monkey", "--module", "bench.collect_once")
WIDTH = 200  # accounts side by side, as a worker has them


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.collect", description=__doc__)
    parser.add_argument("--tenants", type=int, nargs="+", default=[1, 100, 1000])
    parser.add_argument("--latency", type=float, default=0.1)
    parser.add_argument("--events", type=int, default=100_000, help="of a day, of all tenants")
    given = parser.parse_args()
    print("tenants  events/s  requests/s  events per CPU s  poll s  memory MB  kB per tenant")
    first: dict[int, float] = {}
    for tenants in given.tenants:
        per_day = max(100, given.events // tenants)
        options = ("--limits", "0", "--latency", str(given.latency), "--history-days", "2")
        with running(*options, "--events-per-day", str(per_day)) as simulator:
            found, requests = collected(simulator, tenants)
        first[tenants] = found["kilobytes"]
        each = (found["kilobytes"] - found["kilobytes_before"]) / tenants
        print(
            f"{tenants:7,} {found['records'] / found['seconds']:9,.0f} "
            f"{requests / (found['seconds'] + found['poll_seconds']):11,.1f} "
            f"{found['records'] / found['cpu_seconds']:17,.0f} {found['poll_seconds']:7.1f} "
            f"{found['kilobytes'] / 1024:10,.0f} {each:14,.0f}",
            flush=True,
        )
    if {100, 1000} <= first.keys():
        more = (first[1000] - first[100]) / 900
        print(f"memory of 1,000 tenants less that of 100: {more:.1f} kB for each of the 900")


def collected(simulator: Simulator, tenants: int) -> tuple[dict[str, float], int]:
    """Collect in a process of its own; return what it measured and how often it asked."""
    with tempfile.TemporaryDirectory(prefix="antipode-bench-") as folder:
        deployment = Deployment(Path(folder) / "deployment", "", "")
        names = [f"tenant{number}" for number in range(tenants)]
        deployment.configure(
            {
                name: {"okta": account(simulator, "okta", name, deployment.hide) | {"share": 1.0}}
                for name in names
            }
        )
        asked = {
            "lake": str(Path(folder) / "lake"),
            "accounts": str(deployment.accounts),
            "width": WIDTH,
        }
        done = subprocess.run(
            [*COMMAND, json.dumps(asked)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        answers = simulator.totals()["answers"]
        return json.loads(done.stdout.splitlines()[-1]), _sum(answers)


def _sum(answers: object) -> int:
    if isinstance(answers, dict):
        return sum(map(_sum, answers.values()))
    return int(str(answers))


if __name__ == "__main__":
    main()
