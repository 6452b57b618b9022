"""Which database files are in use: those named, else those of an update, else the shipped ones.

An update leaves each set of files in a folder of its own below `<data_dir>/geo`, and the name of
the one in use in the file `current` beside them, so that one atomic rename changes over.
"""

import atexit
from contextlib import ExitStack
from importlib import resources
from pathlib import Path

from conf.settings import Settings

POINTER = "current"
# Where the code lies in an archive, as on a cluster, a copy that lasts as long as the process.
_unpacked = ExitStack()
atexit.register(_unpacked.close)


def city_files(settings: Settings) -> tuple[Path, ...]:
    """Return the city databases in use."""
    return (
        _named(settings.geo_city_db) or _brought(settings.data_dir, "city") or shipped_files("city")
    )


def network_files(settings: Settings) -> tuple[Path, ...]:
    """Return the network databases in use."""
    return (
        _named(settings.geo_asn_db)
        or _brought(settings.data_dir, "network")
        or shipped_files("network")
    )


def geo_folder(data_dir: Path) -> Path:
    """Return the folder below which updates lie."""
    return data_dir / "geo"


def current_folder(data_dir: Path) -> Path | None:
    """Return the folder of the update in use; null where there was none."""
    pointer = geo_folder(data_dir) / POINTER
    if not pointer.is_file():
        return None
    return geo_folder(data_dir) / pointer.read_text(encoding="utf-8").strip()


def file_version(path: Path) -> tuple[int, int] | None:
    """Return what changes when a file is replaced, so that a long-lived process opens it anew."""
    if not path.is_file():
        return None
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def _named(setting: str) -> tuple[Path, ...]:
    return tuple(Path(part.strip()).expanduser() for part in setting.split(",") if part.strip())


def _brought(data_dir: Path, role: str) -> tuple[Path, ...]:
    folder = current_folder(data_dir)
    return tuple(sorted(folder.glob(f"{role}-*"))) if folder else ()


def shipped_files(role: str) -> tuple[Path, ...]:
    """Return the small database that ships with Antipode; `role` is city or network."""
    data = resources.files("enrichment.data").joinpath(f"{role}.mmdb")
    return (_unpacked.enter_context(resources.as_file(data)),)
