"""A bucket in memory, for tests: gives pages as S3 does, and counts what it is asked."""

import hashlib
import io
from typing import BinaryIO

from lake.input_files import Found, Unreadable


class BucketOfFiles:
    """Files by key. `pages` and `fetched` tell what was asked for; `faults` are unreadable keys."""

    def __init__(self, files: dict[str, bytes] | None = None, page_size: int = 1000) -> None:
        self.uri = "s3://logs/some/prefix"
        self.files = dict(files or {})
        self.faults: set[str] = set()
        self.pages = 0
        self.fetched: list[str] = []
        self._page_size = page_size

    def page(self, after: str) -> tuple[list[Found], bool]:
        self.pages += 1
        keys = sorted(key for key in self.files if key > after)
        page = [self._found(key) for key in keys[: self._page_size]]
        return page, len(keys) > self._page_size

    def fetch(self, key: str) -> bytes:
        self.fetched.append(key)
        if key in self.faults:
            raise Unreadable(f"no right to read {key}")
        return self.files[key]

    def open(self, key: str) -> BinaryIO:
        return io.BytesIO(self.fetch(key))

    def _found(self, key: str) -> Found:
        data = self.files[key]
        return Found(key, len(data), hashlib.sha256(data).hexdigest())
