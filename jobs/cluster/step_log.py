"""The end of a run's log, as EMR leaves it in the log folder: gzip files, some minutes late."""

import gzip
import re
import zlib
from collections.abc import Iterable

from lake.objects import Objects

LINES = 40
_APPLICATION = re.compile(r"application_\d+_\d+")


def step(objects: Objects, cluster: str, step_id: str) -> list[str]:
    """Return the last lines of a step on a cluster.

    With the driver in a container, the step's own log is that of `spark-submit` and only names the
    YARN application; what went wrong stands in the log of its first container.
    """
    submitted = _text(objects, f"{cluster}/steps/{step_id}/stderr.gz")
    named = _APPLICATION.findall(submitted)
    if named:
        containers = f"{cluster}/containers/{named[-1]}/"
        drivers = [
            key for key in objects.list(containers) if re.search(r"_000001/std\w+\.gz$", key)
        ]
        lines = tail(_text(objects, key) for key in sorted(drivers))
        if lines:
            return lines
    return tail([submitted])


def serverless(objects: Objects, application: str, run_id: str) -> list[str]:
    """Return the last lines of a driver on EMR Serverless."""
    folder = f"applications/{application}/jobs/{run_id}/SPARK_DRIVER"
    return tail(_text(objects, f"{folder}/{name}.gz") for name in ("stdout", "stderr"))


def tail(texts: Iterable[str]) -> list[str]:
    """Return the last lines of each text, none empty."""
    found: list[str] = []
    for text in texts:
        found += [line for line in text.splitlines() if line.strip()][-LINES:]
    return found


def _text(objects: Objects, key: str) -> str:
    try:
        return gzip.decompress(objects.get(key).data).decode("utf-8", "replace")
    except (KeyError, EOFError, OSError, zlib.error):  # not there yet, or still being written
        return ""
