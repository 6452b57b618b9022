"""X4BNet: networks of data centres, where people do not sit. CIDR lines."""

from datetime import timedelta

from enrichment.feed import Entry, Feed, lines


def parse(data: bytes) -> list[Entry]:
    """Read one block a line."""
    return [Entry(line, "hosting") for line in lines(data)]


FEED = Feed(
    name="x4bnet_datacenter",
    url="https://raw.githubusercontent.com/X4BNet/lists_vpn/main/output/datacenter/ipv4.txt",
    parse=parse,
    categories=("hosting",),
    weight=0.3,
    least_interval=timedelta(hours=12),
    terms="MIT",
)
