"""gevent, in the process that collects: everything that waits is patched before it is imported."""

import os
import sys
from typing import NoReturn

# Pages are large and soon gone: the C library gives them back to the system, each at once, in place
# of keeping room for as many as there ever were side by side. (glibc's; others do not read it.)
GIVE_BACK = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "131072"}


def become(module: str, arguments: str) -> NoReturn:
    """Turn this process into one that runs a module on gevent.

    It is begun anew, under the same id: a process that has imported sockets, TLS or threads before
    they are patched would hold on to those that block.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "gevent.monkey", "--module", module, arguments]
    os.execve(sys.executable, command, GIVE_BACK | os.environ)  # noqa: S606 - no shell wanted
