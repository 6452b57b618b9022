"""One span is told that it was too much: then the whole account waits, and nothing is lost."""

import json
import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from collectors.backoff import delay
from collectors.budget import Budget
from collectors.contract import Limits
from collectors.exchange import Line
from collectors.http import AccountHttp
from collectors.providers.okta import Account, Collector
from collectors.response import Response
from collectors.sign_in_call import Call
from collectors.slots import Slots
from collectors.storing import Place
from collectors.stream_run import StreamRun
from collectors.told import Told
from lake.folder import FolderObjects
from lake.raw import Raw
from lake.streams import Stream as LakeStream

NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)
BASE = "https://acme.okta.example"
SPANS = 4
SOON = 10.0  # seconds within which others come that are to come


@dataclass
class Clock:
    """Stands still until all spans sleep, or one has waited long for the others."""

    time: datetime = NOON
    asleep: threading.Barrier = field(default_factory=lambda: threading.Barrier(SPANS))
    told: threading.Event = field(default_factory=threading.Event)
    alone: threading.Lock = field(default_factory=threading.Lock)
    met: bool = False

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        wakes = self.time + timedelta(seconds=seconds)
        self.told.set()
        if not self.met:
            with suppress(threading.BrokenBarrierError):
                self.asleep.wait(SOON)
            self.met = True
        with self.alone:
            self.time = max(self.time, wakes)


@dataclass
class Okta:
    """Two pages for each span; of the first `SPANS` requests, sent together, one is refused."""

    clock: Clock
    refusal: Callable[[], Response]
    together: threading.Barrier = field(default_factory=lambda: threading.Barrier(SPANS))
    sent: list[datetime] = field(default_factory=list)
    alone: threading.Lock = field(default_factory=threading.Lock)

    def send(self, call: Call) -> Response:
        with self.alone:
            self.sent.append(self.clock.now())
            number = len(self.sent)
        if number <= SPANS:
            first = self.together.wait(SOON) == 0
            if first:
                return self.refusal()
            # The others are answered when the account knows.
            assert self.clock.told.wait(SOON)
        return self.page(call)

    @staticmethod
    def page(call: Call) -> Response:
        query = {name: values[0] for name, values in parse_qs(urlsplit(call.url).query).items()}
        since = query["since"]
        event = {"uuid": since + query.get("after", ""), "published": since}
        link = f'<{call.url}&after=1>; rel="next"'
        headers = {} if "after" in query else {"link": link}
        return Response(200, headers, json.dumps([event]).encode())


def too_many(headers: dict[str, str]) -> Callable[[], Response]:
    return lambda: Response(429, headers, b'{"errorCode": "E0000047"}')


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        (
            {
                "x-rate-limit-limit": "120",
                "x-rate-limit-remaining": "0",
                "x-rate-limit-reset": str(int((NOON + timedelta(seconds=7)).timestamp())),
            },
            7.0,
        ),
        ({}, delay(0, random.Random(3))),  # as long as we wait ourselves
    ],
)
def test_no_span_asks_before_the_account_may_again(
    headers: dict[str, str], seconds: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKTA_TOKEN", "secret")
    clock = Clock()
    okta = Okta(clock, too_many(headers))
    collector = Collector(Account(base_url=BASE, token="env:OKTA_TOKEN"))
    budget = Budget(Limits(6000, timedelta(minutes=1), collector.limits.quota), 1.0)
    line = Line("acme", "okta", okta, budget, clock, Told(), random.Random(3))
    objects = FolderObjects(tmp_path / "lake")
    key = LakeStream("acme", "okta", "log")
    place = Place(objects, Raw(objects), key, collector.streams[0], clock, Told())
    place.slots = Slots(SPANS - 1)
    StreamRun(place, collector, AccountHttp(line, collector, BASE)).run(
        NOON - timedelta(hours=2, minutes=10) - SPANS * timedelta(hours=3), always=False
    )
    assert okta.sent[:SPANS] == [NOON] * SPANS
    assert min(okta.sent[SPANS:]) >= NOON + timedelta(seconds=seconds)
    raw = Raw(objects)
    stored = b"".join(raw.read(key) for key in raw.all_objects("acme")).splitlines()
    # The unbounded log at last leads to the same page for ever: it ends there.
    assert len({json.loads(line)["uuid"] for line in stored}) >= 2 * SPANS
