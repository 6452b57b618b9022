"""Spamhaus DROP, IPv4: networks leased or stolen by criminals. NDJSON, metadata last."""

from datetime import timedelta

from enrichment.feed import Feed
from enrichment.feed_spamhaus import TERMS, parse_networks

FEED = Feed(
    name="spamhaus_drop_v4",
    url="https://www.spamhaus.org/drop/drop_v4.json",
    parse=parse_networks,
    categories=("drop",),
    weight=1.0,
    least_interval=timedelta(hours=12),
    terms=TERMS,
)
