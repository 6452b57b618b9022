"""The wheels of locked libraries for the cluster: fetched by pip, which checks every hash.

Nothing is built and nothing is installed: only wheels for the cluster's Python, processor and C
library count, whatever this machine has. pip is asked because it knows every kind of index, sign-in
and proxy, from its own configuration.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from conf.errors import AntipodeError, MissingDependency, UsageError
from conf.settings import Settings
from jobs.cluster.lock import Pinned
from jobs.cluster.release import Target
from lake.objects import open_objects


@dataclass(frozen=True)
class Origin:
    """Where wheels come from: an index, a folder or S3 prefix of wheels, or what pip is set to."""

    index_url: str | None = None
    wheelhouse: str | None = None

    def __post_init__(self) -> None:
        """Refuse two origins at once."""
        if self.index_url and self.wheelhouse:
            raise UsageError("--index-url and --wheelhouse: give one of them")


def fetch(
    pinned: Sequence[Pinned], target: Target, origin: Origin, settings: Settings, into: Path
) -> list[Path]:
    """Put the wheel of each library into the folder `into`; return them sorted by name.

    Raises AntipodeError when one is not to be had, or its hash is not the locked one.
    """
    if find_spec("pip") is None:
        raise MissingDependency(
            f"{sys.executable} has no pip, which fetches the wheels: install pip"
        )
    with ExitStack() as stack:
        requirements = stack.enter_context(
            tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8")
        )
        requirements.write("".join(f"{each.line}\n" for each in pinned))
        requirements.flush()
        where = _where(pinned, origin, settings, stack)
        environment = dict(os.environ)
        if origin.index_url:
            environment["PIP_INDEX_URL"] = origin.index_url  # not on the command line: a password
        command = [*_pip(target), *where, "--requirement", requirements.name, "--dest", str(into)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise AntipodeError(
            f"no wheels for Python {target.python} on {target.machine} with glibc "
            f"{target.release.glibc}: {' '.join(said[:3]) or done.stderr[-500:]}"
        )
    found = sorted(into.glob("*.whl"), key=lambda path: path.name.lower())
    if len(found) != len(pinned):
        raise AntipodeError(f"pip brought {len(found)} wheels of {len(pinned)} that are locked")
    return found


def _pip(target: Target) -> list[str]:
    tag = target.python.replace(".", "")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download"]
    command += ["--quiet", "--no-deps", "--require-hashes", "--only-binary", ":all:"]
    command += ["--implementation", "cp", "--python-version", target.python]
    for abi in (f"cp{tag}", "abi3", "none"):
        command += ["--abi", abi]
    for platform in target.platforms:
        command += ["--platform", platform]
    return command


def _where(
    pinned: Sequence[Pinned], origin: Origin, settings: Settings, stack: ExitStack
) -> list[str]:
    if not origin.wheelhouse:
        return []
    folder = origin.wheelhouse
    if folder.startswith("s3://"):
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        _copy(origin.wheelhouse, pinned, settings, Path(folder))
    elif not Path(folder).is_dir():
        raise UsageError(f"--wheelhouse {folder}: is no folder; give one with wheels, or s3://")
    return ["--isolated", "--no-index", "--find-links", folder]


def _copy(uri: str, pinned: Sequence[Pinned], settings: Settings, folder: Path) -> None:
    wanted = {(each.name, each.version) for each in pinned}
    objects = open_objects(uri, settings)
    for key in objects.list(""):
        name = key.rsplit("/", 1)[-1]
        if _library(name) in wanted:
            (folder / name).write_bytes(objects.get(key).data)


def _library(name: str) -> tuple[str, str] | None:
    try:
        library, version, _, _ = parse_wheel_filename(name)
    except InvalidWheelFilename:
        return None
    return canonicalize_name(library), str(version)
