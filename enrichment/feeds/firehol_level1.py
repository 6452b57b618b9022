"""FireHOL level 1: networks that have no business on the internet. CIDR lines and `#` comments.

The list also names bogons (private, reserved and documentation blocks), meant for a firewall's
outer side. An internal address is not an attacker, so these are taken out.
"""

import ipaddress
from datetime import timedelta

from enrichment.feed import Entry, Feed, lines

# The IANA registry of special-purpose IPv4 blocks, with multicast and the reserved end.
BOGONS = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)


def parse(data: bytes) -> list[Entry]:
    """Read the blocks that lie outside of all bogons."""
    return [Entry(line, "attack") for line in lines(data) if not _is_bogon(line)]


def _is_bogon(line: str) -> bool:
    network = ipaddress.IPv4Network(line, strict=False)
    return any(network.subnet_of(bogon) for bogon in BOGONS)


FEED = Feed(
    name="firehol_level1",
    url="https://iplists.firehol.org/files/firehol_level1.netset",
    parse=parse,
    categories=("attack",),
    weight=0.7,
    least_interval=timedelta(hours=6),
    terms="each list it is made of has its own; see iplists.firehol.org",
)
