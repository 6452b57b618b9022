"""`antipode package`: what a cluster needs to run the jobs, in a folder or an S3 prefix.

Made twice from the same code and lock, all its bytes are the same; so its folder bears the name of
its content, and a package that is in use is never replaced by another: YARN refuses files that
changed under a running application.
"""

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from conf.errors import UsageError
from conf.settings import Settings
from jobs.cluster import code, environment, lock, wheels
from jobs.cluster.release import Target, check_spark
from jobs.cluster.wheels import Origin
from lake.objects import Objects, open_objects

CODE, ENVIRONMENT, MAIN = "antipode-code.zip", "environment.tar.gz", "antipode_main.py"
CONTENT = "package.json"
Say = Callable[[str], None]


@dataclass(frozen=True)
class Packed:
    """A package: the place of its files, and what they are (the content of `package.json`)."""

    place: str
    content: dict[str, Any]
    new: bool


def build(
    target: Target,
    requirements: Path,
    origin: Origin,
    to: str,
    settings: Settings,
    say: Say = lambda line: None,
) -> Packed:
    """Make the package for `target` and put it below `to`; return where it lies.

    Raises UsageError when Spark or Python do not fit the release, before anything is fetched.
    """
    locked = lock.read(requirements, target)
    spark = lock.spark_version(requirements, locked)
    check_spark(target.release, spark)
    libraries = lock.to_carry(locked)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "wheels").mkdir()
        say(f"fetching {len(libraries)} wheels")
        found = wheels.fetch(libraries, target, origin, settings, folder / "wheels")
        say("packing")
        checked_out = code.checkout()
        packages = code.write(folder / CODE, checked_out)
        unpacked = environment.write(folder / ENVIRONMENT, found, target)
        (folder / MAIN).write_bytes(code.main_program())
        content: dict[str, Any] = {
            "antipode": version("antipode"),
            "release": target.release.label,
            "python": target.python,
            "machine": target.machine,
            "spark": {"cluster": target.release.spark, "locked": spark},
            "files": {
                MAIN: _described(folder / MAIN),
                CODE: _described(folder / CODE) | {"packages": packages},
                ENVIRONMENT: _described(folder / ENVIRONMENT)
                | {
                    "unpacked": unpacked,
                    "libraries": {each.name: each.version for each in libraries},
                },
            },
        }
        commit = {"commit": checked_out.commit} if checked_out else {}
        return _put(folder, content, commit, to, settings, say)


def read(place: str, settings: Settings) -> dict[str, Any]:
    """Return what `package.json` of the package at `place` says. Raises UsageError without one."""
    try:
        found = open_objects(place, settings).get(CONTENT)
    except KeyError:
        raise UsageError(
            f"--package {place}: is no package; give a place that `antipode package` printed"
        ) from None
    content: dict[str, Any] = json.loads(found.data)
    return content


def _described(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _put(
    folder: Path,
    content: dict[str, Any],
    commit: dict[str, str],
    to: str,
    settings: Settings,
    say: Say,
) -> Packed:
    # Commits that change nothing in it, such as those of pages, leave the package as it is.
    name = f"{content['release']}-{hashlib.sha256(_text(content)).hexdigest()[:12]}"
    place = f"{to.rstrip('/')}/{name}"
    objects = open_objects(place, settings)
    if _there(objects):
        return Packed(objects.uri, read(place, settings), new=False)
    say(f"writing to {objects.uri}")
    for file in content["files"]:
        objects.put(file, (folder / file).read_bytes())
    objects.put(CONTENT, _text(content | commit))  # last: whoever finds it finds all
    return Packed(objects.uri, content | commit, new=True)


def _text(content: dict[str, Any]) -> bytes:
    return json.dumps(content, indent=2, sort_keys=True).encode() + b"\n"


def _there(objects: Objects) -> bool:
    try:
        objects.get(CONTENT)
    except KeyError:
        return False
    return True
