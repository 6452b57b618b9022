"""Requests to one account of a provider: within its budget, signed in, tried again, told of."""

import json as json_text
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlencode, urlsplit

from collectors.contract import Collector
from collectors.errors import CollectError, Stop
from collectors.exchange import Exchange, Line
from collectors.response import Response
from collectors.sign_in_call import Call
from collectors.transport import place


class AccountHttp:
    """The `Http` of the contract, for one account."""

    def __init__(self, line: Line, collector: Collector, base_url: str) -> None:
        """Send nothing yet."""
        self._line, self._collector, self._base = line, collector, base_url.rstrip("/")
        origins = getattr(collector, "origins", ())
        self._origins = {_origin(address) for address in (base_url, *origins)}

    def get(
        self,
        url: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        expect: Iterable[int] = (),
    ) -> Response:
        """Send a GET request."""
        return self._send(self._call("GET", url, params, headers, None), expect)

    def post(
        self,
        url: str,
        params: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        data: Mapping[str, Any] | bytes | None = None,
        expect: Iterable[int] = (),
    ) -> Response:
        """Send a POST request with a JSON body, a form or bytes."""
        sent = dict(headers or {})
        body = data if isinstance(data, bytes) else b""
        if json is not None:
            body = json_text.dumps(json).encode()
            sent.setdefault("Content-Type", "application/json")
        elif data is not None and not isinstance(data, bytes):
            body = urlencode(_without_none(data)).encode()
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        return self._send(self._call("POST", url, params, sent, body), expect)

    def get_all(
        self, urls: Iterable[str], width: int = 8, expect: Iterable[int] = ()
    ) -> Iterator[Response | Exception]:
        """Send GET requests side by side; yield their answers, or what they raised, in order."""
        expected = frozenset(expect)
        with ThreadPoolExecutor(width) as pool:  # greenlets, where gevent has patched threads
            waiting = []
            for url in urls:
                waiting.append(pool.submit(self._answer_of, url, expected))
                if len(waiting) > width:  # what was not asked for yet costs no memory
                    yield waiting.pop(0).result()
            while waiting:
                yield waiting.pop(0).result()

    def _answer_of(self, url: str, expected: frozenset[int]) -> Response | Exception:
        try:
            return self.get(url, expect=expected)
        except CollectError as error:
            return error

    def _call(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
        body: bytes | None,
    ) -> Call:
        whole = url if "://" in url else f"{self._base}/{url.lstrip('/')}"
        if query := urlencode(_without_none(params or {}), doseq=True):
            whole += ("&" if "?" in whole else "?") + query
        return Call(method, whole, {"Accept": "application/json", **(headers or {})}, body)

    def _send(self, call: Call, expect: Iterable[int]) -> Response:
        if _origin(call.url) not in self._origins:
            raise Stop(
                f"{place(call)}: the provider leads to another host than "
                f"{', '.join(sorted(self._origins))}; the sign-in is not sent there."
            )
        return Exchange(self._line, self._collector, frozenset(expect)).answer(call)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()


def _without_none(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
