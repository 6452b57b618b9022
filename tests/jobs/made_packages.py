"""Packages of made-up wheels: a wheelhouse with locks, and what is built of them."""

from pathlib import Path

import made_wheels
from made_wheels import MadeWheel

from conf.settings import Settings
from jobs.cluster import package
from jobs.cluster.package import Packed
from jobs.cluster.release import Target, target
from jobs.cluster.wheels import Origin

SPARK_4 = target("emr-spark-8.0.0", "3.11", "x86_64")


def furnish(folder: Path) -> Path:
    """Put there a library for every machine, one for nodes, one for newer systems; and locks."""
    script = {"plain-1.0.data__scripts__plain": "#!/usr/bin/python\n"}
    moved = {"plain-1.0.data__purelib__moved.py": "HERE = True\n"}
    wheels = [
        made_wheels.make(folder, "plain", "1.0", **script, **moved),
        made_wheels.make(folder, "native", "2.0", "cp311-cp311-manylinux_2_28_x86_64"),
    ]
    too_new = made_wheels.make(folder, "native", "3.0", "cp311-cp311-manylinux_2_39_x86_64")
    _lock(folder / "lock.txt", *wheels)
    _lock(folder / "too-new.txt", too_new)
    return folder


def _lock(path: Path, *wheels: MadeWheel) -> None:
    windows = f"nowhere==9 ; sys_platform == 'win32' --hash=sha256:{'9' * 64}\n"
    lines = "".join(each.line for each in wheels)
    path.write_text("# a lock\n" + lines + windows + made_wheels.SPARK_4)


def build(house: Path, to: Path, lock: str = "lock.txt", wanted: Target = SPARK_4) -> Packed:
    return package.build(wanted, house / lock, Origin(None, str(house)), str(to), Settings())
