"""What a provider's file holds, and what it may rely on.

A provider is one file, `collectors/providers/<source>.py`; nothing else names it. The file's name
is the source (the same as in `schemas/sources/<source>_v1.py`). It holds two classes:

    class Account(contract.Account):          # what the configuration says of one account
        base_url: str = "https://api.example.com"
        token: Secret                         # a reference such as env:NAME, never the secret

    class Collector:
        streams = (Stream("log", lag=timedelta(hours=2), look_back=timedelta(days=90)),)
        limits = Limits(60, per=timedelta(minutes=1))

        def __init__(self, account: Account) -> None:
            self.account = account
            self.sign_in = StaticToken(account.token)          # collectors/sign_in.py

        def pages(self, http, stream, since, until):
            token = since.page.get("token")
            while True:
                window = {"from": since.since.isoformat(), "to": until.isoformat()}
                answer = http.get("/v1/events", params=window | {"token": token})
                found = answer.decode(_Answer)        # a msgspec.Struct: items: list[msgspec.Raw]
                token = found.next
                yield Page.of(found.items, since.at(token=token))
                if not token:
                    return

        def remedy(self, status, body):
            return "grant the app the scope events:read" if status == 403 else None

It yields pages and owns no storage, cursor, retry, sleep or clock. What `pages` must do:

- Yield every record of [since.since, until), in any order. Records outside, and repeated ones, do
  no harm (repeats are dropped by their id later on); records left out are lost.
- Give each page the cursor from which the rest can be read once this page is stored. When it
  ends, the window is done: the next call's `since.since` is this `until`, less the stream's lag.
- Put into `cursor.page` what is needed to go on within the window (a page token, a next link), and
  into `cursor.kept` what outlives it (a stream position, the ids of blobs already read).
  A run may begin with a `since` that has `page`: go on there, with the same `until`.
  With `since.again` exactly that span is wanted, by time, whatever position is kept.
- Let errors pass. Raise `CursorLost` when the provider refuses the page token or position: the
  window begins anew, without `page` and `kept`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from collectors.account import Account
from collectors.cursor import Cursor
from collectors.quota import Quota
from collectors.response import Response
from collectors.secret import Secret
from collectors.sign_in_call import Call, Send

__all__ = ["Account", "Collector", "Cursor", "Http", "Limits", "Looked", "Page", "Quota"]
__all__ += ["Response", "Secret", "SignIn", "Stream", "utc"]

NDJSON, CSV = "ndjson", "csv"


@dataclass(frozen=True)
class Stream:
    """One log of a provider, with a cursor of its own.

    `name`       such as `log`, `login`, `audit.exchange`.
    `lag`        how late an event may be published: this much is read again at each window's start.
                 Zero when the provider's own cursor misses nothing (it stands in `cursor.kept`).
    `look_back`  how far back the provider keeps, or lets ask; None: without end.
    `window`     the longest span that one call of `pages` is asked for; None: any.
    `settle`     how long before now a window ends: what is newer is asked for next time.
    `settled`    what happened longer ago than this stands for good when asked for by time, or what
                 still comes of it comes by the position: its spans may be read side by side, in
                 any order. At least the lag. None: the past is read in order. Such a span is
                 asked for with `since.again` where the lag is zero, else like a window.
    """

    name: str
    lag: timedelta = timedelta(0)
    look_back: timedelta | None = None
    window: timedelta | None = None
    settle: timedelta = timedelta(0)
    settled: timedelta | None = None


@dataclass(frozen=True)
class Page:
    """Some records, as the provider wrote them.

    `body`         NDJSON: a record a line, each with its own bytes (`Page.of`); or CSV with header.
    `cursor`       safe to resume from once `body` is stored.
    `count`        how many records `body` holds.
    `form`         ndjson or csv.
    `acknowledge`  called once the page is stored and the cursor has moved: to delete a message.
    """

    body: bytes = field(repr=False)
    cursor: Cursor
    count: int
    form: str = NDJSON
    acknowledge: Callable[[], None] | None = None

    @classmethod
    def of(
        cls,
        records: Sequence[Any],
        cursor: Cursor,
        acknowledge: Callable[[], None] | None = None,
    ) -> "Page":
        """Return a page of JSON records, each the bytes (or `msgspec.Raw`) that were received."""
        lines = [bytes(record).replace(b"\n", b" ").replace(b"\r", b" ") for record in records]
        body = b"\n".join([*lines, b""])
        return cls(body, cursor, len(lines), NDJSON, acknowledge)


@dataclass(frozen=True)
class Limits:
    """How many requests an account takes: documented, and as told by `quota` headers if any.

    `also`: further limits that hold at the same time, such as one of a day. Of all of them only the
    share that the configuration grants (half of it by default) is used.
    """

    requests: int
    per: timedelta = timedelta(minutes=1)
    quota: Quota | None = None
    also: tuple["Limits", ...] = ()


@dataclass(frozen=True)
class Looked:
    """What a look at a log saw: records of one page, and what a person should know."""

    records: int
    note: str = ""


class Http(Protocol):
    """Requests to one account, within its budget, signed in, tried again, and told of in the log.

    429, 5xx, time-outs, torn connections, half bodies and HTML in place of an answer are tried
    again, at the pace that the provider asks for; then `Retry` is raised. 401 renews the sign-in
    once; then it, 400, 403 and any other 4xx are `Stop`, with the remedy that the collector knows;
    404 and 410 are `Skip`. A status in `expect` is returned instead.

    `url` is a path below the account's `base_url`, or a whole address. The sign-in goes only to
    the origin of `base_url` and to those in `collector.origins`; any other address is `Stop`.
    Parameters that are None are left out.
    """

    def get(
        self,
        url: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        expect: Iterable[int] = (),
    ) -> Response:
        """Send a GET request."""
        ...

    def post(
        self,
        url: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: Mapping[str, Any] | bytes | None = None,
        expect: Iterable[int] = (),
    ) -> Response:
        """Send a POST request with a JSON body, a form (mapping) or bytes. It may be sent twice."""
        ...

    def get_all(
        self, urls: Iterable[str], width: int = 8, expect: Iterable[int] = ()
    ) -> Iterator[Response | Exception]:
        """Send GET requests, `width` side by side; yield in order the answers, or what they raised.

        For blobs and objects: whoever asks decides by `isinstance(found, Skip)`, raises the rest.
        """
        ...


class SignIn(Protocol):
    """How requests prove who sends them; those that exist are in `collectors/sign_in.py`."""

    def headers(self, call: Call, now: datetime, send: Send) -> Mapping[str, str]:
        """Return the headers that prove it for one request; may ask for a token by `send`."""
        ...

    def forget(self, refused: Mapping[str, str]) -> bool:
        """Drop what the provider refused; False when another request has renewed it since.

        `refused`: the headers of the request.
        """
        ...


class Collector(Protocol):
    """One account of a provider. Made as `Collector(account)`; nothing is sent before `pages`.

    `streams`  the logs that there are; those of the account (`account.streams`) are collected.
    `limits`   of the account, whatever the stream.
    `sign_in`  how its requests prove who sends them.

    More may be there, for those who need it:
    `origins`  further addresses (`https://host`) to which the sign-in may go.
    `busy`, `expired`  `(status, body) -> bool`: this answer means 429, or 401, whatever it says.
    `look`  `(http, stream, since, until) -> Looked`: for those whose `pages` change something at
            the provider; what `antipode check` does instead, and it changes nothing.
    """

    streams: tuple[Stream, ...]
    limits: Limits
    sign_in: SignIn

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        """Yield what the provider has of [since.since, until), page by page."""
        ...

    def remedy(self, status: int, body: bytes) -> str | None:
        """Return what a person must do when the provider refuses: which scope, licence, setting."""
        ...


def utc(time: datetime) -> str:
    """Return a time as providers like it: `2026-01-02T03:04:05.678Z`."""
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
