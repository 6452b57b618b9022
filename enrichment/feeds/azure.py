"""The ranges of Microsoft Azure. JSON: `values[].properties.addressPrefixes[]`.

The file has a new name every week; the download page links to it.
"""

import json
import re
from datetime import timedelta

from enrichment.feed import Entry, Feed

LINK = re.compile(rb"https://download\.microsoft\.com/[\w/.-]+/ServiceTags_Public_\d{8}\.json")


def parse(data: bytes) -> list[Entry]:
    """Read all service tags: they overlap, a block is kept once."""
    tags = json.loads(data)["values"]
    networks = {network for tag in tags for network in tag["properties"]["addressPrefixes"]}
    return [Entry(network, "cloud") for network in sorted(networks)]


def locate(page: bytes) -> str:
    """Return the link to this week's file."""
    found = LINK.search(page)
    if found is None:
        raise ValueError("the download page holds no link to ServiceTags_Public_<date>.json")
    return found[0].decode("ascii")


FEED = Feed(
    name="azure",
    url="https://www.microsoft.com/en-us/download/details.aspx?id=56519",
    parse=parse,
    categories=("cloud",),
    weight=0.2,
    least_interval=timedelta(hours=24),
    terms="published by Microsoft for this use",
    locate=locate,
)
