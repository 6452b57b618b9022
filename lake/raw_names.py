"""How raw objects are named: where from, when, in which form, and whether encrypted."""

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from lake.objects import segment, unsegment
from lake.streams import Stream

ENCRYPTED = ".enc"
_NAME = re.compile(
    r"raw/source=(?P<source>[^/]+)/tenant=(?P<tenant>[^/]+)/date=(?P<day>[^/]+)/hour=[^/]+/"
    r"(?P<stamp>[0-9]{20})-[0-9a-f]{16}-(?P<stream>[^/]+)\.(?P<form>[a-z]+)\.zst(?:\.enc)?"
)


@dataclass(frozen=True)
class RawName:
    """What a raw object's key says: its stream, and the day and time (UTC) it was named at."""

    key: str
    stream: Stream
    day: str  # 2026-01-02
    stamp: str  # 20 digits, in the order of time as text


def parse(key: str) -> RawName | None:
    """Return what a key says, None when no raw object of ours is named so."""
    name = _NAME.fullmatch(key)
    if name is None:
        return None
    parts = (name["tenant"], name["source"], name["stream"])
    return RawName(key, Stream(*map(unsegment, parts)), name["day"], name["stamp"])


def new_key(stream: Stream, form: str, stamp: str, encrypted: bool = False) -> str:
    """Return a new unique key for an object of a stream."""
    folders = f"raw/source={segment(stream.source)}/tenant={segment(stream.tenant)}"
    day = f"date={stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}/hour={stamp[8:10]}"
    name = f"{stamp}-{secrets.token_hex(8)}-{segment(stream.name)}.{form}.zst"
    return f"{folders}/{day}/{name}" + (ENCRYPTED if encrypted else "")


def named_at(key: str) -> str:
    """Return the time in an object's name: UTC, 20 digits, in the order of time as text."""
    return key.rsplit("/", 1)[1].split("-", 1)[0]


def form_of(key: str) -> str:
    """Return the form of an object: ndjson, json, csv or damaged."""
    return compressed_name(key).rsplit(".", 2)[1]


def compressed_name(key: str) -> str:
    """Return the name that an object has once it is decrypted."""
    return key.removesuffix(ENCRYPTED)


def stamp(time: datetime) -> str:
    """Return a time as it stands in names."""
    if time.tzinfo is None:
        raise ValueError("times are given with their zone")
    return time.astimezone(UTC).strftime("%Y%m%d%H%M%S%f")
