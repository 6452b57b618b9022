"""X4BNet: networks of commercial VPNs. CIDR lines."""

from datetime import timedelta

from enrichment.feed import Entry, Feed, lines


def parse(data: bytes) -> list[Entry]:
    """Read one block a line."""
    return [Entry(line, "vpn") for line in lines(data)]


FEED = Feed(
    name="x4bnet_vpn",
    url="https://raw.githubusercontent.com/X4BNet/lists_vpn/main/output/vpn/ipv4.txt",
    parse=parse,
    categories=("vpn",),
    weight=0.4,
    least_interval=timedelta(hours=12),
    terms="MIT",
)
