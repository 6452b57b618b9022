"""Downloads one list over HTTP, saying what it already has.

The user's key travels in a header of its own, never in a URL, and is not sent on to another host.
"""

from collections.abc import Callable
from dataclasses import dataclass

import urllib3
from urllib3 import BaseHTTPResponse, Retry, Timeout
from urllib3.exceptions import HTTPError

from conf.errors import AntipodeError
from enrichment.feed import Feed
from enrichment.feed_store import Kept

# Called with the feed's name, the bytes received and those expected (None where not told).
Progress = Callable[[str, int, int | None], None]

USER_AGENT = "antipode (threat detection; feeds update)"
TIMEOUT = Timeout(connect=10, read=60)
PIECE = 1 << 16
# The longest of the lists, Private Relay's, is some 15 MB.
LONGEST = 256 << 20
PASSING_FAULTS = (502, 503, 504)
NOT_MODIFIED = 304
PAUSE = 0.5  # seconds, doubled each time a passing fault is tried again


class DownloadError(AntipodeError):
    """A list could not be brought; the message names the feed and why."""


@dataclass(frozen=True)
class Answer:
    """What the keeper sent, and how to ask whether it is still the same."""

    url: str
    body: bytes
    etag: str
    last_modified: str


def fetch(feed: Feed, key: str, kept: Kept | None, progress: Progress) -> Answer | Kept:
    """Download a list; raises DownloadError. Returns `kept` where that is still the newest."""
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", **feed.headers}
    redirects = 3
    if feed.key_header:
        headers[feed.key_header] = key
        redirects = 0
    retries = Retry(
        total=3,
        redirect=redirects,
        status_forcelist=PASSING_FAULTS,
        allowed_methods=None,
        backoff_factor=PAUSE,
        raise_on_status=False,
        respect_retry_after_header=False,  # a keeper that says "in an hour" is asked in an hour
    )
    try:
        with urllib3.PoolManager(retries=retries, timeout=TIMEOUT) as pool:
            url = _located(pool, feed, headers)
            conditions = _conditions(kept, url)
            response = _ask(pool, feed, url, headers | conditions)
            try:
                if kept and conditions and response.status == NOT_MODIFIED:
                    return kept
                return _answer(feed, url, response, progress)
            finally:
                response.release_conn()
    except HTTPError as error:
        reason = f"{type(error).__name__}: {error}"[:300]
        raise DownloadError(f"feed {feed.name}: {feed.url} could not be read: {reason}") from error


def _located(pool: urllib3.PoolManager, feed: Feed, headers: dict[str, str]) -> str:
    """Return where the list is: the feed's URL, or what the page there links to."""
    if feed.locate is None:
        return feed.url
    page = pool.request("GET", feed.url, headers=headers)
    _expect_ok(feed, feed.url, page)
    try:
        return feed.locate(page.data)
    except ValueError as error:
        raise DownloadError(f"feed {feed.name}: {feed.url}: {error}") from error


def _ask(
    pool: urllib3.PoolManager, feed: Feed, url: str, headers: dict[str, str]
) -> BaseHTTPResponse:
    method = "GET" if feed.post is None else "POST"
    return pool.request(method, url, body=feed.post, headers=headers, preload_content=False)


def _answer(feed: Feed, url: str, response: BaseHTTPResponse, progress: Progress) -> Answer:
    _expect_ok(feed, url, response)
    return Answer(
        url=url,
        body=_body(feed, response, progress),
        etag=response.headers.get("ETag", ""),
        last_modified=response.headers.get("Last-Modified", ""),
    )


def _conditions(kept: Kept | None, url: str) -> dict[str, str]:
    """Return the headers that ask for the list only if it is another than the one kept."""
    if kept is None or kept.url != url:
        return {}
    conditions = {"If-None-Match": kept.etag, "If-Modified-Since": kept.last_modified}
    return {name: value for name, value in conditions.items() if value}


def _expect_ok(feed: Feed, url: str, response: BaseHTTPResponse) -> None:
    if response.status != 200:
        raise DownloadError(f"feed {feed.name}: {url} answered with status {response.status}")


def _body(feed: Feed, response: BaseHTTPResponse, progress: Progress) -> bytes:
    told = response.headers.get("Content-Length", "")
    plain = "Content-Encoding" not in response.headers
    expected = int(told) if plain and told.isdecimal() else None
    pieces: list[bytes] = []
    received = 0
    for piece in response.stream(PIECE, decode_content=True):
        pieces.append(piece)
        received += len(piece)
        if received > LONGEST:
            raise DownloadError(f"feed {feed.name}: longer than {LONGEST >> 20} MiB: not a list")
        progress(feed.name, received, expected)
    return b"".join(pieces)
