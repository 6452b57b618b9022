"""A feed's bytes made searchable: the address ranges and network numbers of each category."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from conf.errors import Damaged
from enrichment import address_ranges
from enrichment.address_ranges import Network, Ranges
from enrichment.feed import Entry, Feed

# One odd line in a list of thousands is its keeper's slip; more means that it is another document.
TOLERATED_SHARE = 0.01


@dataclass(frozen=True)
class FeedList:
    """What a feed lists, by category. `entries` counts what was understood."""

    ranges: Mapping[str, Ranges]
    numbers: Mapping[str, NDArray[np.int64]]
    entries: int


def read(feed: Feed, data: bytes) -> FeedList:
    """Parse and check a list; raises Damaged where it is empty or not in the feed's format."""
    try:
        entries = feed.parse(data)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise Damaged(
            f"feed {feed.name}: not in the format that its parser knows "
            f"({type(error).__name__}: {str(error)[:200]})"
        ) from error
    return _collect(feed, entries)


def _collect(feed: Feed, entries: list[Entry]) -> FeedList:
    networks: defaultdict[str, list[Network]] = defaultdict(list)
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    refused: list[str] = []
    for text, category in entries:
        try:
            if text.startswith("AS"):
                numbers[category].add(int(text[2:]))
            else:
                networks[category].append(address_ranges.network(text))
        except ValueError as error:
            refused.append(str(error))
    if len(refused) > TOLERATED_SHARE * len(entries):
        raise Damaged(
            f"feed {feed.name}: {len(refused)} of {len(entries)} entries are not networks"
            f", such as: {refused[0][:120]}"
        )
    if not entries:
        raise Damaged(f"feed {feed.name}: the list is empty")
    return FeedList(
        ranges={category: address_ranges.merge(found) for category, found in networks.items()},
        numbers={
            category: np.array(sorted(found), dtype=np.int64) for category, found in numbers.items()
        },
        entries=len(entries) - len(refused),
    )
