"""The format of the Spamhaus DROP lists: an object a line, the last one `"type": "metadata"`."""

import json
from collections.abc import Iterator
from typing import Any

from enrichment.feed import Entry

TERMS = "free of charge; credit Spamhaus; at most one download in 12 hours"


def parse_networks(data: bytes) -> list[Entry]:
    """Read lines such as `{"cidr": "192.0.2.0/24", "sblid": "SBL1", "rir": "ripencc"}`."""
    return [Entry(record["cidr"], "drop") for record in _records(data)]


def parse_numbers(data: bytes) -> list[Entry]:
    """Read lines such as `{"asn": 64496, "rir": "arin", "domain": "example.net", "cc": "US"}`."""
    return [Entry(f"AS{int(record['asn'])}", "drop") for record in _records(data)]


def _records(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the entries. A list cut short lacks the metadata line, which counts them."""
    records = [json.loads(line) for line in data.splitlines() if line.strip()]
    if not records or records[-1].get("type") != "metadata":
        raise ValueError("no metadata line at the end: the list is cut short")
    yield from records[:-1]
