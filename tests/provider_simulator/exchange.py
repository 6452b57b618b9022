"""What a provider is asked and what it answers, free of any HTTP library."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qsl

Why = Literal[
    "bad_credentials",  # a sign-in refused
    "unauthorized",  # no token, or one that is no longer good
    "forbidden",
    "not_found",
    "bad_request",
    "expired_cursor",
    "too_many",
    "server_error",
]


class Refused(Exception):
    """The provider says no; each does it in a form of its own."""

    def __init__(
        self, why: Why, detail: str = "", *, status: int = 500, retry_after: float = 1.0
    ) -> None:
        super().__init__(f"{why}: {detail}")
        self.why: Why = why
        self.detail = detail
        self.status = status  # of a server error
        self.retry_after = retry_after  # seconds until a limit that is used up lets calls through


@dataclass(frozen=True)
class Call:
    """A request. `path` is the provider's own, `base` the address that stands before it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]  # found under any letter case
    body: bytes
    base: str
    now: int  # milliseconds, by the provider's clock
    empty_page: bool = False  # a fault: no records although there are some

    def form(self) -> dict[str, str]:
        """The fields of a body that a form would send."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def json(self) -> dict[str, Any]:
        """The object in the body; refuses anything else."""
        try:
            document = json.loads(self.body or b"{}")
        except ValueError:
            raise Refused("bad_request", "the body is no JSON") from None
        if not isinstance(document, dict):
            raise Refused("bad_request", "the body is no JSON object")
        return document

    def number(self, name: str, default: int, lowest: int, highest: int) -> int:
        """A whole number of the query; refuses what is none or lies outside."""
        text = self.query.get(name, "")
        if not text:
            return default
        if not text.isdigit() or not lowest <= int(text) <= highest:
            raise Refused("bad_request", f"{name}={text}: not from {lowest} to {highest}")
        return int(text)

    def bearer(self, scheme: str = "Bearer") -> str:
        """The token in the header `Authorization`."""
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        if kind.lower() != scheme.lower() or not token.strip():
            raise Refused("unauthorized", f"no {scheme} token")
        return token.strip()


@dataclass(frozen=True)
class Served:
    """The events that an answer hands over."""

    stream: str
    numbers: list[int]


@dataclass
class Answer:
    """A response."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    served: list[Served] = field(default_factory=list)
    # Faults of the way there: seconds to wait, and how the connection ends.
    delay: float = 0.0
    broken: Literal["", "half_body", "reset"] = ""


def json_answer(document: Any, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(document).encode(), headers or {})


def joined(lines: list[bytes], before: str = "[", after: str = "]") -> bytes:
    """Return records as the elements of a list that stands between two pieces of JSON."""
    return b"%s%s%s" % (before.encode(), b",".join(lines), after.encode())
