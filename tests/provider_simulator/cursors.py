"""Opaque cursors: a few whole numbers, readable by nobody but the simulator that wrote them."""

import base64
import zlib

from provider_simulator.exchange import Refused


def written(*numbers: int) -> str:
    """Return the numbers as text that stands in an address without being escaped."""
    text = ".".join(map(str, numbers)).encode()
    return base64.urlsafe_b64encode(text + b"." + b"%08x" % zlib.crc32(text)).decode().rstrip("=")


def read(cursor: str, count: int) -> list[int]:
    """Return the `count` numbers of a cursor; refuses one that was not written here."""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).rsplit(b".", 1)
        numbers = [int(number) for number in text[0].split(b".")]
        if len(numbers) != count or int(text[1], 16) != zlib.crc32(text[0]):
            raise ValueError
    except (ValueError, IndexError):
        raise Refused("bad_request", "the cursor is none of ours") from None
    return numbers
