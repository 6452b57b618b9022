"""Brings full geo databases, checks them, and changes over to them at once or not at all.

Each update lies in a folder of its own below `<data_dir>/geo`; the file `current` there names the
one in use and is replaced by one rename. The former one is kept, older ones are removed. Whatever
goes wrong leaves the former in use.
"""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from conf.errors import AntipodeError
from conf.settings import Settings
from enrichment import geo, network
from enrichment.geo_check import check_city_files, check_network_files
from enrichment.geo_download import Progress
from enrichment.geo_files import POINTER, current_folder, geo_folder
from enrichment.geo_providers import Origins, Request, bring

_INCOMING = "incoming-"
_ABANDONED_S = 86_400


@dataclass(frozen=True)
class Builds:
    """Which databases are in use, such as `DBIP-City-Lite 2026-06-01`."""

    city: str
    network: str


def builds_in_use(settings: Settings) -> Builds:
    """Return the builds that enrichment uses. Raises MissingDependency or Damaged."""
    return Builds(geo.open(settings).build, network.open(settings).build)


def update(
    settings: Settings,
    provider: str = "dbip",
    *,
    licence: str = "",
    now: datetime,
    progress: Progress | None = None,
    origins: Origins | None = None,
) -> Builds:
    """Bring the databases of `provider` (dbip, maxmind or npm) and return those now in use.

    `licence` is MaxMind's `ACCOUNT:KEY`; `now` (UTC) chooses DB-IP's month and names the update;
    `progress(name, received, expected)` is told of bytes. Databases that `settings` name go before
    those an update brought, so that the builds returned may then be others than those brought.
    Raises UsageError, MissingDependency, DownloadError or Damaged; the former then stay in use.
    """
    home = geo_folder(settings.data_dir)
    home.mkdir(parents=True, exist_ok=True)
    _sweep(home, now)
    former = current_folder(settings.data_dir)
    with _incoming(home) as folder, _without_secret(licence):
        bring(provider, Request(folder, now, progress or _silent, licence, origins or Origins()))
        comparable = former if former and former.name.startswith(f"{provider}-") else None
        check_city_files(_of(folder, "city"), _of(comparable, "city"))
        check_network_files(_of(folder, "network"), _of(comparable, "network"))
        chosen = _publish(home, folder, f"{provider}-{now:%Y%m%dT%H%M%S}")
    _remove_older(home, {chosen, former})
    return builds_in_use(settings)


@contextlib.contextmanager
def _incoming(home: Path) -> Iterator[Path]:
    """Give an empty folder, and remove it if it is still there."""
    folder = Path(tempfile.mkdtemp(prefix=_INCOMING, dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _without_secret(licence: str) -> Iterator[None]:
    """Take the key out of the message of whatever error passes."""
    try:
        yield
    except AntipodeError as error:
        key = licence.partition(":")[2]
        if key and key in str(error):
            raise type(error)(str(error).replace(key, "***")) from None
        raise


def _of(folder: Path | None, role: str) -> list[Path]:
    return sorted(folder.glob(f"{role}-*")) if folder else []


def _publish(home: Path, folder: Path, name: str) -> Path:
    """Give the folder its name and point to it; each of the two steps is one rename."""
    target = home / name
    while target.exists():  # two updates within one second
        target = target.with_name(f"{target.name}x")
    folder.chmod(0o755)  # mkdtemp lets nobody else read
    folder.rename(target)
    descriptor, text = tempfile.mkstemp(prefix=f"{POINTER}-", dir=home)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(f"{target.name}\n")
        file.flush()
        os.fsync(file.fileno())
    pointer = Path(text)
    pointer.chmod(0o644)
    pointer.replace(home / POINTER)
    return target


def _remove_older(home: Path, kept: set[Path | None]) -> None:
    for folder in home.iterdir():
        if folder.is_dir() and folder not in kept and not folder.name.startswith(_INCOMING):
            shutil.rmtree(folder, ignore_errors=True)


def _sweep(home: Path, now: datetime) -> None:
    """Remove what updates that were killed more than a day ago left behind."""
    for folder in home.glob(f"{_INCOMING}*"):
        if folder.stat().st_mtime < now.timestamp() - _ABANDONED_S:
            shutil.rmtree(folder, ignore_errors=True)


def _silent(_name: str, _received: int, _expected: int | None) -> None:
    """Report nothing."""
