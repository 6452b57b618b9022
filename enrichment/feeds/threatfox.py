"""abuse.ch ThreatFox: addresses shared as indicators of compromise in the last seven days.

The answer also holds domains, URLs and hashes: only those of the type `ip:port` are taken.
A free key from https://auth.abuse.ch/ is needed.
"""

import json
from datetime import timedelta

from enrichment.feed import Entry, Feed

BOTNET_THREATS = ("botnet_cc",)


def parse(data: bytes) -> list[Entry]:
    """Read the answer of the query `get_iocs`."""
    answer = json.loads(data)
    if answer["query_status"] != "ok":
        raise ValueError("the answer's query_status is not ok: is the key right?")
    return [
        Entry(_address(record["ioc"]), _category(record))
        for record in answer["data"]
        if record["ioc_type"] == "ip:port"
    ]


def _address(indicator: str) -> str:
    """Take the port off `192.0.2.1:443` or `[2001:db8::1]:443`."""
    return indicator.rpartition(":")[0].strip("[]")


def _category(record: dict[str, str]) -> str:
    return "botnet" if record["threat_type"] in BOTNET_THREATS else "attack"


FEED = Feed(
    name="threatfox",
    url="https://threatfox-api.abuse.ch/api/v1/",
    parse=parse,
    categories=("botnet", "attack"),
    weight=0.8,
    least_interval=timedelta(hours=1),
    terms="CC0; fair use with a free key",
    post=b'{"query": "get_iocs", "days": 7}',
    headers={"Content-Type": "application/json"},
    key_header="Auth-Key",
)
