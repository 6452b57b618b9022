"""Locks released mappers: writes the hash of each mapper's file into its sample folder.

    python -m schemas.lock            locks every mapper that has no lock yet
    python -m schemas.lock --check    only says which are not as they were locked

A locked mapper is never edited; a new shape of the provider is a new version.
"""

import hashlib
import sys
from pathlib import Path

from schemas import versions

SOURCES = Path(__file__).parent / "sources"


def digest(mapper: str) -> str:
    """Return the hash of a mapper's file."""
    return hashlib.sha256((SOURCES / f"{mapper}.py").read_bytes()).hexdigest()


def lock_file(mapper: str) -> Path:
    """Return where a mapper's lock lies."""
    return SOURCES / "samples" / mapper / "lock"


def main(only_check: bool) -> int:
    """Write the missing locks, or name what is wrong; return the exit status."""
    wrong = 0
    for mapper in (name for names in versions.mappers().values() for name in names):
        lock = lock_file(mapper)
        if not lock.exists() and not only_check:
            lock.write_text(f"{digest(mapper)}\n")
            print(f"{mapper}: locked")
        elif not lock.exists() or lock.read_text().strip() != digest(mapper):
            wrong += 1
            print(f"{mapper}: {'changed since it was locked' if lock.exists() else 'not locked'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
