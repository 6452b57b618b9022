"""Runs HashiCorp's Grove once, in its own virtual environment: `bench.grove` starts it.

`python grove_once.py ADDRESS` with Grove's own variables for the rest; prints JSON. Grove is as it
was installed but for one constant: where the tenants of Okta are to be found. It names them by
host, and the simulator by path.
"""

import json
import sys
import time
from pathlib import Path

from grove.connectors.okta import api
from grove.entrypoints import local_process


def main(address: str) -> None:
    api.API_BASE_URI = address  # with {identity}, the tenant
    began, cpu = time.monotonic(), time.process_time()
    local_process.entrypoint()
    found = {
        "seconds": time.monotonic() - began,
        "cpu_seconds": time.process_time() - cpu,
        "most_kilobytes": most_memory(),
    }
    print(json.dumps(found))


def most_memory() -> int:
    """Return the most resident memory so far, in kB (`ru_maxrss` counts the parent's as well)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main(sys.argv[1])
