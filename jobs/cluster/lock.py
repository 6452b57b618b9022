"""The locked requirements of a target: name, version and hashes of every library.

The file is one that `uv pip compile --universal --generate-hashes` writes: its markers say which
lines are for which Python and system. They are evaluated for the cluster, not for this machine.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import NormalizedName, canonicalize_name

from conf.errors import UsageError
from jobs.cluster.release import Target

SPARK = canonicalize_name("pyspark")
# The cluster brings these itself, and another version beside its own would be the one imported.
FROM_THE_CLUSTER = frozenset({SPARK, canonicalize_name("py4j")})
_HASH = re.compile(r"\s+--hash=(\S+)")


@dataclass(frozen=True)
class Pinned:
    """One library as it is locked."""

    name: NormalizedName
    version: str
    hashes: tuple[str, ...]

    @property
    def line(self) -> str:
        """The library as a line of a requirements file, without marker."""
        return " ".join(
            [f"{self.name}=={self.version}", *(f"--hash={each}" for each in self.hashes)]
        )


def read(path: Path, target: Target) -> list[Pinned]:
    """Return what `path` locks for `target`, Spark's own libraries included, sorted by name."""
    if not path.is_file():
        raise UsageError(
            f"--requirements {path}: is not there; name the lock file, such as "
            "requirements/run.txt of a checkout"
        )
    variables = markers(target)
    lines = path.read_text("utf-8").replace("\\\n", " ").splitlines()
    found = []
    for text in (line.strip() for line in lines):
        if not text or text.startswith("#"):
            continue
        requirement, pinned = _pinned(path, text)
        if requirement.marker is None or requirement.marker.evaluate(variables):
            found.append(pinned)
    return sorted(found, key=lambda each: each.name)


def spark_version(path: Path, pinned: list[Pinned]) -> str:
    """Return the version of pyspark that is locked."""
    for each in pinned:
        if each.name == SPARK:
            return each.version
    raise UsageError(f"--requirements {path}: locks no pyspark, so it fits no cluster")


def to_carry(pinned: list[Pinned]) -> list[Pinned]:
    """Return the libraries that the cluster does not bring."""
    return [each for each in pinned if each.name not in FROM_THE_CLUSTER]


def markers(target: Target) -> dict[str, str]:
    """Return the values of environment markers (PEP 508) on the nodes of the cluster."""
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{target.python}.0",
        "os_name": "posix",
        "platform_machine": target.machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": f"{target.python}.0",
        "python_version": target.python,
        "sys_platform": "linux",
    }


def _pinned(path: Path, text: str) -> tuple[Requirement, Pinned]:
    bare, hashes = _HASH.split(text)[0], tuple(_HASH.findall(text))
    try:
        requirement = Requirement(bare)
    except InvalidRequirement as error:
        raise UsageError(f"--requirements {path}: {bare!r} is no requirement: {error}") from None
    exact = [each.version for each in requirement.specifier if each.operator == "=="]
    if len(exact) != 1 or not hashes:
        raise UsageError(
            f"--requirements {path}: {requirement.name} is not locked to one version with hashes; "
            "lock with `make lock`"
        )
    return requirement, Pinned(canonicalize_name(requirement.name), exact[0], hashes)
