"""What a file in `enrichment/feeds/` holds: where a list of addresses comes from, and how it reads.

    def parse(data: bytes) -> list[Entry]:
        return [Entry(line, "vpn") for line in lines(data)]

    FEED = Feed(name="x4bnet_vpn", url="https://...", parse=parse, categories=("vpn",),
                weight=0.5, least_interval=timedelta(hours=12), terms="MIT")

A parser is pure and only takes the text apart: whether an entry is a network at all is judged once,
for every feed, in `enrichment/feed_list.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import NamedTuple

from conf import plugins
from enrichment import feeds

# What being on a list says of an address.
CATEGORIES = {
    "tor": "exit of the Tor network",
    "drop": "network held by criminals: accept nothing from it",
    "attack": "seen attacking others",
    "botnet": "command server of malware",
    "vpn": "exit of a commercial VPN",
    "relay": "exit of a privacy relay: not where the person is, and not malicious",
    "hosting": "data centre",
    "cloud": "public cloud",
}


class Entry(NamedTuple):
    """One line of a list."""

    network: str  # an address, a CIDR block, or `AS` and the number of an autonomous system
    category: str  # a key of CATEGORIES


@dataclass(frozen=True)
class Feed:
    """One list that others publish.

    `name`            the file's name; what a hit is reported under.
    `url`             where to download it.
    `parse`           the list's bytes -> entries; raises ValueError, KeyError or TypeError when the
                      bytes are not in the list's format.
    `categories`      those that its entries may have.
    `weight`          0..1: how much a hit says about the address being misused.
    `least_interval`  its keeper asks not to download it more often than this.
    `terms`           the licence or terms of use, in a few words.
    `post`            the body of a POST request; None: GET.
    `headers`         further request headers.
    `key_header`      the request header that carries the user's key; None: no key is needed.
    `locate`          when `url` is a page that links to the list: page -> the list's URL.
    """

    name: str
    url: str
    parse: Callable[[bytes], list[Entry]]
    categories: tuple[str, ...]
    weight: float
    least_interval: timedelta
    terms: str
    post: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    key_header: str | None = None
    locate: Callable[[bytes], str] | None = None


def known() -> dict[str, Feed]:
    """Return every feed by name: one for each file in `enrichment/feeds/`."""
    found: dict[str, Feed] = {}
    for name in plugins.names(feeds):
        feed = plugins.load(feeds, name).FEED
        found[name] = feed
    return found


def lines(data: bytes) -> list[str]:
    """Return the lines of a plain-text list without comments (`#` or `;`) and blank ones."""
    text = data.decode("utf-8-sig")
    bare = (line.split("#", 1)[0].split(";", 1)[0].strip() for line in text.splitlines())
    return [line for line in bare if line]
