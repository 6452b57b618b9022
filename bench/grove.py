"""Collecting beside HashiCorp's Grove: one process each, the same pages, the same latency.

    make bench-collect        (python -m bench.grove --tenants 1 100 --latency 0 0.1 --rounds 2)

Grove is installed in an environment of its own (.services/grove, from requirements/grove.txt). Both
read the Okta logs of the same tenants from the same simulator, whose clock stands still, in
pages of 1,000, each answer after `--latency` seconds; both store into folders. It is a first run
over `--days` days: Grove's own goes a week back. Grove runs with its default of 50 connectors side
by side, ours with a worker's 200 accounts; with fewer tenants there are as many of both as tenants,
and ours asks for up to four spans of one log's past at the same time (`spans`; of one where more
logs are under way). Neither keeps to Okta's quota: the simulator has no limits, and our accounts
are said to have a thousand times the documented one. What is timed is collecting,
not the start of the process. Both must have stored each event; what is stored twice counts once.
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from deployment import Deployment
from provider_simulator.client import Simulator, running

from bench.collect import ROOT, WIDTH, different, measured
from collectors.contract import Account

LOCK = ROOT / "requirements" / "grove.txt"
ENVIRONMENT = ROOT / ".services" / "grove"
CONNECTORS = 50  # side by side: Grove's default
CONNECTOR = "okta_system_log"
AT_ONCE: int = Account.model_fields["at_once"].default  # spans of one log's past
Figures = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.grove", description=__doc__)
    parser.add_argument("--tenants", type=int, nargs="+", default=[1, 100])
    parser.add_argument("--latency", type=float, nargs="+", default=[0.0, 0.1])
    parser.add_argument("--events", type=int, default=80_000, help="of all tenants and days")
    parser.add_argument("--days", type=int, default=6, help="of history")
    parser.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    python = environment()
    print("tenants  latency s        side by side   spans  events/s  events per CPU s  peak MB")
    for tenants in given.tenants:
        for latency in given.latency:
            per_day = str(given.events // tenants // given.days)
            options = ("--limits", "0", "--latency", str(latency), "--events-per-day", per_day)
            with running(*options, "--history-days", str(given.days)) as simulator:
                simulator.set_clock(running=False)
                _compare(simulator, python, tenants, latency, given.rounds)


def _compare(simulator: Simulator, python: Path, tenants: int, latency: float, rounds: int) -> None:
    names = [f"tenant{number}" for number in range(tenants)]
    found: dict[str, list[Figures]] = {"Antipode": [], "Grove": []}
    for _ in range(rounds):  # in turn, so that what the machine does beside favours neither
        found["Antipode"].append(_ours(simulator, names))
        found["Grove"].append(_theirs(simulator, names, python))
    counts = {one["records"] for figures in found.values() for one in figures}
    if len(counts) > 1:
        raise RuntimeError(f"not the same number of events was stored: {sorted(counts)}")
    for name, width, most in (("Antipode", WIDTH, AT_ONCE), ("Grove", CONNECTORS, 1)):
        spans = str(most) if most == 1 or tenants == 1 else f"1 to {most}"
        print(
            f"{tenants:7,} {latency:10.2f} {name:>10} x {min(width, tenants):>3} "
            f"{spans:>11} {_median(found[name], 'seconds'):9,.0f} "
            f"{_median(found[name], 'cpu_seconds'):17,.0f} "
            f"{max(one['most_kilobytes'] for one in found[name]) / 1024:8,.0f}",
            flush=True,
        )
    for what, unit in (("seconds", "events/s"), ("cpu_seconds", "events per CPU s")):
        pairs = zip(found["Antipode"], found["Grove"], strict=True)
        ratio = statistics.median(theirs[what] / ours[what] for ours, theirs in pairs)
        print(f"{'':19}Antipode / Grove, {unit}: {ratio:.1f}   wanted: 5", flush=True)


def _median(figures: list[Figures], what: str) -> float:
    return statistics.median(one["records"] / one[what] for one in figures)


def _ours(simulator: Simulator, names: list[str]) -> Figures:
    with tempfile.TemporaryDirectory(prefix="antipode-bench-") as folder:
        deployment = Deployment(Path(folder) / "deployment", "", "")
        fields = {"share": 1.0, "quota": 1000, "since": _first(simulator)}
        accounts = {name: fields | _credentials(simulator, name, deployment) for name in names}
        deployment.configure({name: {"okta": account} for name, account in accounts.items()})
        return measured(deployment.accounts, Path(folder) / "lake")


def _credentials(simulator: Simulator, name: str, deployment: Deployment) -> dict[str, str]:
    found = simulator.credentials("okta", name)
    return {"base_url": found["base_url"], "token": deployment.hide(found["api_token"])}


def _first(simulator: Simulator) -> str:
    origin: str = simulator.totals()["origin"]
    return origin


def _theirs(simulator: Simulator, names: list[str], python: Path) -> Figures:
    with tempfile.TemporaryDirectory(prefix="antipode-bench-") as folder:
        settings = {"GROVE_WORKER_COUNT": str(CONNECTORS)}
        for part in ("config", "output", "cache"):
            (Path(folder) / part).mkdir()
            settings[f"GROVE_{part.upper()}_HANDLER"] = "local_file"
            settings[f"GROVE_{part.upper()}_LOCAL_FILE_PATH"] = f"{folder}/{part}"
        for tenant in names:
            key = simulator.credentials("okta", tenant)["api_token"]
            asked = {"name": tenant, "identity": tenant, "connector": CONNECTOR, "key": key}
            (Path(folder) / "config" / f"{tenant}.json").write_text(json.dumps(asked))
        done = subprocess.run(
            # -I: this folder holds a module of the same name.
            [str(python), "-I", "bench/grove_once.py", f"{simulator.url}/okta/{{identity}}"],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # its log
            text=True,
            check=True,
        )
        found: Figures = json.loads(done.stdout.splitlines()[-1])
        files = (Path(folder) / "output").rglob("*.json.gz")
        return {**found, "records": different(gzip.decompress(one.read_bytes()) for one in files)}


def environment() -> Path:
    """Return the Python of Grove's own environment; make it where it is missing or out of date."""
    python, stamp = ENVIRONMENT / "bin" / "python", ENVIRONMENT / "lock.txt"
    if stamp.exists() and stamp.read_text() == LOCK.read_text():
        return python
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    print("Installing Grove in an environment of its own, once.", file=sys.stderr)
    venv.create(ENVIRONMENT, with_pip=True)
    install = [str(python), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*install, "--require-hashes", "-r", str(LOCK)], check=True)
    stamp.write_text(LOCK.read_text())
    return python


if __name__ == "__main__":
    main()
