"""Java's archive of Spark's classes: with it Spark starts in half the time, and plans sooner.

Java writes down all the classes that it loaded, parsed and verified during a small run (class data
sharing, JEP 350: https://openjdk.org/jeps/350), and checks itself whether an archive fits it and
the jars; where it does not, it does without. The set-up makes it:

    python -m jobs.class_archive                                             says where it belongs
    ANTIPODE_MAKE_CLASS_ARCHIVE=new.jsa python -m jobs.class_archive | cat   makes it

Java writes it after Python has ended: what is waited for is the end of the output.
"""

import hashlib
import os
import shutil
import sys
import tempfile
from datetime import date
from importlib.metadata import version
from pathlib import Path

from rich.console import Console

from conf.errors import MissingDependency
from conf.settings import Settings

MAKE = "ANTIPODE_MAKE_CLASS_ARCHIVE"
LAST_DAY = date(2026, 1, 31)
PEOPLE, EVENTS = 40, 4000


def java_options() -> str:
    """Return the options by which Java uses the archive of this environment, if there is one."""
    if making := os.environ.get(MAKE):
        return f" -XX:ArchiveClassesAtExit={making} -Xlog:cds=off -Xlog:cds+dynamic=off"
    archive = path()
    if archive is None or not archive.exists():
        return ""
    return f" -XX:SharedArchiveFile={archive} -Xshare:auto -Xlog:cds=off"


def path() -> Path | None:
    """Return where this environment's archive for the Java in use belongs; None without Java."""
    java = java_program()
    if java is None:
        return None
    # Another Java at the same place is another file, or at least a later one.
    made_for = f"{java}\n{java.stat().st_mtime_ns}\n{version('pyspark')}"
    name = hashlib.sha256(made_for.encode()).hexdigest()[:16]
    return Path(sys.prefix) / "share" / "antipode" / f"spark-classes-{name}.jsa"


def java_program() -> Path | None:
    """Return the Java that Spark will start."""
    home = os.environ.get("JAVA_HOME")
    found = Path(home) / "bin" / "java" if home else shutil.which("java")
    return Path(found).resolve() if found and Path(found).exists() else None


def main() -> None:
    """Say where the archive belongs, or run all that Spark is used for once, on a few people."""
    archive = path()
    if archive is None:
        raise MissingDependency("Java was not found: install it, or set JAVA_HOME to where it lies")
    if MAKE not in os.environ:
        print(archive)
        return
    from jobs.demo import demo

    with tempfile.TemporaryDirectory() as folder:
        company = Path(folder) / "demo"
        demo(company, LAST_DAY, Settings(), Console(quiet=True), people=PEOPLE, events=EVENTS)


if __name__ == "__main__":
    main()
