"""Archives whose bytes follow from their content: sorted, without times, owners or other modes."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip file knows no earlier time
PLAIN, PROGRAM = 0o644, 0o755
Content = Callable[[], bytes]


def write_zip(path: Path, files: Mapping[str, Content]) -> None:
    """Write files, by their names in the archive, to a zip file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.create_system = 3  # Unix, whatever made it
            entry.external_attr = PLAIN << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name]())


def write_tar(path: Path, files: Mapping[str, Content], programs: frozenset[str]) -> int:
    """Write files to a tar.gz; those in `programs` can be executed. Return their bytes unpacked.

    Folders have no entry of their own: whatever unpacks it makes them. There are no links.
    """
    unpacked = 0
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", 6, file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for name in sorted(files):
            content = files[name]()
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mode = PROGRAM if name in programs else PLAIN
            archive.addfile(entry, io.BytesIO(content))
            unpacked += len(content)
    return unpacked
