"""Whoever waits keeps his lease: for a provider that does not answer, or is slow to."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scripted_log import ScriptedLog
from scripted_server import Answer, running
from stepping_clock import SteppingClock

from collectors import lease
from collectors.account_run import AccountRuns, Asked
from collectors.contract import Account, Cursor, Http, Page, Stream
from collectors.lease import LIFE
from collectors.outcome import AccountKey, Outcome
from collectors.response import Response
from collectors.sign_in_call import Call
from collectors.transport import Connections, Torn
from lake.folder import FolderObjects
from lake.raw import Raw

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
KEY = AccountKey("acme", "scripted")
LEASE = lease.key_of("acme", "scripted", "")
SECOND = timedelta(seconds=1)


class Asking(ScriptedLog):
    """Every page of it is a request over the network."""

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        for _ in range(3):
            http.get("/log")
            yield Page.of([b"{}"], since)


class Watched(FolderObjects):
    """Notes when the lease was written."""

    written: list[datetime]
    clock: SteppingClock

    def put_if(self, key: str, data: bytes, etag: str | None) -> str:
        if key == LEASE:
            self.written.append(self.clock.now())
        return super().put_if(key, data, etag)


class Company:
    def __init__(self, folder: Path) -> None:
        self.clock = SteppingClock(NOON)
        self.objects = Watched(folder)
        self.objects.clock, self.objects.written = self.clock, []

    def run(self, transport: Any, address: str = "http://127.0.0.1") -> Outcome:
        log = Asking(self.clock, Stream("log"))
        runs = AccountRuns(Raw(self.objects), self.objects, transport, self.clock)
        return runs.run(KEY, Account(base_url=address), lambda account: log, Asked())

    @property
    def longest_pause(self) -> timedelta:
        return max(after - before for before, after in itertools.pairwise(self.objects.written))


class Slow:
    """Each request takes as long as `answer` lets pass."""

    def __init__(self, answer: Callable[[Call], Response]) -> None:
        self.send = answer


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def test_through_six_time_outs_and_what_is_waited_between_them(company: Company) -> None:
    def time_out(call: Call) -> Response:
        company.clock.pass_(70 * SECOND)  # to connect, and to wait for the answer
        raise Torn("no whole answer (ReadTimeoutError)")

    outcome = company.run(Slow(time_out))
    assert outcome.streams[0].error == "Retry"
    assert company.clock.now() - NOON > LIFE
    assert company.longest_pause < LIFE


def test_through_waits_that_the_provider_asks_for(company: Company) -> None:
    def busy(call: Call) -> Response:
        company.clock.pass_(60 * SECOND)
        return Response(429, {"retry-after": "60"}, b"", "GET /log")

    company.run(Slow(busy))
    assert company.clock.now() - NOON > LIFE
    assert company.longest_pause < LIFE


def test_while_an_answer_comes_in_bit_by_bit(company: Company) -> None:
    beats = 0
    with running() as server:
        server.answers = [Answer(200, b'{"a": "' + b"x" * (4 << 20) + b'"}')]
        real = Connections()

        def slow(call: Call) -> Response:
            def passes() -> None:
                nonlocal beats
                beats += 1
                company.clock.pass_(20 * SECOND)
                call.arriving()

            return real.send(Call(call.method, call.url, call.headers, call.body, passes))

        outcome = company.run(Slow(slow), server.address)
        real.close()
    assert outcome.failures == []
    assert beats > 3 * 4 * 10
    assert company.longest_pause < LIFE


def test_who_learns_while_waiting_that_it_was_taken_away_stops(company: Company) -> None:
    asked = 0

    def taken(call: Call) -> Response:
        nonlocal asked
        asked += 1
        company.clock.pass_(LIFE / 2)
        company.objects.put(LEASE, b'{"holder": "other"}')
        raise Torn("no whole answer (ReadTimeoutError)")

    outcome = company.run(Slow(taken))
    assert (outcome.streams[0].error, asked) == ("Held", 1)
    assert outcome.failures == []
