"""gevent, in the process that collects: everything that waits is patched before it is imported."""

import os
import sys
from collections.abc import Sequence

HEAVY = ("pyarrow", "duckdb", "deltalake", "pyspark")  # their own threads stall gevent's loop


def patched() -> bool:
    """Tell whether this process runs on gevent."""
    from gevent import monkey

    return bool(monkey.is_module_patched("socket"))


def become(arguments: Sequence[str]) -> None:
    """Turn this process into one that runs on gevent, with the same command line; never returns.

    It is begun anew, under the same id: a process that has imported sockets, TLS or threads before
    they are patched would hold on to those that block.
    """
    command = [sys.executable, "-m", "gevent.monkey", "--module", "antipode", *arguments]
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, command)  # noqa: S606 - no shell wanted


def loaded_heavy() -> list[str]:
    """Return which libraries are loaded that must not be in a process on gevent."""
    return [name for name in HEAVY if name in sys.modules]
