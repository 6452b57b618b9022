"""The Python environment archive for `--archives environment.tar.gz#environment`.

It holds the libraries and no interpreter. The nodes have one of the right version, linked with
their own C library and OpenSSL; `bin/python` starts it with the libraries of `lib/`. A copied
virtual environment (venv-pack, conda-pack) would carry links to the interpreter of the machine that
packed it, and could be made only on a machine like the nodes; a pex unpacks itself anew in each
container. So an archive can be made anywhere, and `PYSPARK_PYTHON=./environment/bin/python` is all
that a cluster is told.
"""

import zipfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path, PurePosixPath

from conf.errors import Damaged
from jobs.cluster.archives import Content, write_tar
from jobs.cluster.release import Target

PROGRAM = "bin/python"
LIBRARIES = "lib"
# Spark's own modules and the code archive come first in PYTHONPATH, the libraries last.
START = """\
#!/bin/sh
# Python {python} of this machine, with the libraries that lie beside this file.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd -P)
python=${{ANTIPODE_PYTHON:-python{python}}}
if ! command -v "$python" >/dev/null; then
  echo "antipode: no $python on $(hostname), which the environment was made for" >&2
  exit 127
fi
PYTHONPATH=${{PYTHONPATH:+$PYTHONPATH:}}$here/lib
export PYTHONPATH
exec "$python" "$@"
"""


def write(path: Path, wheels: Sequence[Path], target: Target) -> int:
    """Write the archive with the files of `wheels`; return how many bytes it unpacks to."""
    start = START.format(python=target.python).encode()
    files: dict[str, Content] = {PROGRAM: lambda: start}
    with ExitStack() as stack:
        for wheel in wheels:
            archive = stack.enter_context(zipfile.ZipFile(wheel))
            for entry in archive.infolist():
                place = _place(wheel, entry)
                if place is not None:
                    _add(files, f"{LIBRARIES}/{place}", partial(archive.read, entry), wheel)
        return write_tar(path, files, frozenset({PROGRAM}))


def _place(wheel: Path, entry: zipfile.ZipInfo) -> str | None:
    """Return where a file of a wheel is installed below the libraries; None: nowhere there.

    Scripts, headers and data (PEP 427) have no place: nothing on the cluster starts or compiles.
    """
    path = PurePosixPath(entry.filename)
    if entry.is_dir():
        return None
    if path.is_absolute() or ".." in path.parts:
        raise Damaged(f"{wheel.name}: {entry.filename!r} leads out of the archive")
    if not path.parts[0].endswith(".data"):
        return str(path)
    if len(path.parts) > 2 and path.parts[1] in ("purelib", "platlib"):
        return str(PurePosixPath(*path.parts[2:]))
    return None


def _add(files: dict[str, Content], place: str, content: Content, wheel: Path) -> None:
    if place in files and files[place]() != content():
        raise Damaged(f"{wheel.name}: {place} is also in another wheel, with another content")
    files[place] = content
