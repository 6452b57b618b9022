"""The metric of an account is as old as its oldest stream."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from scripted_log import NoNetwork, ScriptedLog
from stepping_clock import SteppingClock

from collectors.account_run import AccountRuns, Asked
from collectors.contract import Account, Cursor, Http, Page, Stream
from collectors.errors import Stop
from collectors.outcome import AccountKey
from lake.folder import FolderObjects
from lake.raw import Raw

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = AccountKey("fresh", "scripted", "europe")


class TwoLogs(ScriptedLog):
    """Refuses those of its logs that are in `refused`, or stops after a page of them."""

    refused: tuple[str, ...] = ()

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        if stream.name in self.refused:
            raise Stop("no licence")
        return super().pages(http, stream, since, until)


class Company:
    def __init__(self, folder: Path) -> None:
        self.clock = SteppingClock(NOON)
        self.log = TwoLogs(self.clock, Stream("log"))
        self.log.streams = (Stream("log"), Stream("admin"))
        self.objects = FolderObjects(folder)
        self.start_anew()

    def start_anew(self) -> None:
        self.process = AccountRuns(Raw(self.objects), self.objects, NoNetwork(), self.clock)

    def run(self, *refused: str) -> datetime:
        """Run; return the time that the metric tells."""
        self.log.refused = refused
        self.process.run(
            KEY,
            Account(base_url="http://127.0.0.1"),
            lambda account: self.log,
            Asked(insist=True),
        )
        labels = {"tenant": KEY.tenant, "source": KEY.source, "account": KEY.name}
        found = REGISTRY.get_sample_value("antipode_collect_fresh_until_seconds", labels)
        assert found is not None
        return datetime.fromtimestamp(found, UTC)


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def test_it_moves_with_every_run_that_reads_all(company: Company) -> None:
    assert company.run() == NOON
    company.clock.pass_(HOUR)
    assert company.run() == NOON + HOUR


@pytest.mark.parametrize("stuck", ["log", "admin"])
def test_a_stuck_stream_holds_it_whatever_the_others_do(company: Company, stuck: str) -> None:
    company.run()
    for _ in range(3):
        company.clock.pass_(HOUR)
        assert company.run(stuck) == NOON
    assert company.run() == NOON + 3 * HOUR


def test_a_process_that_begins_goes_by_the_position_in_the_lake(company: Company) -> None:
    company.run()
    company.clock.pass_(5 * HOUR)
    company.start_anew()
    assert company.run("admin") == NOON


def test_a_stream_that_was_never_read_is_as_old_as_what_it_was_to_begin_with(
    company: Company,
) -> None:
    assert company.run("admin") == NOON - 24 * HOUR
