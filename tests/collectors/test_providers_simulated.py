"""Every provider against its simulation: whole logs, from every cursor, through every fault."""

import importlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import mapped_uids
import pytest
from provider_simulator import accounts as simulated_account
from provider_simulator.accounts import ACCOUNTS, STREAMS
from provider_simulator.client import Simulator, running
from provider_simulator.provider import known

from collectors.budget import Budget
from collectors.contract import Collector, Cursor, Page, Stream
from collectors.errors import Retry
from collectors.exchange import Line
from collectors.http import AccountHttp
from collectors.storing import Place
from collectors.stream_run import StreamRun
from collectors.told import Told
from collectors.transport import Connections
from lake.folder import FolderObjects
from lake.raw import Raw
from lake.streams import Stream as LakeStream

START = datetime(2026, 10, 1, tzinfo=UTC)
NOON = datetime(2026, 10, 3, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KEPT = {"github": 6 * DAY}  # where it is less than the three weeks of the simulation
FAULTS = (
    *("too_many", "server_error", "html", "half_body", "reset"),
    *("expired_token", "expired_cursor", "repeated_page", "empty_page"),
)


@pytest.fixture(scope="module")
def _simulator() -> Iterator[Simulator]:
    options = ("--seed", "11", "--origin", START.isoformat(), "--limits", "0")
    with running(*options, "--events-per-day", "1000") as simulator:
        yield simulator


@pytest.fixture
def simulator(_simulator: Simulator) -> Iterator[Simulator]:
    _simulator.set_clock(NOON, running=False)
    yield _simulator
    _simulator.reset()


class Clock:
    """The simulator's clock, which stands still unless somebody sleeps or waits."""

    def __init__(self, simulator: Simulator) -> None:
        self.simulator, self.time = simulator, NOON

    def now(self) -> datetime:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.simulator.set_clock(self.time)

    def wait(self, span: timedelta) -> None:
        self.sleep(span.total_seconds())


@dataclass
class Customer:
    """One account, and the lake into which it is collected."""

    source: str
    collector: Collector
    http: AccountHttp
    clock: Clock
    objects: FolderObjects

    def pages(self, stream: Stream, since: Cursor, until: datetime) -> list[Page]:
        return list(self.collector.pages(self.http, stream, since, until))

    @property
    def streams(self) -> list[Stream]:
        """The streams that are simulated."""
        names = STREAMS.get(self.source)
        return [one for one in self.collector.streams if names is None or one.name in names]

    def run(self, first: datetime) -> None:
        """Collect all streams once, as the runner does; what ends a run early is for the next."""
        raw = Raw(self.objects)
        for stream in self.streams:
            key = LakeStream("acme", self.source, stream.name)
            place = Place(self.objects, raw, key, stream, self.clock, Told())
            with suppress(Retry):
                StreamRun(place, self.collector, self.http).run(first, always=False)

    def stored(self) -> set[str]:
        raw = Raw(self.objects)
        found = [(raw.read(key), key.rsplit(".", 2)[1]) for key in raw.all_objects("acme")]
        return uids_of(self.source, found)


@pytest.fixture
def customer(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Callable[..., Customer]]:
    connections = Connections()
    hide = simulated_account.in_environment(monkeypatch.setenv)

    def open_account(source: str, tenant: str = "acme") -> Customer:
        module = importlib.import_module(f"collectors.providers.{source}")
        fields = simulated_account.account(simulator, source, tenant, hide)
        collector = module.Collector(module.Account(**fields))
        # The simulator's own limits are off; ours would only make the clock run.
        limits = replace(collector.limits, requests=1_000_000, also=())
        clock = Clock(simulator)
        line = Line("acme", source, connections, Budget(limits, 1.0), clock, Told())
        http = AccountHttp(line, collector, fields["base_url"])
        return Customer(source, collector, http, clock, FolderObjects(tmp_path / "lake"))

    yield open_account
    connections.close()


def uids_of(source: str, objects: Iterable[tuple[bytes, str]]) -> set[str]:
    found = mapped_uids.uids(source, objects)
    # Of a row of a log file the simulation tells the request, without the hash of the row.
    return {uid.partition("/")[0] for uid in found} if source == "salesforce" else found


def truth(simulator: Simulator, source: str, since: datetime, published: datetime) -> set[str]:
    window = {"since": simulated(since), "until": simulated(published)}
    return {event["uid"] for event in simulator.truth(source, "acme", **window)}


def every_fault(simulator: Simulator, source: str) -> None:
    simulator.fault("late", provider=source, share=0.1)  # three days
    for number, name in enumerate(FAULTS):
        # A token that ends twice is to be renewed by a person, a page that stays empty is the last.
        count = 1 if name in ("expired_token", "empty_page", "repeated_page") else 3
        simulator.fault(name, provider=source, count=count, probability=0.5, seed=number)


def simulated(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_every_simulated_provider_is_collected_here():
    assert set(ACCOUNTS) == set(known())


@pytest.mark.parametrize("source", sorted(ACCOUNTS))
def test_the_whole_log_is_read_and_from_the_cursor_of_every_page_the_rest(
    source: str, customer: Callable[..., Customer], simulator: Simulator
):
    # Some pages in four hours; box and dropbox read whatever they still have.
    rates = {"box": 800, "dropbox": 800, "onelogin": 1_200, "cloudtrail": 1_200, "m365": 4_000}
    simulator.set(events_per_day=rates.get(source, 20_000))
    found = customer(source)
    uids: set[str] = set()
    for stream in found.streams:
        begin = Cursor(NOON - 4 * HOUR)
        pages = found.pages(stream, begin, NOON)
        uids |= uids_of(source, [(page.body, page.form) for page in pages])
        whole = {line for page in pages for line in page.body.splitlines()}
        read: set[bytes] = set()
        for page in pages[:4]:
            read |= set(page.body.splitlines())
            cursor = replace(page.cursor, since=begin.since, until=NOON)
            rest = found.pages(stream, cursor, NOON)
            assert read | {line for one in rest for line in one.body.splitlines()} == whole
    assert truth(simulator, source, NOON - 4 * HOUR, NOON) <= uids


@pytest.mark.parametrize("source", sorted(ACCOUNTS))
def test_nothing_is_lost_through_faults_and_late_events(
    source: str, customer: Callable[..., Customer], simulator: Simulator
):
    simulator.set(events_per_day=120)
    found = customer(source)
    first = NOON - DAY
    every_fault(simulator, source)
    for _ in range(3):
        found.run(first)
        found.clock.wait(40 * MINUTE)
    assert simulator.totals()["faults"] > 3
    simulator.end_faults()
    found.run(first)
    now = found.clock.now()
    if source != "salesforce":  # whose list of files is empty without saying that more follows
        assert truth(simulator, source, first, now - MINUTE) <= found.stored()
    found.clock.wait(3 * DAY + 2 * HOUR)
    found.run(first)
    found.clock.wait(DAY)
    found.run(first)
    assert truth(simulator, source, first, now + 3 * DAY) <= found.stored()


@pytest.mark.parametrize("source", sorted(ACCOUNTS))
def test_a_first_run_over_weeks_misses_nothing_through_faults(
    source: str, customer: Callable[..., Customer], simulator: Simulator
):
    found = customer(source)
    if all(stream.settled is None for stream in found.streams):
        return  # read in order, as tested above
    simulator.set(events_per_day=60)
    found.clock.wait(20 * DAY)
    start = found.clock.now()
    first = max(START, start - KEPT.get(source, 30 * DAY))
    every_fault(simulator, source)
    for span in (*[40 * MINUTE] * 3, 3 * DAY + 2 * HOUR, DAY):
        found.run(first)
        found.clock.wait(span)
    simulator.end_faults()
    found.run(first)
    assert truth(simulator, source, first, start + 3 * DAY) <= found.stored()


@pytest.mark.parametrize("source", sorted(ACCOUNTS))
def test_a_past_hour_can_be_read_again_without_what_is_kept(
    source: str, customer: Callable[..., Customer], simulator: Simulator
):
    found = customer(source)
    since, until = NOON - 12 * HOUR, NOON - 11 * HOUR
    pages = [
        page
        for stream in found.streams
        for page in found.pages(stream, Cursor(since, until, again=True), until)
    ]
    expected = truth(simulator, source, since, NOON) - truth(simulator, source, until, NOON)
    assert len(expected) > 20
    assert expected <= uids_of(source, [(page.body, page.form) for page in pages])


def test_a_subscription_that_is_missing_is_started(
    customer: Callable[..., Customer], simulator: Simulator
):
    """Of Microsoft 365: from then on everything is gathered."""
    found = customer("m365", "new-acme")
    found.run(NOON - HOUR)
    found.clock.wait(6 * HOUR)
    found.run(NOON - HOUR)
    began = NOON + HOUR  # blobs begun before the subscription may be left out
    window = {"since": simulated(began), "until": simulated(found.clock.now() - MINUTE)}
    expected = {event["uid"] for event in simulator.truth("m365", "new-acme", **window)}
    assert len(expected) > 20
    assert expected <= found.stored()
