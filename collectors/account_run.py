"""Collects one account: takes its lease, reads its streams side by side, hands the budget on."""

import random
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from collectors import lease, metrics
from collectors.batch import share
from collectors.budget import Budget
from collectors.clock import Clock
from collectors.contract import Account, Collector, Stream
from collectors.errors import Retry, Stop
from collectors.exchange import Line
from collectors.freshness import Freshness
from collectors.http import AccountHttp
from collectors.lease import Held, Lease
from collectors.outcome import AccountKey, Outcome, Span, StreamOutcome, in_words
from collectors.recent import Recent
from collectors.slots import MOST, Slots
from collectors.storing import Place
from collectors.stream_run import StreamRun
from collectors.told import Told
from collectors.transport import Transport
from collectors.windows import FIRST_RUN
from conf.errors import AntipodeError, UsageError
from lake.objects import Objects
from lake.raw import Raw
from lake.streams import Stream as LakeStream

SIDE_BY_SIDE = 4  # streams of one account
REST = timedelta(minutes=10)  # an account that refused us is left alone this long


@dataclass(frozen=True)
class Asked:
    """How far a run goes.

    `deadline`  when it is to end; None: when all is read.
    `first`     where streams begin that were never read; the account's own `since` goes before.
    `always`    read the whole lag again, whatever the account says.
    `insist`    try also an account that refused us a moment ago.
    `again`     spans that are to be read again.
    """

    deadline: datetime | None = None
    first: datetime | None = None
    always: bool = False
    insist: bool = False
    again: Sequence[Span] = ()


@dataclass
class _Reached:
    """What a process keeps of an account between two runs: its token, what is left of its quota."""

    account: Account
    collector: Collector
    budget: Budget
    slots: Slots
    freshness: Freshness


class AccountRuns:
    """Runs accounts, one call each. Make one for a process: it keeps tokens and connections."""

    def __init__(self, raw: Raw, objects: Objects, transport: Transport, clock: Clock) -> None:
        """Use the raw objects, and the objects, of one lake."""
        self._objects, self._raw = objects, raw
        self._transport, self._clock = transport, clock
        self._holder = f"{socket.gethostname()}-{secrets.token_hex(6)}"
        self._kept: dict[AccountKey, _Reached] = {}
        self._recent = Recent()
        self._under_way: set[LakeStream] = set()
        self._slots = Slots(MOST, busy=lambda: len(self._under_way))

    def run(
        self,
        key: AccountKey,
        account: Account,
        collector: Callable[[Account], Collector],
        asked: Asked,
    ) -> Outcome:
        """Collect what is new of an account.

        Whatever goes wrong with the account is not raised, but told in the outcome and the log.
        """
        told = Told(tenant=key.tenant, source=key.source, account=key.name, run=_short())
        reached = self._reach(key, account, collector)
        try:
            chosen = chosen_streams(reached.collector.streams, account, key)
            held = lease.acquire(
                self._objects, lease.key_of(*_parts(key)), self._holder, self._clock.now()
            )
        except (Held, AntipodeError) as error:
            return Outcome(key, [_failed(StreamOutcome("*"), error, told)])
        if (resting := _resting(held, self._clock.now())) and not asked.insist:
            held.release(held.state)
            return Outcome(key, [resting])
        reached.budget.restore(held.state.get("budget", {}))
        outcome = Outcome(key)
        try:
            run = self._prepared(key, reached, held, told, asked)
            with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(chosen))) as pool:
                outcome.streams = list(pool.map(run, chosen))
            reached.freshness.tell(key)
        finally:
            held.release(_left(reached.budget, outcome, self._clock.now()))
        return outcome

    def _reach(
        self, key: AccountKey, account: Account, collector: Callable[[Account], Collector]
    ) -> _Reached:
        kept = self._kept.get(key)
        if kept is None or kept.account != account:  # the configuration may have changed
            made = collector(account)
            budget = Budget(made.limits, account.share, account.quota)
            slots = Slots(budget.at_once(account.at_once) - 1, above=self._slots)
            kept = _Reached(account, made, budget, slots, Freshness())
            self._kept[key] = kept
        return kept

    def _prepared(
        self, key: AccountKey, reached: _Reached, held: Lease, told: Told, asked: Asked
    ) -> Callable[[Stream], StreamOutcome]:
        alone = threading.Lock()

        def alive() -> None:
            with alone:
                held.renew(self._clock.now(), {"budget": reached.budget.saved()})

        def run(stream: Stream) -> StreamOutcome:
            line = Line(
                key.tenant,
                key.source,
                self._transport,
                reached.budget,
                self._clock,
                told.with_(stream=stream.name),
                alive=alive,
            )
            place = Place(
                self._objects, self._raw, key.stream(stream), stream, self._clock, line.told
            )
            place.deadline, place.alive, place.recent = asked.deadline, alive, self._recent
            place.most, place.slots = lambda: share(len(self._under_way)), reached.slots
            http = AccountHttp(line, reached.collector, reached.account.base_url)
            work = StreamRun(place, reached.collector, http)
            self._under_way.add(place.key)
            try:
                return self._outcome(work, reached, asked)
            finally:
                self._under_way.discard(place.key)

        return run

    def _outcome(self, work: StreamRun, reached: _Reached, asked: Asked) -> StreamOutcome:
        place, account = work.place, reached.account
        began = self._clock.now()
        first = account.since or asked.first or began - FIRST_RUN
        outcome = StreamOutcome(place.stream.name)
        try:
            work.run(first, asked.always or account.reread == "always")
            for span in asked.again:
                if span.stream == place.stream.name:
                    outcome.rereading = True
                    work.reread(span.since, span.until)
        except Exception as error:
            _failed(outcome, error, place.told)
        stored = work.stored
        outcome.records, outcome.objects = stored.records, stored.objects
        outcome.stored_bytes, outcome.until = stored.stored_bytes, stored.until
        labels = (place.key.tenant, place.key.source)
        metrics.RECORDS.labels(*labels).inc(stored.records)
        reached.freshness.note(place.stream.name, stored.until, work.began or first)
        seconds = round((self._clock.now() - began).total_seconds(), 3)
        place.told.info(
            "collected", records=stored.records, bytes=stored.stored_bytes, seconds=seconds
        )
        return outcome


