"""Plain HTTP, with nothing that hides what a provider answers."""

import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Response:
    status: int
    headers: Message
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


def call(
    method: str,
    address: str,
    body: bytes | None = None,
    query: dict[str, Any] | None = None,
    headers: Mapping[str, str] = {},
) -> Response:
    """Return the answer, whatever its status; underlines in names of headers stand for hyphens."""
    if query:
        address = f"{address}?{urllib.parse.urlencode(query)}"
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    request = urllib.request.Request(address, body, named, method=method)
    try:
        with _OPENER.open(request, timeout=30) as answer:
            return Response(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Response(error.code, error.headers, error.read())


def get(address: str, query: dict[str, Any] | None = None, /, **headers: str) -> Response:
    return call("GET", address, None, query, headers)


def post_form(address: str, fields: dict[str, Any], **headers: str) -> Response:
    headers = {"Content_Type": "application/x-www-form-urlencoded", **headers}
    return call("POST", address, urllib.parse.urlencode(fields).encode(), headers=headers)


def post_json(address: str, document: Any, **headers: str) -> Response:
    headers = {"Content_Type": "application/json", **headers}
    return call("POST", address, json.dumps(document).encode(), headers=headers)


def links(response: Response) -> dict[str, str]:
    """Return the addresses of the headers `Link` (RFC 8288) by their relation."""
    found = {}
    for header in response.headers.get_all("Link", []):
        for link in header.split(", "):
            address, relation = link.split("; ")
            found[relation.removeprefix('rel="').rstrip('"')] = address.strip("<>")
    return found
