"""The code archive for `--py-files`: every package of Antipode, with its data files.

Python imports from it as it lies, so code reads its data through `importlib.resources` and finds
its plug-ins through `pkgutil`. It bears its version, from which the name of a run is made. From a
checkout come the files under version control, with their changes, and no others.
"""

from collections.abc import Iterator
from functools import partial
from importlib import resources
from importlib.metadata import version
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path

from jobs.cluster import checkout as git
from jobs.cluster.archives import Content, write_zip
from jobs.cluster.checkout import Checkout

# In the order of their imports. Those that are not there (yet) are left out.
PACKAGES = (
    *("conf", "schemas", "lake", "enrichment", "collectors", "models", "serving", "jobs"),
    "antipode",
)
MAIN = "antipode/__main__.py"  # what spark-submit is given, beside the archive


def write(path: Path, checked_out: Checkout | None) -> dict[str, int]:
    """Write the archive; return how many files each package has."""
    found = files(checked_out)
    write_zip(path, found)
    tops = [name.split("/", 1)[0] for name in found]
    return {package: tops.count(package) for package in PACKAGES if package in tops}


def main_program() -> bytes:
    """Return the file that spark-submit starts: the command line."""
    return files()[MAIN]()


def checkout() -> Checkout | None:
    """Return the checkout that this code lies in; None where it was installed."""
    return git.found(Path(__file__).parents[2])


def files(checked_out: Checkout | None = None) -> dict[str, Content]:
    """Return the files of all packages, by their names in the archive."""
    found: dict[str, Content] = {}
    for package in PACKAGES:
        for name, file in _below(_folder(package), package):
            if checked_out is None or name in checked_out.files:
                found[name] = file.read_bytes
    about = f"Metadata-Version: 2.1\nName: antipode\nVersion: {version('antipode')}\n"
    found[f"antipode-{version('antipode')}.dist-info/METADATA"] = partial(str.encode, about)
    return found


def _folder(package: str) -> Traversable | None:
    spec = find_spec(package)
    # A bare folder of that name is no package: Python makes a namespace of it, without origin.
    return None if spec is None or spec.origin is None else resources.files(package)


def _below(folder: Traversable | None, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for entry in folder.iterdir() if folder else ():
        if entry.name.startswith(".") or entry.name == "__pycache__":
            continue
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            yield from _below(entry, name)
        elif not entry.name.endswith((".pyc", "~")):
            yield name, entry
