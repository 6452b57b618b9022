"""What lists that others publish say of an address.

Only lists that `antipode feeds update` brought are asked; with none there, every address has an
empty list. An address is looked up in every list, and each hit names the list and when it was
brought. Lists of autonomous systems are asked with the network number of the address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from conf.settings import Settings
from enrichment import address_ranges, feed_list, feed_store
from enrichment.address_ranges import Addresses
from enrichment.feed import known
from enrichment.feed_list import FeedList
from schemas.event import EVENT

REPUTATION = EVENT.field("reputation").type
# The kind of network that a category tells, the surest first: a relay's exits lie in data centres.
# A Tor exit hides where the person is as a VPN does.
KIND_OF_CATEGORY = {
    "relay": "relay",
    "vpn": "vpn",
    "tor": "vpn",
    "hosting": "hosting",
    "cloud": "hosting",
}


@dataclass(frozen=True)
class BroughtList:
    """One list in use: what a hit on it reports."""

    name: str
    weight: float
    as_of: datetime
    content: FeedList


class Reputation:
    """Looks up addresses in the lists in `folder`; reads them at first use."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(
        self, addresses: Sequence[str], numbers: pa.ChunkedArray[Any] | None = None
    ) -> pa.Table:
        """Return a table of one column, `reputation`, a row for each address in order.

        `addresses` are canonical texts (what is no address hits nothing); `numbers` an int64
        column of their autonomous system numbers, null or 0 where not known.
        """
        hits = self._address_hits(addresses)
        if numbers is not None:
            hits += self._number_hits(numbers)
        return pa.table({"reputation": _reputation(hits, len(addresses))})

    def kinds(self, addresses: Sequence[str]) -> pa.Array[Any]:
        """Return the kind of network that the lists tell: relay, vpn, hosting or null."""
        order = tuple(KIND_OF_CATEGORY)
        best = np.full(len(addresses), len(order))
        for hit in self._address_hits(addresses, only=order):
            np.minimum.at(best, hit.rows, order.index(hit.category))
        kinds = pa.array([*KIND_OF_CATEGORY.values(), None], type=pa.string())
        return kinds.take(pa.array(best))

    @property
    def build(self) -> str:
        """The lists in use and when each was brought."""
        return ", ".join(f"{use.name} {use.as_of:%Y-%m-%dT%H:%MZ}" for use in self._lists) or "none"

    @cached_property
    def _lists(self) -> list[BroughtList]:
        brought = []
        for name, feed in known().items():
            kept = feed_store.find(self._folder, name)
            if kept is not None:
                content = feed_list.read(feed, feed_store.data(self._folder, kept))
                brought.append(BroughtList(name, feed.weight, kept.as_of, content))
        return brought

    def _address_hits(
        self, addresses: Sequence[str], only: tuple[str, ...] | None = None
    ) -> list[Hit]:
        if not self._lists:
            return []
        packed, valid = address_ranges.pack(addresses)
        rows = np.flatnonzero(valid)
        rows = rows[np.argsort(packed[rows])]
        ascending: Addresses = packed[rows]
        return [
            Hit(use, category, rows[ranges.contain(ascending)])
            for use in self._lists
            for category, ranges in use.content.ranges.items()
            if only is None or category in only
        ]

    def _number_hits(self, numbers: pa.ChunkedArray[Any]) -> list[Hit]:
        values = numbers.to_numpy()  # nulls as NaN, which is in no list
        return [
            Hit(use, category, np.flatnonzero(np.isin(values, members)))
            for use in self._lists
            for category, members in use.content.numbers.items()
        ]


@dataclass(frozen=True)
class Hit:
    """The rows whose address (or network) is on a list in one category."""

    use: BroughtList
    category: str
    rows: NDArray[np.intp]


def open(settings: Settings) -> Reputation:
    """Return the look-up over the feeds kept under `settings.data_dir`."""
    return Reputation(feed_store.folder(settings))


def _reputation(hits: list[Hit], length: int) -> pa.Array[Any]:
    """Turn hits by list into a list of hits by row, in the order of the lists' names."""
    found = [hit for hit in hits if len(hit.rows)]
    rows = np.concatenate([hit.rows for hit in found]) if found else np.zeros(0, dtype=np.intp)
    which = np.repeat(np.arange(len(found)), [len(hit.rows) for hit in found])
    by_row = np.argsort(rows, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=length))])
    described = pa.array(
        [
            {
                "list": hit.use.name,
                "category": hit.category,
                "weight": hit.use.weight,
                "as_of": hit.use.as_of,
            }
            for hit in found
        ],
        type=REPUTATION.value_type,
    )
    values = described.take(pa.array(which[by_row], type=pa.int64()))
    return pa.ListArray.from_arrays(pa.array(offsets, type=pa.int32()), values, type=REPUTATION)
