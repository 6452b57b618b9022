"""Apple's iCloud Private Relay: the addresses it hands to people. CSV: cidr, country, region, city.

The place in the list is the one that the person chose to show, not where the person is.
"""

from datetime import timedelta

from enrichment.feed import Entry, Feed, lines


def parse(data: bytes) -> list[Entry]:
    """Read the first column."""
    return [Entry(line.partition(",")[0], "relay") for line in lines(data)]


FEED = Feed(
    name="icloud_private_relay",
    url="https://mask-api.icloud.com/egress-ip-ranges.csv",
    parse=parse,
    categories=("relay",),
    weight=0.0,
    least_interval=timedelta(hours=24),
    terms="published by Apple for this use",
)
