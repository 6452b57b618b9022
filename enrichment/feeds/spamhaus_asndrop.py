"""Spamhaus ASN-DROP: autonomous systems run by criminals. NDJSON, metadata last."""

from datetime import timedelta

from enrichment.feed import Feed
from enrichment.feed_spamhaus import TERMS, parse_numbers

FEED = Feed(
    name="spamhaus_asndrop",
    url="https://www.spamhaus.org/drop/asndrop.json",
    parse=parse_numbers,
    categories=("drop",),
    weight=0.9,
    least_interval=timedelta(hours=12),
    terms=TERMS,
)
