"""One process on gevent that collects tenants once, then again: what `bench.collect` measures.

`python -m gevent.monkey --module bench.collect_once ARGUMENTS`, as JSON; prints JSON.
"""

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from collectors import configuration
from collectors.account_run import Asked
from collectors.collecting import Collecting
from collectors.store import open_store
from conf.settings import Settings


def main(lake: str, accounts: str, width: int) -> dict[str, float]:
    configured = configuration.load(Path(accounts))
    collecting = Collecting(configured, open_store(lake, Settings()))
    before = _memory()
    began, cpu = time.monotonic(), time.process_time()
    outcomes = collecting.collect_all(list(configured.accounts), Asked(), width)
    seconds, cpu_seconds = time.monotonic() - began, time.process_time() - cpu
    failed = [stream.detail for one in outcomes for stream in one.streams if stream.error]
    if failed:
        raise RuntimeError(f"{len(failed)} failed, such as: {failed[0]}")
    began = time.monotonic()
    collecting.collect_all(list(configured.accounts), Asked(), width)
    return {
        "records": sum(one.records for one in outcomes),
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "poll_seconds": time.monotonic() - began,
        "kilobytes": _memory(),
        "kilobytes_before": before,
        "most_kilobytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        "at": datetime.now(UTC).timestamp(),
    }


def _memory() -> int:
    """Return the resident memory of this process, in kB."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise RuntimeError("the kernel does not tell the resident memory")


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
