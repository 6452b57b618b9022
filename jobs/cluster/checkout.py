"""What is under version control where the code lies: what was reviewed, not what lies about."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from conf.errors import AntipodeError, MissingDependency


@dataclass(frozen=True)
class Checkout:
    """A git checkout: its files by their names below it, and its commit.

    `commit` ends in "+changes" where files differ from it.
    """

    files: frozenset[str]
    commit: str


def found(root: Path) -> Checkout | None:
    """Return the checkout at `root`; None where the code was installed, not checked out."""
    if not (root / ".git").exists():
        return None
    program = shutil.which("git")
    if program is None:
        raise MissingDependency(f"{root} is a git checkout, but there is no git: install git")
    git = [program, "-C", str(root)]
    names = _said(root, [*git, "ls-files", "-z"]).split("\0")
    changed = _said(root, [*git, "status", "--porcelain", "--untracked-files=no"])
    commit = _said(root, [*git, "rev-parse", "HEAD"]).strip()
    return Checkout(frozenset(filter(None, names)), commit + ("+changes" if changed else ""))


def _said(root: Path, command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise AntipodeError(
            f"{root}: git cannot say what is under version control there: {done.stderr.strip()}"
        )
    return done.stdout
