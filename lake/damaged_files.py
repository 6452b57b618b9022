"""How raw objects keep what could not be decoded of a file: a line of JSON that says what it is,
the text cut off by the damage, then the file's own bytes from where decoding failed.

A large rest lies in several objects. The first is the one record that it is; the others are none.
"""

import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from lake.pieces import Bad

FORM = "damaged"


def written(bad: Bad, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the raw objects, uncompressed, of a bad record.

    `parts` are those of what is kept: the text that was cut off, and at once after it the bytes.
    """
    said = {
        "reason": bad.reason,
        "detail": bad.detail,
        "identity": bad.identity,
        "offset": bad.offset,
        "cut_off": len(bad.record),
    }
    for number, part in enumerate(parts):
        yield json.dumps({"part": number, **said}).encode() + b"\n" + part


def read(stream: BinaryIO) -> Iterator[Bad]:
    """Yield the bad record of such an object; none of one that only goes on with the bytes."""
    said = json.loads(stream.readline())
    if said["part"] == 0:
        record = stream.read(said["cut_off"])
        yield Bad(record, said["reason"], said["detail"], 0, said["offset"], said["identity"])
