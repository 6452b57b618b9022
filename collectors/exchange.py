"""One request and its repetitions: what every request of an account goes through."""

import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from collectors import metrics
from collectors.backoff import delay, retry_after
from collectors.budget import Budget
from collectors.clock import Clock
from collectors.contract import Collector
from collectors.errors import CollectError, Retry, Skip, Stop
from collectors.response import Response
from collectors.sign_in_call import Call
from collectors.told import Told
from collectors.transport import Torn, Transport, place
from collectors.verdict import Verdict, verdict

ATTEMPTS = 6  # of one request; the sixth comes some 15 s after the first
PATIENCE = 60.0  # seconds; whoever is told to wait longer ends the run instead
_SLACK = 30.0  # seconds of jitter on top of it
_REMEDIES = {
    400: "check the fields of this account in the configuration",
    401: "check the secret or key of this account",
    403: "grant the scope, role or licence that reading the log needs",
}
_REQUEST_IDS = (
    *("x-okta-request-id", "x-request-id", "request-id", "x-github-request-id"),
    *("x-amzn-requestid", "x-ms-request-id", "x-slack-req-id", "x-zm-trackingid"),
)


@dataclass
class Line:
    """What the requests of one account share.

    `told`   logs with tenant and source; `tenant` and `source` label the metrics.
    `alive`  called before and while there is something to wait for: the account's lease is
             renewed then. Raises when it was lost.
    """

    tenant: str
    source: str
    transport: Transport
    budget: Budget
    clock: Clock
    told: Told
    chance: random.Random = field(default_factory=random.Random)
    alive: Callable[[], None] = lambda: None


class Exchange:
    """One request of an account."""

    def __init__(self, line: Line, collector: Collector, expected: frozenset[int]) -> None:
        """`expected`: statuses that are answers to use, whatever they usually mean."""
        self._line, self._collector, self._expected = line, collector, expected
        self._id = secrets.token_hex(4)
        self._attempt = 0
        self._renewed = False

    def answer(self, call: Call) -> Response:
        """Return the answer to use; raises Retry, Skip or Stop when there is none."""
        while True:
            signed = self._signed(call)
            found = self._once(signed)
            if found is None:
                continue
            decided = self._judged(found)
            if decided is Verdict.USE:
                return found
            if decided is Verdict.SIGN_IN and self._renews(signed):
                self._told("signing in again", found)
            elif decided is Verdict.AGAIN:
                self._wait_after(found)
            else:
                raise self._refused(found, decided)

    def _renews(self, refused: Call) -> bool:
        """Tell whether to sign in again: once, and whenever another request has done so since."""
        if not self._collector.sign_in.forget(refused.headers):
            return True
        first, self._renewed = not self._renewed, True
        return first

    def _judged(self, found: Response) -> Verdict:
        for name, means in (("busy", Verdict.AGAIN), ("expired", Verdict.SIGN_IN)):
            says = getattr(self._collector, name, None)
            if says is not None and says(found.status, found.body):
                return means
        return verdict(found, self._expected)

    def _signed(self, call: Call) -> Call:
        now = self._line.clock.now()
        headers = self._collector.sign_in.headers(call, now, self._unsigned)
        return replace(call, headers={**call.headers, **headers})

    def _unsigned(self, call: Call) -> Response:
        """Send a request for a token: tried again like any other; any other status comes back."""
        asked = Exchange(self._line, self._collector, frozenset())
        while True:
            found = asked._once(call)
            if found is None:
                continue
            if verdict(found, ()) is not Verdict.AGAIN:
                return found
            asked._wait_after(found)

    def _once(self, call: Call) -> Response | None:
        """Send a request when the budget allows; None when it is to be sent again."""
        budget, clock = self._line.budget, self._line.clock
        self._wait(budget.take(clock.now()), "the budget")
        # What another request of the account was told meanwhile holds for this one, too.
        while budget.closed_for(clock.now()) > 0:
            budget.give_back()
            self._wait(budget.take(clock.now()), "the budget")
        self._line.alive()
        try:
            found = self._line.transport.send(replace(call, arriving=self._line.alive))
        except Torn as torn:
            self._again(f"{place(call)}: {torn}", None)
            return None
        self._count(found)
        budget.heed(found.headers, clock.now())
        return found

    def _wait_after(self, found: Response) -> None:
        now = self._line.clock.now()
        asked = retry_after(found.headers, now)
        if asked is not None and found.status in (403, 429, 503):
            self._line.budget.close(now + timedelta(seconds=asked))
        what = "HTML in place of an answer" if found.status < 300 else f"status {found.status}"
        self._again(f"{found.place}: {what}", asked, of_all=self._too_many(found))

    def _too_many(self, found: Response) -> bool:
        busy = getattr(self._collector, "busy", None)
        return found.status == 429 or (busy is not None and busy(found.status, found.body))

    def _again(self, what: str, asked: float | None, of_all: bool = False) -> None:
        """Wait before the next attempt; `of_all`: the account's other requests wait as long."""
        seconds = delay(self._attempt, self._line.chance)
        self._attempt += 1
        if asked is not None:
            seconds += asked  # jitter on top: all streams of the account were told the same
        if self._attempt >= ATTEMPTS or (asked or 0.0) > PATIENCE:
            after = timedelta(seconds=asked) if asked is not None else None
            raise Retry(f"{what}, {self._attempt} times; the next run tries again.", after)
        metrics.RETRIES.labels(self._line.tenant, self._line.source).inc()
        self._line.told.warning(
            "trying again",
            request=self._id,
            what=what,
            attempt=self._attempt,
            seconds=round(seconds, 1),
        )
        if of_all:
            self._line.budget.close(self._line.clock.now() + timedelta(seconds=seconds))
        self._wait(seconds, what)

    def _wait(self, seconds: float, what: str) -> None:
        if seconds <= 0:
            return
        if seconds > PATIENCE + _SLACK:
            self._line.budget.give_back()
            after = timedelta(seconds=seconds)
            raise Retry(f"Waiting for {what} would take {seconds:.0f} s.", after)
        metrics.WAITED.labels(self._line.tenant, self._line.source).inc(seconds)
        self._line.alive()
        self._line.clock.sleep(seconds)

    def _refused(self, found: Response, decided: Verdict) -> CollectError:
        if decided is Verdict.SKIP:
            metrics.SKIPPED.labels(self._line.tenant, self._line.source).inc()
            self._told("not there", found)
            return Skip(f"{found.place}: {found.status}, it is not there (any more).")
        remedy = self._collector.remedy(found.status, found.body) or _REMEDIES.get(
            found.status, "look this status up in the provider's documentation"
        )
        return Stop(f"{found.place}: refused with status {found.status}: {remedy}.")

    def _count(self, found: Response) -> None:
        line = self._line
        metrics.REQUESTS.labels(line.tenant, line.source, str(found.status)).inc()
        self._told("answer", found)

    def _told(self, message: str, found: Response) -> None:
        self._line.told.debug(
            message,
            request=self._id,
            place=found.place,
            status=found.status,
            bytes=len(found.body),
            provider_request=_request_id(found.headers),
        )


def _request_id(headers: Mapping[str, str]) -> str | None:
    return next((headers[name][:100] for name in _REQUEST_IDS if name in headers), None)
