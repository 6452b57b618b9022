"""abuse.ch Feodo Tracker: command servers of banking malware.

Two forms are published and both are read: a JSON array of objects with `ip_address`, and CSV with
`#` comments and a header line naming the column `dst_ip`.
"""

import csv
import json
from datetime import timedelta

from enrichment.feed import Entry, Feed, lines


def parse(data: bytes) -> list[Entry]:
    """Read either form."""
    addresses = _json(data) if data.lstrip().startswith(b"[") else _csv(data)
    return [Entry(address, "botnet") for address in addresses]


def _json(data: bytes) -> list[str]:
    return [record["ip_address"] for record in json.loads(data)]


def _csv(data: bytes) -> list[str]:
    return [row["dst_ip"] for row in csv.DictReader(lines(data))]


FEED = Feed(
    name="feodo",
    url="https://feodotracker.abuse.ch/downloads/ipblocklist.json",
    parse=parse,
    categories=("botnet",),
    weight=0.9,
    least_interval=timedelta(hours=1),
    terms="CC0; fair use",
)
