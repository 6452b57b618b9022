"""Encrypted lakes for tests: where they lie, and an object of a tenant."""

from datetime import UTC, datetime
from pathlib import Path

from conf.settings import Settings
from lake.lake import Lake
from lake.raw import compress
from lake.streams import Stream

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
STREAM = Stream("acme", "okta", "log")
SECRET = b'{"user":"alice@example.com"}\n'


class Opener:
    """Opens one lake as other processes would, under any setting and with any folder of keys."""

    def __init__(self, uri: str, folder: Path) -> None:
        self._uri, self._folder = uri, folder

    def __call__(self, encryption: str = "local", keys: str = "keys") -> Lake:
        chosen = Settings(encryption=encryption, encryption_keys=self._folder / keys)
        return Lake(self._uri, chosen)


def add(lake: Lake, body: bytes = SECRET, stream: Stream = STREAM) -> str:
    """Store an object; return its key."""
    return lake.raw.append(stream, compress(body), "ndjson", NOW).key


def key_file(folder: Path) -> Path:
    """Return the file of the one key that there is."""
    (file,) = (folder / "keys").rglob("*.key")
    return file
