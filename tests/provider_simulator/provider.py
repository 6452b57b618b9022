"""What makes up a simulated provider. Each lies in a file of its own in `providers/`."""

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from provider_simulator import providers
from provider_simulator.exchange import Answer, Call, Refused, json_answer
from provider_simulator.limits import Limit, Usage
from provider_simulator.records import Series, Template, by_uuid
from provider_simulator.timeline import Batches, Lag

if TYPE_CHECKING:
    from provider_simulator.account import Account

Kind = Literal["sign_in", "log", "other"]


@dataclass(frozen=True)
class Stream:
    """One log of a provider."""

    template: Template
    lag: Lag
    look_back: int  # milliseconds for which the provider keeps an event
    share: float = 1.0  # of the events of its tenant
    batches: Batches | None = None
    # The `metadata.uid` of each event of a record; most have one event.
    uids: Callable[[bytes, Series, int], list[str]] = by_uuid


@dataclass(frozen=True)
class Route:
    """An endpoint. Faults strike those of the kind `log` unless told otherwise."""

    method: str
    path: re.Pattern[str]
    answer: Callable[..., Answer]  # (call, account, *groups of the path)
    kind: Kind = "log"
    limit: Limit | None = None
    pages: bool = True  # a log that comes in pages; false for one file of it

    @classmethod
    def of(
        cls,
        method: str,
        path: str,
        answer: Callable[..., Answer],
        kind: Kind = "log",
        limit: Limit | None = None,
        *,
        pages: bool = True,
    ) -> "Route":
        """`path` may hold `{name}`, which stands for anything without a slash."""
        pattern = re.compile(re.sub(r"{\w+}", "([^/]+)", path))
        return cls(method, pattern, answer, kind, limit, kind == "log" and pages)


@dataclass(frozen=True)
class Provider:
    """A provider: its logs, endpoints, and its ways of saying no."""

    name: str
    streams: Mapping[str, Stream]
    routes: tuple[Route, ...]
    credentials: Callable[["Account", str], dict[str, Any]]  # what a customer is given
    refuse: Callable[[Refused, Call], Answer]
    cursor: Callable[[Call], str]  # the one in a call for a log; nothing where there is none
    limit_headers: Callable[[Usage, Call], dict[str, str]] = field(default=lambda usage, call: {})
    token_seconds: float = 3600.0
    daily: Limit | None = None  # a further limit, of all calls for logs together
    # Some count calls by what is asked for.
    limit: Callable[[Call, Route], Limit | None] = field(default=lambda call, route: route.limit)

    def route(self, call: Call) -> tuple[Route, tuple[str, ...]]:
        for route in self.routes:
            if route.method == call.method and (found := route.path.fullmatch(call.path)):
                return route, found.groups()
        raise Refused("not_found", f"{call.method} {call.path}")


def status_of(refused: Refused) -> int:
    """Return the status that most providers give a refusal."""
    return {
        "bad_credentials": 401,
        "unauthorized": 401,
        "forbidden": 403,
        "not_found": 404,
        "bad_request": 400,
        "expired_cursor": 400,
        "too_many": 429,
        "server_error": refused.status,
    }[refused.why]


def plain_refusal(refused: Refused, document: Any) -> Answer:
    """Return a refusal with the usual status and, for a limit, the header `Retry-After`."""
    headers = {}
    if refused.why == "too_many":
        headers["Retry-After"] = str(max(1, -int(-refused.retry_after // 1)))
    return json_answer(document, status_of(refused), headers)


@cache
def known() -> dict[str, Provider]:
    """Return the providers by name: every module of `providers` has one."""
    names = [found.name for found in pkgutil.iter_modules(providers.__path__)]
    modules = [importlib.import_module(f"{providers.__name__}.{name}") for name in names]
    return {module.PROVIDER.name: module.PROVIDER for module in modules}
