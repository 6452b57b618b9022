"""The feeds that an update brought, as files in `<data_dir>/feeds`.

Each list is a file of its own with a unique name; a sidecar `<name>.json` says which file is in use
and where and when it came from. Replacing the sidecar is the one atomic step that swaps lists: a
reader sees the former list or the new one, whenever the writer dies. The former list stays until
the next swap, for readers that have just read the former sidecar.
"""

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError

from conf.errors import Damaged
from conf.settings import Settings


class Kept(BaseModel):
    """The sidecar of a kept list."""

    file: str  # name of the list's file, in the same folder
    sha256: str
    url: str
    as_of: datetime  # when the list was brought
    checked: datetime  # when its keeper was last asked for a newer one
    entries: int
    etag: str = ""
    last_modified: str = ""


def folder(settings: Settings) -> Path:
    """Return where feeds are kept; it may not exist yet."""
    return settings.data_dir / "feeds"


def find(where: Path, name: str) -> Kept | None:
    """Return the sidecar of a feed, or None where it was never brought."""
    path = where / f"{name}.json"
    try:
        return Kept.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        raise _damaged(path) from error


def data(where: Path, kept: Kept) -> bytes:
    """Return the bytes of a kept list; raises Damaged where they are not those that were kept."""
    path = where / kept.file
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise _damaged(path) from error
    if hashlib.sha256(content).hexdigest() != kept.sha256:
        raise _damaged(path)
    return content


def swap(where: Path, name: str, content: bytes, kept: Kept) -> Kept:
    """Keep a new list in place of the former one; `file` and `sha256` of `kept` are filled in."""
    where.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(content).hexdigest()
    new = kept.model_copy(update={"file": f"{name}.{digest[:16]}.list", "sha256": digest})
    former = find_or_none(where, name)
    replace(where / new.file, content)
    note(where, name, new)
    in_use = {new.file} | ({former.file} if former else set())
    # Older lists, and what updates that were killed left under temporary names.
    for path in [*where.glob(f"{name}.*.list"), *where.glob(f".{name}.*")]:
        if path.name not in in_use:
            path.unlink(missing_ok=True)
    return new


def note(where: Path, name: str, kept: Kept) -> None:
    """Replace the sidecar."""
    replace(where / f"{name}.json", kept.model_dump_json(indent=2).encode())


def find_or_none(where: Path, name: str) -> Kept | None:
    """As `find`, but a damaged sidecar counts as none: an update mends it."""
    try:
        return find(where, name)
    except Damaged:
        return None


def replace(path: Path, content: bytes) -> None:
    """Write a file under a temporary name, force it to the disk, and move it into place."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _damaged(path: Path) -> Damaged:
    return Damaged(
        f"{path}: not as it was kept. Bring it anew with `antipode feeds update --force`, "
        "or delete the folder to go without feeds."
    )
