"""gevent, in the process that collects: everything that waits is patched before it is imported."""

import os
import sys
from typing import NoReturn


def become(module: str, arguments: str) -> NoReturn:
    """Turn this process into one that runs a module on gevent.

    It is begun anew, under the same id: a process that has imported sockets, TLS or threads before
    they are patched would hold on to those that block.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    command = [sys.executable, "-m", "gevent.monkey", "--module", module, arguments]
    os.execv(sys.executable, command)  # noqa: S606 - no shell wanted
