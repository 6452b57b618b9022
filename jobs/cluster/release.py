"""What an EMR release brings, and whether a package fits it. The facts: conf/emr/releases.toml."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import metadata
from typing import Any

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from conf.errors import UsageError

MACHINES = ("x86_64", "aarch64")  # Intel and AMD; Graviton


@dataclass(frozen=True)
class Release:
    """An EMR release: its label, its versions of Spark, Python and the C library."""

    label: str
    spark: str
    scala: str
    java: int
    applications: tuple[str, ...]
    pythons: tuple[str, ...]
    glibc: str


@dataclass(frozen=True)
class Target:
    """What a package is made for: a release, one of its Pythons, a kind of processor."""

    release: Release
    python: str
    machine: str

    @property
    def platforms(self) -> list[str]:
        """The platform tags of wheels that run there (PEP 600), the newest C library first."""
        major, newest = self.release.glibc.split(".")
        tags = [f"manylinux_{major}_{minor}_{self.machine}" for minor in range(int(newest), 4, -1)]
        aliases = ("manylinux2014", "manylinux2010", "manylinux1")
        return [*tags, *(f"{alias}_{self.machine}" for alias in aliases)]


def known() -> dict[str, Release]:
    """Return the releases that are known, by their labels."""
    text = (resources.files("conf") / "emr" / "releases.toml").read_text("utf-8")
    return {
        label: Release(label, **{key: _frozen(value) for key, value in found.items()})
        for label, found in tomllib.loads(text).items()
    }


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def named(label: str) -> Release:
    """Return the release of that label, of which the last numbers may be left out."""
    releases = known()
    fitting = [name for name in releases if name == label or name.startswith(f"{label}.")]
    if len(fitting) != 1:
        raise UsageError(
            f"--release {label}: is none of {', '.join(releases)}; another one is an entry in "
            "conf/emr/releases.toml"
        )
    return releases[fitting[0]]


def target(label: str, python: str | None, machine: str) -> Target:
    """Return what to package for; `python` None: the oldest of the release that Antipode runs on.

    Raises UsageError when the release does not have that Python, or Antipode does not run on it.
    """
    release = named(label)
    wanted = str(metadata("antipode")["Requires-Python"])
    fitting = [each for each in release.pythons if f"{each}.0" in SpecifierSet(wanted)]
    if machine not in MACHINES:
        raise UsageError(f"--machine {machine}: is none of {', '.join(MACHINES)}")
    if python is None and fitting:
        return Target(release, fitting[0], machine)
    if python not in fitting:
        raise UsageError(
            f"--python {python}: does not fit; {release.label} has {', '.join(release.pythons)}, "
            f"and Antipode needs {wanted}: choose {' or '.join(fitting) or 'another release'}"
        )
    return Target(release, python, machine)


def check_spark(release: Release, pyspark: str) -> None:
    """Raise UsageError unless the locked `pyspark` is of the release's Spark (4.0 of 4.0.2)."""
    locked, there = Version(pyspark), Version(release.spark)
    if (locked.major, locked.minor) != (there.major, there.minor):
        raise UsageError(
            f"pyspark {pyspark} is locked, and {release.label} runs Spark {release.spark}: give "
            f"--requirements a lock with pyspark {there.major}.{there.minor}, or another --release"
        )
