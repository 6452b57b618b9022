"""The ranges of GitHub's own machines, its Actions runners among them. JSON: lists of CIDR blocks.

Beside the lists of blocks, one for each service, the answer holds host keys and domain names.
"""

import json
from datetime import timedelta

from enrichment.feed import Entry, Feed

NOT_NETWORKS = ("ssh_keys", "ssh_key_fingerprints", "domains")


def parse(data: bytes) -> list[Entry]:
    """Read every list of blocks: services share some, a block is kept once."""
    meta = json.loads(data)
    networks = {
        network
        for service, values in meta.items()
        if isinstance(values, list) and service not in NOT_NETWORKS
        for network in values
    }
    return [Entry(network, "cloud") for network in sorted(networks)]


FEED = Feed(
    name="github_meta",
    url="https://api.github.com/meta",
    parse=parse,
    categories=("cloud",),
    weight=0.2,
    least_interval=timedelta(hours=24),
    terms="published by GitHub for this use",
)
