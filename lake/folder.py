"""Objects in a folder of a file system, with the guarantees of a good object store.

An object is written to a hidden temporary file beside its place, brought to the disk, and renamed
over it: a reader, or a machine that loses power, sees the old object or the new one. Writers of a
key take turns through a file lock, so that comparing and swapping is one step.
"""

import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from conf.errors import AntipodeError, Conflict
from lake.objects import Object, check_key

_LOCKS = 256  # keys share this many lock files, so that they need no tidying
_TEMPORARY = ".tmp"


class FolderObjects:
    """The objects below `path`, which need not exist yet."""

    def __init__(self, path: Path) -> None:
        """Use the folder `path`."""
        self._root = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links

    @property
    def uri(self) -> str:
        """The folder as an absolute path."""
        return str(self._root)

    def get(self, key: str) -> Object:
        """Return an object. Raises KeyError when there is none."""
        path = self._path(key)
        try:
            with path.open("rb") as file:
                data = file.read()
                modified = os.fstat(file.fileno()).st_mtime
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise KeyError(key) from None
        except OSError as error:
            raise AntipodeError(f"Could not read {path}: {error.strerror}.") from error
        return Object(data, _etag(data), datetime.fromtimestamp(modified, UTC))

    def put(self, key: str, data: bytes) -> None:
        """Write an object, replacing what was there."""
        path = self._path(key)
        with self._written(path, data) as temporary, self._locked(key):
            self._publish(temporary, path)

    def put_if(self, key: str, data: bytes, etag: str | None) -> str:
        """Write an object only if it still has `etag` (None: does not exist)."""
        path = self._path(key)
        with self._written(path, data) as temporary, self._locked(key):
            if self._current(key) != etag:
                raise Conflict(f"{path} was changed by somebody else; read it again.")
            self._publish(temporary, path)
        return _etag(data)

    def list(self, prefix: str) -> Iterator[str]:
        """Yield the keys that begin with `prefix`, in the order of their characters."""
        yield from self._below(self._root, "", prefix)

    def delete(self, key: str) -> None:
        """Remove an object; no error when there is none."""
        path = self._path(key)
        with self._locked(key), suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()

    def sweep_temporary(self, before: datetime) -> int:
        """Remove what writers that died before `before` left half-written; return how many."""
        swept = 0
        for folder, _, names in os.walk(self._root):
            for name in names:
                path = Path(folder, name)
                if not (name.startswith(".") and name.endswith(_TEMPORARY)):
                    continue
                with suppress(FileNotFoundError):
                    if path.stat().st_mtime < before.timestamp():
                        path.unlink()
                        swept += 1
        return swept

    def _path(self, key: str) -> Path:
        return self._root / check_key(key)

    def _current(self, key: str) -> str | None:
        try:
            return self.get(key).etag
        except KeyError:
            return None

    @contextmanager
    def _written(self, path: Path, data: bytes) -> Iterator[Path]:
        """Yield a temporary file beside `path` that holds `data`, safe on the disk."""
        temporary = path.with_name(f".{secrets.token_hex(8)}{_TEMPORARY}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            yield temporary
        except OSError as error:
            raise _write_error(path, error) from error
        finally:
            with suppress(OSError):
                temporary.unlink()

    def _publish(self, temporary: Path, path: Path) -> None:
        temporary.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)  # else the new name itself may be lost with the power
        finally:
            os.close(folder)

    @contextmanager
    def _locked(self, key: str) -> Iterator[None]:
        number = int.from_bytes(hashlib.sha256(key.encode()).digest()[:2]) % _LOCKS
        folder = self._root / ".locks"
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / f"{number:03}").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # released when closed, also by a dying process
            yield

    def _below(self, folder: Path, base: str, prefix: str) -> Iterator[str]:
        try:
            with os.scandir(folder) as entries:
                found = [
                    entry.name + "/" * entry.is_dir()
                    for entry in entries
                    if not entry.name.startswith(".")
                ]
        except (FileNotFoundError, NotADirectoryError):
            return
        for name in sorted(found):  # with the slash, so that the whole keys come in order
            key = base + name
            if not name.endswith("/"):
                if key.startswith(prefix):
                    yield key
            elif key.startswith(prefix) or prefix.startswith(key):
                yield from self._below(folder / name, key, prefix)


def _etag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _write_error(path: Path, error: OSError) -> AntipodeError:
    remedy = {
        errno.ENOSPC: "free some space and run again",
        errno.EDQUOT: "raise the quota and run again",
        errno.EFBIG: "raise the limit on file sizes and run again",
        errno.EROFS: "give a folder that can be written to",
        errno.EACCES: "give a folder that can be written to",
        errno.ENOTDIR: "give a folder, not a file",
        errno.EEXIST: "give a folder, not a file",
    }.get(error.errno or 0, "mend it and run again")
    return AntipodeError(f"Could not write {path}: {error.strerror}; {remedy}.")
