"""The exits of the Tor network, as the Tor Project measures them.

Two forms are published and both are read: blocks with a line `ExitAddress ADDRESS DATE TIME`
(https://check.torproject.org/exit-addresses) and one address a line
(https://check.torproject.org/torbulkexitlist).
"""

from datetime import timedelta

from enrichment.feed import Entry, Feed, lines

BLOCK_KEYWORDS = ("ExitNode ", "Published ", "LastStatus ")
EXIT = "ExitAddress "


def parse(data: bytes) -> list[Entry]:
    """Read either form."""
    wanted = (line for line in lines(data) if not line.startswith(BLOCK_KEYWORDS))
    return [Entry(line.split()[1] if line.startswith(EXIT) else line, "tor") for line in wanted]


FEED = Feed(
    name="tor_exits",
    url="https://check.torproject.org/exit-addresses",
    parse=parse,
    categories=("tor",),
    weight=0.8,
    least_interval=timedelta(hours=1),
    terms="published by the Tor Project for this use",
)
