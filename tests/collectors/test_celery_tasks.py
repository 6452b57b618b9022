"""What a task does beyond collecting: who is told of what, and what a failure leaves behind."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from stepping_clock import SteppingClock

from collectors.account_run import Asked
from collectors.collect_task import LOOK, CollectTask
from collectors.collecting import Collecting
from collectors.configuration import Configuration
from collectors.live_configuration import LiveConfiguration
from collectors.outcome import AccountKey, Outcome, StreamOutcome
from collectors.store import open_store
from conf.errors import AntipodeError
from conf.settings import Settings
from lake.raw import compress
from lake.streams import Stream

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
KEY = AccountKey("acme", "okta")
LOG = Stream("acme", "okta", "log")
ACCOUNT = '[tenants.acme.okta]\nbase_url = "https://acme.example.com"\ntoken = "env:T"\n'


class Scripted(Collecting):
    """Collects nothing; says what it was told to."""

    def __init__(self, outcome: Callable[[], Outcome]) -> None:
        self.configuration, self.outcome = Configuration(()), outcome
        self.asked: list[Asked] = []

    def collect(self, key: AccountKey, asked: Asked) -> Outcome:
        self.asked.append(asked)
        return self.outcome()


class Worker:
    """A task in a process, over a lake in which one object waits to be taken in."""

    def __init__(self, folder: Path) -> None:
        accounts = folder / "accounts.toml"
        accounts.write_text(ACCOUNT)
        self.clock = SteppingClock(NOON)
        self.store = open_store(str(folder / "lake"), Settings())
        self.streams = [StreamOutcome("log", objects=0)]
        self.collecting = Scripted(lambda: Outcome(KEY, self.streams))
        self.told: list[Stream] = []
        self.task = CollectTask(
            self.collecting,
            LiveConfiguration(accounts, self.clock),
            self.store,
            self.clock,
            timedelta(minutes=5),
            self.told.append,
        )

    def waits(self) -> None:
        self.store.raw.append(LOG, compress(b"{}\n"), "ndjson", NOON)

    def run(self, redelivered: bool = False) -> list[Stream]:
        self.told.clear()
        self.task.run(KEY, redelivered)
        return list(self.told)


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    return Worker(tmp_path)


def test_a_run_ends_in_time_with_the_newest_accounts(worker: Worker) -> None:
    worker.run()
    assert worker.collecting.asked[0].deadline == NOON + timedelta(minutes=5)
    assert worker.collecting.configuration.accounts[0].key == KEY


def test_word_is_sent_of_streams_that_have_something_new(worker: Worker) -> None:
    assert worker.run() == []
    worker.streams = [StreamOutcome("log", objects=2), StreamOutcome("admin")]
    assert worker.run() == [LOG]


def test_the_first_run_of_a_process_finds_what_another_left(worker: Worker) -> None:
    worker.waits()
    assert worker.run() == [LOG]


def test_what_waits_is_looked_for_now_and_then_and_when_somebody_was_killed(
    worker: Worker,
) -> None:
    worker.run()
    worker.waits()
    assert worker.run() == []
    assert worker.run(redelivered=True) == [LOG]
    worker.clock.sleep(LOOK.total_seconds())
    assert worker.run() == [LOG]
    assert worker.run() == []


@pytest.mark.parametrize("error", [AntipodeError("the lake is full"), OSError(28, "full")])
def test_after_a_failure_the_next_run_looks_for_what_waits(
    worker: Worker, error: Exception
) -> None:
    worker.run()

    def fails() -> Outcome:
        worker.waits()
        raise error

    works, worker.collecting.outcome = worker.collecting.outcome, fails
    assert worker.run() == []
    worker.collecting.outcome = works
    assert worker.run() == [LOG]


def test_an_account_is_not_collected_twice_at_once_by_one_process(worker: Worker) -> None:
    def again() -> Outcome:
        worker.task.run(KEY, False)
        return Outcome(KEY, [])

    worker.collecting.outcome = again
    worker.run()
    assert len(worker.collecting.asked) == 1
    worker.run()
    assert len(worker.collecting.asked) == 2
