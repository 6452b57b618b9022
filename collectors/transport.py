"""Sends one request over the network: connections shared by a whole process, nothing tried again.

urllib3, because gevent's patched sockets are all that it waits on. One TLS context serves all
connections: each of its own would hold the certificates of every authority again.
"""

import ssl
from collections.abc import Callable
from datetime import timedelta
from typing import Protocol
from urllib.parse import urlsplit

import urllib3

from collectors.response import Response
from collectors.sign_in_call import Call

LARGEST_BODY = 512 * 1024 * 1024  # bytes; a larger answer is a mistake, and would fill the memory
_BLOCK = 1 << 16


class Torn(Exception):
    """No whole answer came. The message names what happened, never what was sent."""


class Transport(Protocol):
    """Sends a request and returns the answer, whatever its status. Raises Torn."""

    def send(self, call: Call) -> Response:
        """Send a request."""
        ...


class Connections:
    """The connections of a process, kept open between requests; safe for many threads."""

    def __init__(
        self,
        *,
        hosts: int = 64,
        each: int = 16,
        connect: timedelta = timedelta(seconds=10),
        read: timedelta = timedelta(seconds=60),
    ) -> None:
        """Keep at most `each` connections to each of the `hosts` that were used last."""
        self._pools = urllib3.PoolManager(
            num_pools=hosts,
            maxsize=each,
            block=False,
            retries=False,
            timeout=urllib3.Timeout(connect.total_seconds(), read.total_seconds()),
            ssl_context=ssl.create_default_context(),
            headers={"User-Agent": "antipode", "Accept-Encoding": "gzip, deflate"},
        )

    def send(self, call: Call) -> Response:
        """Send a request; raises Torn when no whole answer came."""
        headers = {**self._pools.headers, **call.headers}
        try:
            answer = self._pools.request(
                call.method,
                call.url,
                body=call.body,
                headers=headers,
                redirect=False,
                preload_content=False,
            )
            try:
                body = _whole(answer, call.arriving)
            finally:
                answer.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as error:
            # Their text may hold the whole address; its query is nobody's business.
            raise Torn(f"no whole answer ({type(error).__name__})") from None
        found = {name.lower(): value for name, value in answer.headers.itermerged()}
        return Response(answer.status, found, body, place(call))

    def close(self) -> None:
        """Close every connection."""
        self._pools.clear()


def _whole(answer: urllib3.BaseHTTPResponse, arriving: Callable[[], None]) -> bytes:
    blocks: list[bytes] = []
    size = 0
    for block in answer.stream(_BLOCK):
        blocks.append(block)
        size += len(block)
        if size > LARGEST_BODY:
            answer.close()
            raise Torn(f"an answer of more than {LARGEST_BODY >> 20} MiB")
        try:
            arriving()
        except BaseException:
            answer.close()  # what is left of it is in nobody's way
            raise
    return b"".join(blocks)


def place(call: Call) -> str:
    """Return method and address without query, as messages name a request."""
    parts = urlsplit(call.url)
    return f"{call.method} {parts.hostname or ''}{parts.path}"
