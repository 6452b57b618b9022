"""One process on gevent that collects tenants once, then again: what `bench.collect` measures.

`python -m gevent.monkey --module bench.collect_once ARGUMENTS`, as JSON; prints JSON.
"""

import json
import sys
import time
from pathlib import Path

from collectors import configuration, metrics
from collectors.account_run import Asked
from collectors.collecting import Collecting
from collectors.store import open_store
from conf.settings import Settings


def main(lake: str, accounts: str, width: int) -> dict[str, float]:
    configured = configuration.load(Path(accounts))
    collecting = Collecting(configured, open_store(lake, Settings(), width, green=True))
    began, cpu = time.monotonic(), time.process_time()
    outcomes = collecting.collect_all(list(configured.accounts), Asked(), width)
    seconds, cpu_seconds = time.monotonic() - began, time.process_time() - cpu
    requests = _requests()
    failed = [stream.detail for one in outcomes for stream in one.streams if stream.error]
    if failed:
        raise RuntimeError(f"{len(failed)} failed, such as: {failed[0]}")
    began, cpu = time.monotonic(), time.process_time()
    collecting.collect_all(list(configured.accounts), Asked(), width)
    return {
        "records": sum(one.records for one in outcomes),
        "seconds": seconds,
        "requests": requests,
        "cpu_seconds": cpu_seconds,
        "poll_seconds": time.monotonic() - began,
        "poll_cpu_seconds": time.process_time() - cpu,
        "poll_requests": _requests() - requests,
        "kilobytes": _memory("VmRSS"),
        "most_kilobytes": _memory("VmHWM"),
    }


def _requests() -> float:
    """Return how many requests were answered so far, sign-ins among them."""
    samples = (one for metric in metrics.REQUESTS.collect() for one in metric.samples)
    return sum(one.value for one in samples if one.name.endswith("_total"))


def _memory(what: str) -> int:
    """Return memory of this process in kB: VmRSS, what is resident, or VmHWM, the most so far."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1])
    raise RuntimeError("the kernel does not tell the resident memory")


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
