"""CINS Army: addresses that sensors of the Sentinel network saw misbehaving, one a line.

It hits the shared addresses of carriers at times, hence the low weight.
"""

from datetime import timedelta

from enrichment.feed import Entry, Feed, lines


def parse(data: bytes) -> list[Entry]:
    """Read one address a line."""
    return [Entry(line, "attack") for line in lines(data)]


FEED = Feed(
    name="cins",
    url="https://cinsscore.com/list/ci-badguys.txt",
    parse=parse,
    categories=("attack",),
    weight=0.2,
    least_interval=timedelta(hours=6),
    terms="free of charge",
)
