"""The ranges of Amazon Web Services.

JSON: `prefixes[].ip_prefix` and `ipv6_prefixes[].ipv6_prefix`.
"""

import json
from datetime import timedelta

from enrichment.feed import Entry, Feed


def parse(data: bytes) -> list[Entry]:
    """Read both protocols."""
    ranges = json.loads(data)
    networks = [prefix["ip_prefix"] for prefix in ranges["prefixes"]]
    networks += [prefix["ipv6_prefix"] for prefix in ranges["ipv6_prefixes"]]
    return [Entry(network, "cloud") for network in networks]


FEED = Feed(
    name="aws",
    url="https://ip-ranges.amazonaws.com/ip-ranges.json",
    parse=parse,
    categories=("cloud",),
    weight=0.2,
    least_interval=timedelta(hours=24),
    terms="published by Amazon for this use",
)
