"""Downloads the files of geo databases, and unpacks them, piece by piece onto disk.

A key travels in the Authorization header, which urllib3 does not send on to another host, and is
never part of a URL or a message.
"""

import contextlib
import gzip
import shutil
import tarfile
import zlib
from collections.abc import Callable
from pathlib import Path

import urllib3
from urllib3 import Retry, Timeout
from urllib3.exceptions import HTTPError

from conf.errors import AntipodeError, Damaged

# Called with the file's name, the bytes received and those expected (None where not told).
Progress = Callable[[str, int, int | None], None]

TIMEOUT = Timeout(connect=10, read=60)
PIECE = 1 << 18
PASSING_FAULTS = (500, 502, 503, 504)
USER_AGENT = "antipode (threat detection; geo update)"


class DownloadError(AntipodeError):
    """A database could not be brought; the message names it and why."""


class NotPublishedError(DownloadError):
    """The provider has no such file (yet)."""


def download(
    url: str, target: Path, progress: Progress, headers: dict[str, str] | None = None
) -> None:
    """Write what lies at `url` to `target`. Raises NotPublishedError or DownloadError."""
    retries = Retry(
        total=3,
        status_forcelist=PASSING_FAULTS,
        backoff_factor=0.5,
        raise_on_status=False,
        respect_retry_after_header=False,  # the user is told instead, and can come back
    )
    try:
        with urllib3.PoolManager(retries=retries, timeout=TIMEOUT) as pool:
            response = pool.request(
                "GET",
                url,
                headers={"User-Agent": USER_AGENT, **(headers or {})},
                preload_content=False,
            )
            with contextlib.closing(response):
                _expect_ok(url, response.status)
                _write(response, target, progress)
    except HTTPError as error:
        reason = f"{type(error).__name__}: {error}"[:300]
        raise DownloadError(f"{url} could not be brought: {reason}; try again later") from error


def _write(response: urllib3.BaseHTTPResponse, target: Path, progress: Progress) -> None:
    told = response.headers.get("Content-Length", "")
    expected = int(told) if told.isdecimal() else None
    received = 0
    with target.open("wb") as file:
        for piece in response.stream(PIECE, decode_content=False):
            received += file.write(piece)
            progress(target.name, received, expected)


def _expect_ok(url: str, status: int) -> None:
    if status == 404:
        raise NotPublishedError(f"{url}: there is no such file")
    if status in (401, 403):
        raise DownloadError(
            f"{url}: refused (status {status}); check the account id and the licence key"
        )
    if status == 429:
        raise DownloadError(f"{url}: too many downloads today (status 429); try again tomorrow")
    if status != 200:
        raise DownloadError(f"{url}: answered with status {status}; try again later")


def gunzip(source: Path, target: Path) -> None:
    """Unpack a `.gz` file. Raises Damaged."""
    try:
        with gzip.open(source) as packed, target.open("wb") as file:
            shutil.copyfileobj(packed, file, PIECE)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Damaged(f"{source.name}: damaged download ({error}); bring it again") from error


def take_from_tar(source: Path, endings: tuple[str, ...], folder: Path) -> list[Path]:
    """Copy the files of a `.tar.gz` whose names end so into `folder`. Raises Damaged."""
    taken = []
    try:
        with tarfile.open(source, "r:gz") as archive:
            for member in archive:
                content = archive.extractfile(member) if member.isfile() else None
                if content is None or not member.name.endswith(endings):
                    continue
                target = folder / Path(member.name).name  # never the path the archive asks for
                with target.open("wb") as file:
                    shutil.copyfileobj(content, file, PIECE)
                taken.append(target)
    except (EOFError, OSError, tarfile.TarError, zlib.error) as error:
        raise Damaged(f"{source.name}: damaged download ({error}); bring it again") from error
    if not taken:
        raise Damaged(f"{source.name}: holds no file that ends in {' or '.join(endings)}")
    return taken
