"""A run of one account: its lease, its streams, and what it tells of what went wrong."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scripted_log import NoNetwork, ScriptedLog
from stepping_clock import SteppingClock

from collectors import batch, lease
from collectors.account_run import REST, AccountRuns, Asked
from collectors.contract import Account, Stream
from collectors.errors import Retry, Stop
from collectors.outcome import AccountKey, Outcome, Span
from lake.folder import FolderObjects
from lake.raw import Raw
from lake.streams import Stream as LakeStream

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KEY = AccountKey("acme", "scripted")
ACCOUNT = Account(base_url="http://127.0.0.1", share=1)


class Company:
    """One account with two logs, and a process that collects it."""

    def __init__(self, folder: Path) -> None:
        self.clock = SteppingClock(NOON)
        self.log = ScriptedLog(self.clock, Stream("log"))
        self.log.streams = (Stream("log"), Stream("admin"))
        self.log.publish("e1", NOON - HOUR)
        self.objects = FolderObjects(folder)
        self.runs = self.process()

    def process(self) -> AccountRuns:
        return AccountRuns(Raw(self.objects), self.objects, NoNetwork(), self.clock)

    def run(self, account: Account = ACCOUNT, **asked: Any) -> Outcome:
        return self.runs.run(KEY, account, lambda account: self.log, Asked(**asked))

    def count(self, stream: str, tenant: str = "acme") -> int:
        return len(list(Raw(self.objects).entries(LakeStream(tenant, "scripted", stream))))


@pytest.fixture
def company(tmp_path: Path) -> Company:
    return Company(tmp_path)


def test_every_stream_is_collected_into_its_own_place(company: Company) -> None:
    outcome = company.run()
    assert [(one.stream, one.records, one.until) for one in outcome.streams] == [
        ("log", 1, NOON),
        ("admin", 1, NOON),
    ]
    assert (company.count("log"), company.count("admin")) == (1, 1)
    assert (outcome.records, outcome.failures) == (2, [])


def test_only_those_that_the_account_names(company: Company) -> None:
    named = ACCOUNT.model_copy(update={"streams": ("admin",)})
    assert [one.stream for one in company.run(named).streams] == ["admin"]


def test_an_account_with_a_name_has_streams_of_its_own(company: Company) -> None:
    key = AccountKey("acme", "scripted", "europe")
    company.runs.run(key, ACCOUNT, lambda account: company.log, Asked())
    assert (company.count("log"), company.count("europe.log")) == (0, 1)


def test_the_first_run_goes_back_as_far_as_asked(company: Company) -> None:
    company.run(first=NOON - 9 * DAY)
    assert company.log.asked[0][0].since == NOON - 9 * DAY


def test_one_failing_stream_does_not_stop_the_others(company: Company) -> None:
    def fail(asked: int) -> None:
        if len(company.log.asked) == 1:
            raise Stop("grant the scope log:read")

    company.log.fault = fail
    outcome = company.run()
    (failure,) = outcome.failures
    assert (failure.error, failure.detail) == ("Stop", "grant the scope log:read")
    assert outcome.records == 1


def test_what_may_work_later_is_no_failure(company: Company) -> None:
    def fail(asked: int) -> None:
        raise Retry("busy", timedelta(minutes=5))

    company.log.fault = fail
    outcome = company.run()
    assert outcome.failures == []
    assert outcome.streams[0].after == 300


def test_a_mistake_of_ours_tells_where_and_not_what(company: Company) -> None:
    def fail(asked: int) -> None:
        raise ValueError("bad value: user jane@example.com")

    company.log.fault = fail
    (first, _) = company.run().failures
    assert first.error == "ValueError"
    assert "test_account_run:" in first.detail
    assert "jane" not in first.detail


def test_an_account_in_other_hands_is_left_alone(company: Company) -> None:
    lease.acquire(company.objects, lease.key_of("acme", "scripted", ""), "other", NOON)
    outcome = company.run()
    assert [one.error for one in outcome.streams] == ["Held"]
    assert outcome.failures == []
    assert company.count("log") == 0


def test_the_next_process_goes_on_with_what_is_left_of_the_quota(company: Company) -> None:
    def told_to_wait(asked: int) -> None:
        company.runs._kept[KEY].budget.close(NOON + HOUR)

    company.log.fault = told_to_wait
    company.run()
    company.log.fault = lambda asked: None
    other = company.process()
    other.run(KEY, ACCOUNT, lambda account: company.log, Asked())
    assert other._kept[KEY].budget.take(NOON) == 3600


def test_who_refused_us_is_left_alone_for_a_while(company: Company) -> None:
    def fail(asked: int) -> None:
        raise Stop("wrong secret")

    company.log.fault = fail
    company.run()
    asked = len(company.log.asked)
    resting = company.run()
    assert resting.failures[0].detail == "wrong secret"
    assert len(company.log.asked) == asked
    company.run(insist=True)
    assert len(company.log.asked) == 2 * asked
    company.clock.pass_(REST)
    company.log.fault = lambda asked: None
    assert company.run().failures == []


def test_a_changed_configuration_is_used_at_once(company: Company) -> None:
    made = []

    def collector(account: Account) -> ScriptedLog:
        made.append(account.share)
        return company.log

    for share in (1.0, 1.0, 0.5):
        account = ACCOUNT.model_copy(update={"share": share})
        company.runs.run(KEY, account, collector, Asked())
    assert made == [1.0, 0.5]


def test_what_all_streams_gather_before_it_is_stored_is_bounded(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many are read side by side: a thousand first runs do not fill the memory."""
    company.log.page_size = 1
    for number in range(4):
        company.log.publish(f"more{number}", NOON - HOUR)
    company.run()
    assert company.count("log") == 1
    monkeypatch.setattr(batch, "HELD", 1)
    company.runs = company.process()
    company.run(always=True, again=[Span("log", NOON - 2 * HOUR, NOON)])
    assert company.count("log") == 1 + 5


def test_a_span_is_read_again_for_the_stream_that_misses_it(company: Company) -> None:
    company.run()
    company.run(again=[Span("log", NOON - 2 * HOUR, NOON)])
    assert (company.count("log"), company.count("admin")) == (2, 1)


def test_a_run_ends_at_its_deadline(company: Company) -> None:
    company.log.publish("e2", NOON - HOUR)
    company.log.page_size = 1
    company.run(deadline=NOON)
    position = Raw(company.objects).position(LakeStream("acme", "scripted", "log"))
    assert position is not None
    assert position["until"] is not None
