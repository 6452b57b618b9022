"""Walks the pages of one window of time: the loop that most providers' lists have in common.

Three faults of lists are met here, once for all: an empty page that is followed by others, a page
that comes twice, and a list that leads in a circle.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from collectors.contract import Cursor, Page
from collectors.errors import Retry

REVISITS = 5  # pages asked for once more in one walk before the list is taken for a circle


class Found(NamedTuple):
    """One page of a list: its records as they came, and the token of the page that follows."""

    records: Sequence[Any]
    following: str | None


def walk(since: Cursor, ask: Callable[[str | None], Found]) -> Iterator[Page]:
    """Yield the pages of a window, from the one that `since` names to the last.

    `ask` fetches a page by its token, None for the first. Every page's cursor holds the token of
    the one that follows in `page["token"]`, or that the window is done in `page["done"]`. Raises
    Retry when pages lead back to each other.
    """
    if since.page.get("done"):
        return
    for _, (records, following) in follow(since.page.get("token"), ask):
        if following:
            yield Page.of(records, since.at(token=following))
        elif records:
            yield Page.of(records, since.at(done=True))


def follow(
    token: str | None, ask: Callable[[str | None], Found]
) -> Iterator[tuple[str | None, Found]]:
    """Yield each page of a list, from that of `token` to the last, with its token."""
    asked: set[str | None] = set()
    revisits = 0
    while True:
        revisits += token in asked
        if revisits > REVISITS:
            raise Retry(
                f"The provider's pages lead in a circle ({len(asked)} different ones so far); "
                "the next run asks again from the last one stored."
            )
        asked.add(token)
        found = ask(token)
        yield token, found
        if not found.following:
            return
        token = found.following
