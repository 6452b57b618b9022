"""The ranges of Google Cloud customers. JSON: `prefixes[]` with `ipv4Prefix` or `ipv6Prefix`."""

import json
from datetime import timedelta

from enrichment.feed import Entry, Feed


def parse(data: bytes) -> list[Entry]:
    """Read both protocols."""
    prefixes = json.loads(data)["prefixes"]
    return [
        Entry(prefix["ipv4Prefix"] if "ipv4Prefix" in prefix else prefix["ipv6Prefix"], "cloud")
        for prefix in prefixes
    ]


FEED = Feed(
    name="google_cloud",
    url="https://www.gstatic.com/ipranges/cloud.json",
    parse=parse,
    categories=("cloud",),
    weight=0.2,
    least_interval=timedelta(hours=24),
    terms="published by Google for this use",
)
