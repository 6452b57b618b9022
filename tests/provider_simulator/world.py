"""All providers and tenants of a simulator, and how a call to one of them is answered."""

import hashlib
from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from provider_simulator import provider as definitions
from provider_simulator.account import Account, Log
from provider_simulator.clock import DAY, Clock, http_date
from provider_simulator.exchange import Answer, Call, Refused
from provider_simulator.faults import Faults, Rule
from provider_simulator.ledger import Ledger
from provider_simulator.limits import Limit, Limits, Usage
from provider_simulator.provider import Provider, Route
from provider_simulator.records import Series
from provider_simulator.signin import Keys, Tokens
from provider_simulator.timeline import LatePeriod, Timeline

HTML = b"<!DOCTYPE html><html><head><title>%d</title></head><body><h1>Be right back</h1></body>"


@dataclass
class Settings:
    """What can be changed while the simulator runs."""

    events_per_day: int = 1_000  # of each tenant with each provider
    latency: float = 0.0  # seconds that each answer takes
    limits: float = 1.0  # times the provider's own; 0: none
    token_seconds: float | None = None  # instead of the provider's own
    clock_off: dict[str, int] = field(default_factory=dict)  # provider -> milliseconds
    late: dict[str, list[LatePeriod]] = field(default_factory=dict)  # provider ("" all) -> when


