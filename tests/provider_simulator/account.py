"""What one provider knows of one tenant: its logs, its secrets and its tokens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from provider_simulator.exchange import Call, Refused, Served
from provider_simulator.provider import Provider, Stream
from provider_simulator.records import Series
from provider_simulator.signin import Keys, Tokens
from provider_simulator.timeline import Slice, Timeline

Keep = Callable[[Slice], list[bool]]


@dataclass(frozen=True)
class Page:
    """Records of a log, as bytes, and where the next page begins."""

    lines: list[bytes]
    slice: Slice
    served: list[Served]
    next: tuple[int, ...] | None  # None: there are no more


@dataclass(frozen=True)
class Log:
    """One log of the account."""

    name: str
    stream: Stream
    series: Series
    timeline: Timeline

    def page(self, slice_: Slice, following: tuple[int, ...] | None) -> Page:
        lines = self.stream.template.render(self.series, slice_)
        return Page(lines, slice_, [Served(self.name, slice_.numbers)], following)

    def uids(self, slice_: Slice) -> list[list[str]]:
        """Return the ids that the events of each record will have in `events`."""
        lines = self.stream.template.render(self.series, slice_)
        pairs = zip(lines, slice_.numbers, strict=True)
        return [self.stream.uids(line, self.series, number) for line, number in pairs]


@dataclass(frozen=True)
class Account:
    """A tenant's account with a provider."""

    provider: Provider
    tenant: str
    keys: Keys
    tokens: Tokens
    token_seconds: float
    log: Callable[[str], Log]
    memory: dict[str, Any]  # what the tenant has changed with the provider

    def secret(self, name: str) -> str:
        return self.tokens.secret(self.provider.name, self.tenant, name)

    def sign_in(self, now: int) -> str:
        """Return a new token."""
        return self.tokens.issue(self.provider.name, self.tenant, now, self.token_seconds)

    def check_token(self, token: str, now: int) -> None:
        if not self.tokens.good(self.provider.name, self.tenant, token, now):
            raise Refused("unauthorized", "the token is unknown or has expired")

    def check_client(self, client_id: str, client_secret: str) -> None:
        """Refuse a client that does not know the account's secret."""
        if (client_id, client_secret) != (self.client_id, self.secret("client")):
            raise Refused("bad_credentials", "client_id or client_secret is wrong")

    @property
    def client_id(self) -> str:
        return f"client-{self.tenant}"

    def range(self, call: Call, log: Log, since: int | None, until: int | None) -> tuple[int, int]:
        """Return the numbers of the events from `since` to before `until` that are still kept."""
        kept = call.now - log.stream.look_back
        first = log.timeline.first_at(kept if since is None else max(since, kept))
        return first, log.timeline.first_at(call.now + 1 if until is None else until)

    def ascending(
        self,
        call: Call,
        log: Log,
        numbers: tuple[int, int],
        limit: int,
        keep: Keep | None = None,
    ) -> Page:
        """Return the first events of a range; the next page begins with the number in `next`.

        What `keep` is false for is left out of the page, which may then be empty.
        """
        first, end = numbers
        if call.empty_page:
            return log.page(Slice([], [], [], more=True), (first, end))
        found = log.timeline.by_time(first, end, call.now, limit)
        following = (found.numbers[-1] + 1, end) if found.more else None
        return log.page(found.only(keep(found)) if keep else found, following)

    def descending(
        self,
        call: Call,
        log: Log,
        numbers: tuple[int, int],
        limit: int,
        keep: Keep | None = None,
    ) -> Page:
        """Return the last events of a range, newest first; the next page ends before `next`."""
        first, end = numbers
        if call.empty_page:
            return log.page(Slice([], [], [], more=True), (first, end))
        found = log.timeline.by_time(first, end, call.now, limit, newest_first=True)
        following = (first, found.numbers[-1]) if found.more else None
        return log.page(found.only(keep(found)) if keep else found, following)

    def published(
        self,
        call: Call,
        log: Log,
        after: tuple[int, int],
        limit: int,
        window: tuple[int, int] | None = None,
    ) -> Page:
        """Return events in the order of their publication, from after a (moment, number).

        `window` bounds when they happened. `next` is where to go on, also where there are no more
        yet.
        """
        if call.empty_page:
            return log.page(Slice([], [], [], more=True), after)
        found = log.timeline.by_publication(after, call.now, limit, window)
        last = (found.published[-1], found.numbers[-1]) if found.numbers else after
        return log.page(found, last)
