"""Fetches the wheels that a package for the cluster of `make e2e` is made of, as `antipode package`
does for EMR:

    python bootstrap/cluster_wheels.py FOLDER
"""

import platform
import sys
from pathlib import Path

from conf.settings import Settings
from jobs.cluster import lock, release, wheels

RELEASE = "emr-spark-8.0.0"
LOCK = Path(__file__).parent.parent / "requirements" / "run.txt"


def main(folder: str) -> None:
    """Fetch them for this machine's Python and kind of processor."""
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    target = release.target(RELEASE, python, platform.machine())
    libraries = lock.to_carry(lock.read(LOCK, target))
    wheels.fetch(libraries, target, wheels.Origin(), Settings(), Path(folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
