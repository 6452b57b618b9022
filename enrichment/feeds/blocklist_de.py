"""blocklist.de: addresses reported for attacks in the last 48 hours, one a line.

It hits the shared addresses of carriers at times, hence the low weight.
"""

from datetime import timedelta

from enrichment.feed import Entry, Feed, lines


def parse(data: bytes) -> list[Entry]:
    """Read one address a line."""
    return [Entry(line, "attack") for line in lines(data)]


FEED = Feed(
    name="blocklist_de",
    url="https://lists.blocklist.de/lists/all.txt",
    parse=parse,
    categories=("attack",),
    weight=0.2,
    least_interval=timedelta(hours=6),
    terms="free of charge",
)