class World:
    """The simulated providers. `origin` is the moment of the first event of every log."""

    def __init__(self, seed: int, origin: int | None = None, history_days: float = 7.0) -> None:
        self.seed, self.clock = seed, Clock()
        begin = self.clock.now() - round(history_days * DAY)
        self.origin = begin // DAY * DAY if origin is None else origin
        self.keys, self.tokens = Keys(), Tokens(seed)
        self.initial = Settings()  # what a reset goes back to
        self.logs = lru_cache(maxsize=20_000)(self._log)
        self.reset()

    def reset(self) -> None:
        """Forget what was served, struck and set; logs and tokens stay as they are."""
        self.clock.reset()
        self.settings, self.ledger = deepcopy(self.initial), Ledger()
        self.faults, self.limits = Faults(), Limits()
        self._memory: dict[tuple[str, str], dict[str, Any]] = {}
        self._pages: dict[tuple[str, str, str, str], Answer] = {}
        self.logs.cache_clear()

    def now(self, provider: str) -> int:
        """Return the time by a provider's own clock, in milliseconds."""
        off = self.settings.clock_off
        return self.clock.now() + off.get(provider, off.get("", 0))

    def account(self, provider: Provider, tenant: str) -> Account:
        seconds = self.settings.token_seconds or provider.token_seconds
        return Account(
            *(provider, tenant, self.keys, self.tokens, seconds),
            lambda name: self.logs(provider.name, tenant, name),
            self._memory.setdefault((provider.name, tenant), {}),
        )

    def _log(self, provider: str, tenant: str, name: str) -> Log:
        definition = definitions.known()[provider]
        stream = definition.streams[name]
        digest = hashlib.sha256(f"{self.seed}/{provider}/{tenant}/{name}".encode()).digest()
        key = int.from_bytes(digest[:8], "big")
        whole = sum(other.share for other in definition.streams.values())
        per_day = max(1, round(self.settings.events_per_day * stream.share / whole))
        late = [*self.settings.late.get("", []), *self.settings.late.get(provider, [])]
        timeline = Timeline(key, self.origin, per_day, stream.lag, late, stream.batches)
        return Log(name, stream, Series(tenant, name, key), timeline)

    def answer(self, provider: Provider, tenant: str, call: Call) -> Answer:
        """Answer a call; what goes out whole is booked when `sent` is told so."""
        try:
            route, groups = provider.route(call)
        except Refused as refused:
            return self._dated(call, provider.refuse(refused, call))
        cursor = self._cursor(provider, route, call)
        rule = self.faults.strike(
            provider.name, tenant, route.kind, has_cursor=bool(cursor), pages=route.pages
        )
        account = self.account(provider, tenant)
        answer = self._instead(rule, provider, account, call)
        if answer is None:
            if rule and rule.fault == "empty_page":
                call = replace(call, empty_page=True)
            answer = self._regular(provider, account, route, call, groups)
            if route.pages:
                key = provider.name, tenant, route.path.pattern
                answer = self._again(rule, key, cursor, answer)
            answer = self._on_the_way(rule, answer)
        answer.delay += self.settings.latency
        return self._dated(call, answer)

    def sent(self, provider: Provider, tenant: str, answer: Answer) -> None:
        """Book an answer that went out."""
        self.ledger.answers[provider.name, answer.status] += 1
        if not answer.broken:
            for served in answer.served:
                self.ledger.mark(provider.name, tenant, served)

    def _regular(
        self,
        provider: Provider,
        account: Account,
        route: Route,
        call: Call,
        groups: tuple[str, ...],
    ) -> Answer:
        limits = (provider.limit(call, route), provider.daily if route.kind == "log" else None)
        headers: dict[str, str] = {}
        try:
            if usages := self._used(provider, account, call, limits):
                # Of several limits the headers tell of the one of which the least is left.
                usage = min(usages, key=lambda one: (one.remaining / one.limit.calls, -one.reset))
                headers = provider.limit_headers(usage, call)
                if usage.exceeded:
                    raise Refused("too_many", retry_after=usage.reset)
            answer = route.answer(call, account, *groups)
        except Refused as refused:
            answer = provider.refuse(refused, call)
        answer.headers = headers | answer.headers
        return answer

    def _used(
        self, provider: Provider, account: Account, call: Call, limits: Iterable[Limit | None]
    ) -> list[Usage]:
        """Count a call under each limit that there is."""
        part, key = self.settings.limits, (provider.name, account.tenant)
        return [
            self.limits.count(
                key, replace(limit, calls=max(1, round(limit.calls * part))), call.now
            )
            for limit in limits
            if limit is not None and part
        ]

    def _instead(
        self, rule: Rule | None, provider: Provider, account: Account, call: Call
    ) -> Answer | None:
        """Return what a fault puts in the place of an answer."""
        if rule is None:
            return None
        match rule.fault:
            case "too_many":
                wait = rule.settings["retry_after"]
                answer = provider.refuse(Refused("too_many", retry_after=wait or 1), call)
                answer.headers.pop("Retry-After", None)
                if wait is not None:
                    answer.headers["Retry-After"] = str(wait)
                return answer
            case "server_error":
                return provider.refuse(
                    Refused("server_error", status=rule.settings["status"]), call
                )
            case "html":
                status = rule.settings["status"]
                return Answer(status, HTML % status, content_type="text/html; charset=utf-8")
            case "expired_token":
                token = call.headers.get("Authorization", "").partition(" ")[2]
                account.tokens.revoke(provider.name, account.tenant, token.strip())
                return provider.refuse(Refused("unauthorized", "the token has expired"), call)
            case "expired_cursor":
                return provider.refuse(Refused("expired_cursor"), call)
            case "reset":
                return Answer(broken="reset")
        return None

    @staticmethod
    def _cursor(provider: Provider, route: Route, call: Call) -> str:
        try:
            return provider.cursor(call) if route.pages else ""
        except Refused:  # of a body that is none: its endpoint will say so
            return ""

    def _again(
        self, rule: Rule | None, endpoint: tuple[str, str, str], cursor: str, answer: Answer
    ) -> Answer:
        """Serve the page before once more where a fault asks for it, and keep this one.

        That is the page whose next one was asked for now: after it the same cursor is used again.
        """
        wanted = rule is not None and rule.fault == "repeated_page"
        if answer.status == 200 and answer.served and self.faults.remembers(endpoint[0]):
            key = (*endpoint, answer.served[0].stream)
            before = self._pages.get(key)
            if wanted and before is not None and _names(before, cursor):
                return replace(before)
            self._pages[key] = replace(answer)
        if wanted and rule is not None:
            self.faults.missed(rule)
        return answer

    @staticmethod
    def _on_the_way(rule: Rule | None, answer: Answer) -> Answer:
        if rule and rule.fault == "half_body":
            answer.broken = "half_body"
        if rule and rule.fault == "slow":
            answer.delay += float(rule.settings["seconds"])
        return answer

    @staticmethod
    def _dated(call: Call, answer: Answer) -> Answer:
        answer.headers["Date"] = http_date(call.now)
        return answer


def _names(answer: Answer, cursor: str) -> bool:
    """Tell whether an answer leads on to a cursor."""
    return cursor.encode() in answer.body or any(cursor in text for text in answer.headers.values())
