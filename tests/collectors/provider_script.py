"""A provider that answers as a test says, behind the real HTTP layer of the collectors."""

import importlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from collectors.budget import Budget
from collectors.contract import Collector, Cursor, Page, Stream
from collectors.exchange import Line
from collectors.http import AccountHttp
from collectors.response import Response
from collectors.sign_in_call import Call
from collectors.told import Told

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@dataclass
class Asked:
    """A request as the provider saw it."""

    method: str
    address: str  # without query
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


def answered(
    document: Any = b"", status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """An answer; anything but bytes is written as JSON."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Response(status, headers or {"content-type": "application/json"}, body, "the log")


Answer = Callable[[Asked], Response | None]


@dataclass
class Script:
    """Sends what it is asked to functions, the first of which that does not return None answers.

    Tokens are handed out to whoever asks for one, with any of the ways to sign in.
    """

    answers: Sequence[Answer]
    calls: list[Asked] = field(default_factory=list)
    sign_ins: list[Asked] = field(default_factory=list)

    def send(self, call: Call) -> Response:
        parts = urlsplit(call.url)
        asked = Asked(
            call.method,
            f"{parts.scheme}://{parts.netloc}{parts.path}",
            dict(parse_qsl(parts.query)),
            dict(call.headers),
            call.body or b"",
        )
        if call.method == "POST" and "token" in parts.path.rsplit("/", 1)[-1]:
            self.sign_ins.append(asked)
            granted = {"access_token": "granted", "token": "granted", "expires_in": 3600}
            return answered({**granted, "expires_at": "2026-03-09T13:00:00Z"})
        self.calls.append(asked)
        found = (answer(asked) for answer in self.answers)
        return next(answer for answer in found if answer is not None)


@dataclass
class Provider:
    """A collector and the script it talks to."""

    collector: Collector
    script: Script
    http: AccountHttp

    def stream(self, name: str) -> Stream:
        return next(stream for stream in self.collector.streams if stream.name == name)

    def pages(
        self, stream: str, since: Cursor | None = None, until: datetime = NOW
    ) -> Iterator[Page]:
        begin = since or Cursor(NOW - HOUR)
        return self.collector.pages(self.http, self.stream(stream), begin, until)

    def records(self, stream: str, since: Cursor | None = None) -> list[Any]:
        """All records of a window, read."""
        return [record for page in self.pages(stream, since) for record in records(page)]


def records(page: Page) -> list[Any]:
    return [json.loads(line) for line in page.body.splitlines()]


def provider(source: str, account: dict[str, Any], *answers: Answer) -> Provider:
    """Return a provider's collector over a script, its quota unlimited."""
    module = importlib.import_module(f"collectors.providers.{source}")
    collector = module.Collector(module.Account(**account))
    script = Script(answers)
    line = Line("acme", source, script, Budget(collector.limits, 1.0), Clock(), Told())
    return Provider(collector, script, AccountHttp(line, collector, collector.account.base_url))


def in_turn(*answers: Response) -> Answer:
    """Answer call after call with these; a further call is a fault of the test's subject."""
    left = list(answers)
    return lambda asked: left.pop(0)


@cache
def private_key() -> str:
    """An RSA key (PEM), made once for all tests of a process."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def claims(token: str) -> dict[str, Any]:
    """What a JWT says; its signature is that of `private_key`."""
    public = load_pem_private_key(private_key().encode(), None).public_key()
    options: Any = {"verify_aud": False, "verify_exp": False, "verify_iat": False}
    found: dict[str, Any] = jwt.decode(token, public, algorithms=["RS256"], options=options)
    return found
