"""Finds the files of a raw folder: `DIR/<source>/…`, NDJSON, JSON or CSV, plain, gzip or zstd."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from conf.errors import UsageError
from lake import records


class LogFile(Protocol):
    """A file of raw logs, wherever it lies."""

    @property
    def source(self) -> str:
        """Whose logs these are."""
        ...

    @property
    def form(self) -> str | None:
        """Its form, ndjson, json or csv, or None when its name tells none."""
        ...

    @property
    def size(self) -> int:
        """How many bytes it has, compressed."""
        ...

    @property
    def name(self) -> str:
        """Where it lies, as a user would write it."""
        ...

    def open(self) -> BinaryIO:
        """Open it for reading. Raises OSError when it cannot be read."""
        ...


@dataclass(frozen=True)
class InboxFile:
    """A file of a raw folder."""

    path: Path
    source: str
    form: str | None
    size: int

    @property
    def name(self) -> str:
        """Its path."""
        return str(self.path)

    def open(self) -> BinaryIO:
        """Open it for reading."""
        return self.path.open("rb")


def files(raw: Path) -> list[InboxFile]:
    """Return the files below the raw folder, by source and path. UsageError when there is none.

    A file that lies in the folder itself belongs to the source that its name begins with. Hidden
    files, and files beside the source folders that have no form of a log, are not logs.
    """
    if not raw.is_dir():
        raise UsageError(f"--raw {raw}: no such folder; give the one that holds <source>/ folders.")
    found = [
        file
        for path in sorted(raw.rglob("*"))
        if (path.is_file() or path.is_symlink()) and not _hidden(path.relative_to(raw))
        for file in [_file(path, raw)]
        if file.form is not None or path.parent != raw
    ]
    if not found:
        raise UsageError(
            f"--raw {raw}: no log files; expected {raw}/<source>/*.ndjson, .json or .csv "
            "(plain, .gz or .zst)."
        )
    return sorted(found, key=lambda file: (file.source, str(file.path)))


def _file(path: Path, raw: Path) -> InboxFile:
    parts = path.relative_to(raw).parts
    source = parts[0] if len(parts) > 1 else parts[0].split(".")[0]
    return InboxFile(path, source, records.form(path.name), _size(path))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # a link to nowhere: reading it will say so


def _hidden(path: Path) -> bool:
    return any(part.startswith((".", "_")) for part in path.parts)