def chosen_streams(streams: Sequence[Stream], account: Account, key: AccountKey) -> list[Stream]:
    """Return the streams that an account names, else all. Raises UsageError."""
    known = {stream.name: stream for stream in streams}
    unknown = sorted(set(account.streams) - known.keys())
    if unknown:
        raise UsageError(
            f"{key}: unknown stream {', '.join(unknown)}; known: {', '.join(sorted(known))}"
        )
    return [stream for stream in streams if not account.streams or stream.name in account.streams]


def _failed(outcome: StreamOutcome, error: Exception, told: Told) -> StreamOutcome:
    """Note in the outcome what went wrong, and log it as loud as it deserves."""
    outcome.error = type(error).__name__
    labels = (told.fields["tenant"], told.fields["source"])
    if isinstance(error, Held):
        told.debug("somebody else collects this account")
        return outcome
    metrics.FAILED.labels(*labels, outcome.error).inc()
    outcome.detail = in_words(error)
    if isinstance(error, Retry):
        outcome.after = error.after.total_seconds() if error.after else None
        told.warning("ended early", error=outcome.error, what=outcome.detail)
    else:
        told.error("failed", error=outcome.error, what=outcome.detail)
    return outcome


def _resting(held: Lease, now: datetime) -> StreamOutcome | None:
    """Return what refused us a moment ago: asking on would only lock the account."""
    rest = held.state.get("rest")
    if not rest or now >= datetime.fromisoformat(rest["until"]):
        return None
    return StreamOutcome("*", error="Stop", detail=rest["detail"])


def _left(budget: Budget, outcome: Outcome, now: datetime) -> dict[str, Any]:
    state: dict[str, Any] = {"budget": budget.saved()}
    stopped = [one for one in outcome.streams if one.error == Stop.__name__]
    if stopped and len(stopped) == len(outcome.streams):
        state["rest"] = {"until": (now + REST).isoformat(), "detail": stopped[0].detail}
    return state


def _parts(key: AccountKey) -> tuple[str, str, str]:
    return key.tenant, key.source, key.name


def _short() -> str:
    return f"{random.getrandbits(32):08x}"
