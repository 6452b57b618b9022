"""Stores the files of network sensors in `raw/` as they came: no mapper reads their records here.

They wait there, pending in streams of their own, for whoever makes connections of them.
"""

import hashlib
import io
import logging
from collections.abc import Iterator
from datetime import datetime

from conf.errors import Damaged
from enrichment.inbox import LogFile
from lake import raw as raw_objects
from lake.decode import decode
from lake.raw import Raw
from lake.streams import Stream

SENSORS = ("suricata", "vpc_flow", "zeek")
STREAM = "files-"
PART_BYTES = 24 * 1024 * 1024  # uncompressed
_log = logging.getLogger("antipode.sensors")


class SensorFiles:
    """Stores files for one tenant. `number` sets its streams apart from others'."""

    def __init__(self, raw: Raw, tenant: str, number: int, now: datetime) -> None:
        self._raw, self._tenant, self._now = raw, tenant, now
        self._name = f"{STREAM}{number}"

    def store(self, file: LogFile) -> bool:
        """Store a file's bytes, uncompressed and compressed anew; tell whether any were new."""
        stream = Stream(self._tenant, file.source, self._name)
        new = False
        for part in _parts(file):
            body = raw_objects.compress(part)
            digest = hashlib.blake2b(body, digest_size=20).hexdigest()
            if self._raw.imported(self._tenant, file.source, digest) is None:
                added = self._raw.append(stream, body, _form(file), self._now, digest=digest)
                self._raw.mark_imported(self._tenant, file.source, digest, {"key": added.key})
                new = True
        return new


def _parts(file: LogFile) -> Iterator[bytes]:
    """Yield a file's text: whole, or if it is large, runs of whole lines under its head each."""
    head: bytes | None = None
    kept = io.BytesIO()
    for block in _blocks(file):
        kept.write(block)
        if kept.tell() < PART_BYTES or _form(file) == "parquet":
            continue
        text = kept.getvalue()
        end = text.rfind(b"\n") + 1
        head = _head(text, file.source) if head is None else head
        if end > len(head):
            yield text[:end]
            kept = io.BytesIO()
            kept.write(head + text[end:])
    if kept.tell() > len(head or b""):
        yield kept.getvalue()


def _blocks(file: LogFile) -> Iterator[bytes]:
    try:
        with file.open() as stream:
            yield from decode(stream, file.name)
    except (Damaged, OSError) as error:
        _log.warning("%s: %s; stored is what could be read.", file.name, error)


def _head(text: bytes, source: str) -> bytes:
    """Return the lines at the top that say what the columns are."""
    end = 0
    if source == "vpc_flow":
        end = text.find(b"\n") + 1
    while text.startswith(b"#", end) and (stop := text.find(b"\n", end)) >= 0:
        end = stop + 1
    return text[:end]


def _form(file: LogFile) -> str:
    if ".parquet" in file.name.rsplit("/", 1)[-1]:
        return "parquet"
    found = file.form or "log"
    return "ndjson" if found == "json" else found
