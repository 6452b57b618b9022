"""Brings the lists of `enrichment/feeds/` from those who publish them.

A list is swapped in only when it reads as its format says, is not empty and is at least half as
long as the former one; whatever goes wrong with one feed is named in its result, leaves the former
list in use, and does not stop the others. A keeper is not asked more often than it allows, and is
asked with ETag and Last-Modified so that an unchanged list is not sent again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from conf.errors import Damaged, UsageError
from conf.settings import Settings
from enrichment import feed_download, feed_list, feed_store
from enrichment.feed import Feed, known
from enrichment.feed_download import DownloadError, Progress
from enrichment.feed_store import Kept

LEAST_SHARE = 0.5

Status = Literal["updated", "unchanged", "too_soon", "no_key", "failed"]


@dataclass(frozen=True)
class FeedResult:
    """What became of one feed. `entries` and `as_of` are those of the list now in use, if any."""

    name: str
    status: Status
    detail: str = ""
    entries: int = 0
    as_of: datetime | None = None


def update(
    settings: Settings,
    names: Iterable[str] | None = None,
    *,
    now: datetime,
    progress: Progress | None = None,
    keys: Mapping[str, str] | None = None,
    force: bool = False,
    feeds: Mapping[str, Feed] | None = None,
) -> list[FeedResult]:
    """Bring the named feeds, or all, and return what became of each, in the order of their names.

    `keys` holds the user's key by feed name (default: those in `settings`).
    `progress(name, received, expected)` is told of bytes. `force` accepts a list that shrank by
    more than half, and asks for it anew without ETag; the least interval holds all the same.
    Raises UsageError for a name that is no feed.
    """
    offered = known() if feeds is None else feeds
    chosen = sorted(offered if names is None else set(names))
    unknown = [name for name in chosen if name not in offered]
    if unknown:
        raise UsageError(
            f"no feed is called {unknown[0]!r}; those known are {', '.join(sorted(offered))}"
        )
    keys = _keys(settings) if keys is None else keys
    bring = _Bring(feed_store.folder(settings), now, progress or _silent, force)
    return [bring(offered[name], keys.get(name, "")) for name in chosen]


@dataclass(frozen=True)
class _Bring:
    """Brings one feed: what is the same for all feeds of one update."""

    folder: Path
    now: datetime
    progress: Progress
    force: bool

    def __call__(self, feed: Feed, key: str) -> FeedResult:
        former = feed_store.find_or_none(self.folder, feed.name)
        if feed.key_header and not key:
            return _result(feed, "no_key", former, f"set ANTIPODE_{feed.name.upper()}_KEY")
        if former and self.now < former.checked + feed.least_interval:
            wait = f"its keeper allows one download in {feed.least_interval}"
            return _result(feed, "too_soon", former, wait)
        try:
            return self._download(feed, key, former)
        except (DownloadError, Damaged, OSError) as error:
            detail = str(error)
            return _result(feed, "failed", former, detail.replace(key, "***") if key else detail)

    def _download(self, feed: Feed, key: str, former: Kept | None) -> FeedResult:
        intact = None if self.force else self._intact(former)
        answer = feed_download.fetch(feed, key, intact, self.progress)
        if isinstance(answer, Kept):
            checked = answer.model_copy(update={"checked": self.now})
            feed_store.note(self.folder, feed.name, checked)
            return _result(feed, "unchanged", checked)
        listed = feed_list.read(feed, answer.body)
        if former and not self.force and listed.entries < LEAST_SHARE * former.entries:
            raise Damaged(
                f"feed {feed.name}: {listed.entries} entries, less than half of the former "
                f"{former.entries}. If that is right, bring it with `--force`."
            )
        kept = Kept(
            file="",
            sha256="",
            url=answer.url,
            as_of=self.now,
            checked=self.now,
            entries=listed.entries,
            etag=answer.etag,
            last_modified=answer.last_modified,
        )
        return _result(feed, "updated", feed_store.swap(self.folder, feed.name, answer.body, kept))

    def _intact(self, former: Kept | None) -> Kept | None:
        """Return the former list unless its file is damaged: then it must be sent again."""
        if former is None:
            return None
        try:
            feed_store.data(self.folder, former)
        except Damaged:
            return None
        return former


def _keys(settings: Settings) -> dict[str, str]:
    return {"threatfox": settings.threatfox_key.get_secret_value()}


def _result(feed: Feed, status: Status, in_use: Kept | None, detail: str = "") -> FeedResult:
    if in_use is None:
        return FeedResult(feed.name, status, detail)
    return FeedResult(feed.name, status, detail, in_use.entries, in_use.as_of)


def _silent(_name: str, _received: int, _expected: int | None) -> None:
    """Report nothing."""
