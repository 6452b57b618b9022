"""A trail of CloudTrail against its simulation: files, and a queue that announces them."""

import importlib
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import mapped_uids
import pytest
from provider_simulator import accounts
from provider_simulator.client import Simulator, running
from stepping_clock import SteppingClock

from collectors import contract
from collectors.budget import Budget
from collectors.contract import Cursor
from collectors.errors import Retry, Stop
from collectors.exchange import Line
from collectors.http import AccountHttp
from collectors.storing import Place
from collectors.stream_run import StreamRun
from collectors.told import Told
from collectors.transport import Connections
from lake.folder import FolderObjects
from lake.raw import Raw
from lake.streams import Stream

START = datetime(2026, 10, 3, tzinfo=UTC)
NOON = datetime(2026, 10, 3, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LATE = 6 * HOUR
HIDDEN = 15 * MINUTE  # of a message that was received and not deleted
KEY = Stream("acme", "cloudtrail", "files")
FAULTS = ("too_many", "server_error", "html", "half_body", "reset", "empty_page")


class Clock(SteppingClock):
    """The simulator's clock, which stands still unless somebody sleeps or waits."""

    def __init__(self, simulator: Simulator) -> None:
        super().__init__(NOON)
        self.simulator = simulator

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds)
        self.simulator.set_clock(self.time)


class Trail:
    """An account with a queue, and the lake that its files are collected into."""

    def __init__(self, simulator: Simulator, folder: Path, hide: accounts.Hide) -> None:
        module = importlib.import_module("collectors.providers.cloudtrail")
        fields = accounts.trail(simulator, "acme", hide)
        self.collector = module.Collector(module.Account(**fields))
        self.clock, self.connections = Clock(simulator), Connections()
        budget = Budget(self.collector.limits, 1.0, 1000)
        line = Line("acme", "cloudtrail", self.connections, budget, self.clock, Told())
        self.http = AccountHttp(line, self.collector, self.collector.account.base_url)
        self.objects = FolderObjects(folder)

    @property
    def stream(self) -> contract.Stream:
        (found,) = self.collector.streams
        return found

    def run(self) -> None:
        place = Place(self.objects, Raw(self.objects), KEY, self.stream, self.clock, Told())
        with suppress(Retry):
            StreamRun(place, self.collector, self.http).run(NOON - DAY, always=False)

    def run_until(self, until: datetime, every: timedelta = 20 * MINUTE) -> None:
        while self.clock.now() < until:
            self.run()
            self.clock.sleep(every.total_seconds())

    def stored(self) -> set[str]:
        raw = Raw(self.objects)
        objects = [(raw.read(key), "ndjson") for key in raw.all_objects("acme")]
        return mapped_uids.uids("cloudtrail", objects)


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    options = ("--seed", "11", "--origin", START.isoformat(), "--limits", "0")
    with running(*options, "--events-per-day", "1200") as simulator:
        yield simulator


@pytest.fixture
def trail(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Trail]:
    simulator.set_clock(NOON, running=False)
    found = Trail(simulator, tmp_path / "lake", accounts.in_environment(monkeypatch.setenv))
    yield found
    found.connections.close()
    simulator.reset()


def truth(simulator: Simulator, until: datetime) -> set[str]:
    """All events that were in a file by a moment: they know them before, and write them later."""
    known = (until - 5 * MINUTE - 31 * MINUTE).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {event["uid"] for event in simulator.truth("cloudtrail", "acme", until=known)}


def test_every_file_is_read_and_the_queue_is_empty_then(trail: Trail, simulator: Simulator) -> None:
    trail.run()
    stored = trail.stored()
    assert len(stored) > 500
    assert truth(simulator, NOON) <= stored
    assert trail.collector.look(trail.http, trail.stream, Cursor(NOON), NOON).records == 0
    # What was announced twice, and what was late, comes with time, and nothing again.
    trail.run_until(NOON + 3 * HOUR)
    assert truth(simulator, trail.clock.now()) <= trail.stored()


def test_nothing_is_lost_through_faults_and_late_events(trail: Trail, simulator: Simulator) -> None:
    simulator.fault("late", provider="cloudtrail", share=0.1, seconds=LATE.total_seconds())
    for number, name in enumerate(FAULTS):
        simulator.fault(name, provider="cloudtrail", count=4, probability=0.5, seed=number)
    trail.run_until(NOON + HOUR, 5 * MINUTE)
    assert simulator.totals()["faults"] > 10
    simulator.end_faults()
    trail.run_until(NOON + LATE + 2 * HOUR, HOUR)
    trail.run_until(trail.clock.now() + 2 * HIDDEN)
    assert truth(simulator, trail.clock.now()) <= trail.stored()


def test_who_is_killed_before_it_stores_finds_the_messages_again(
    trail: Trail, simulator: Simulator
) -> None:
    """A message that was not acknowledged comes again, in time; one that was does not."""
    pages = trail.collector.pages(trail.http, trail.stream, Cursor(NOON - DAY), NOON)
    seen = [next(pages) for _ in range(5)]
    assert seen[0].acknowledge is not None
    seen[0].acknowledge()  # and was killed before it was stored, against the order
    del pages
    trail.run()
    missing = truth(simulator, NOON) - trail.stored()
    kept = mapped_uids.uids("cloudtrail", [(seen[0].body, "ndjson")])
    assert missing > set(kept)
    trail.clock.sleep(HIDDEN.total_seconds())
    trail.run()
    assert truth(simulator, NOON) - trail.stored() == set(kept)


def test_who_has_another_key_gets_no_message(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in [name for name in os.environ if name.startswith("SIMULATED_SECRET")]:
        monkeypatch.setenv(variable, "wrong")
    with pytest.raises(Stop, match="refused with status 400"):
        trail.collector.look(trail.http, trail.stream, Cursor(NOON), NOON)
