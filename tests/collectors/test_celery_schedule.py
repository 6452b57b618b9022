"""Beat: each account at its own second of the interval, whoever asks and however often."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stepping_clock import SteppingClock

from collectors import worker_settings
from collectors.celery_app import celery_app
from collectors.live_configuration import EVERY, LiveConfiguration
from collectors.outcome import AccountKey
from collectors.schedule import AccountScheduler, entry, last_due

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
ACCOUNT = '[tenants.{0}.okta]\nbase_url = "https://{0}.example.com"\ntoken = "env:T"\n'
TENANTS = [f"tenant{number}" for number in range(40)]


@given(st.text(min_size=1), st.floats(1, 86_400), st.integers(0, 10**9))
def test_an_account_was_due_within_the_last_interval(
    tenant: str, every: float, seconds: int
) -> None:
    now = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    due = last_due(AccountKey(tenant, "okta"), every, now)
    assert timedelta(0) <= now - due <= timedelta(seconds=every)


@given(st.text(min_size=1), st.integers(0, 100))
def test_when_it_is_due_does_not_depend_on_when_one_asks(tenant: str, later: int) -> None:
    key = AccountKey(tenant, "okta")
    first = last_due(key, 3_600, NOON)
    second = last_due(key, 3_600, NOON + timedelta(minutes=later))
    apart = (second - first).total_seconds() % 3_600
    assert min(apart, 3_600 - apart) < 0.001


def test_accounts_are_spread_over_the_interval() -> None:
    seconds = [(NOON - last_due(AccountKey(name, "okta"), 60, NOON)).seconds for name in TENANTS]
    assert all(sum(start <= one < start + 15 for one in seconds) >= 4 for start in (0, 15, 30, 45))


class Beat:
    """A scheduler that writes down what it sends."""

    def __init__(self, folder: Path, brokers: str = "", broker: str = "main") -> None:
        self.path = folder / "accounts.toml"
        self.write(*TENANTS)
        workers = folder / "workers.toml"
        workers.write_text(brokers)
        self.settings = worker_settings.load(workers)
        self.clock = SteppingClock(NOON)
        self.app = celery_app("memory://", self.settings.connection)
        self.scheduler = AccountScheduler(
            app=self.app,
            accounts=LiveConfiguration(self.path, self.clock),
            settings=self.settings,
            broker=broker,
        )

    def write(self, *tenants: str) -> None:
        self.path.write_text("".join(map(ACCOUNT.format, tenants)))

    def tenants(self) -> set[str]:
        return {one.args[0] for one in self.scheduler.schedule.values()}


def test_each_account_has_a_message_that_is_worth_nothing_when_the_next_one_is_due(
    tmp_path: Path,
) -> None:
    beat = Beat(tmp_path)
    assert beat.tenants() == set(TENANTS)
    made = entry(beat.app, AccountKey("acme", "okta", "europe"), beat.settings, NOON)
    assert (made.task, made.args) == ("antipode.collect", ("acme", "okta", "europe"))
    assert made.options["expires"] == beat.settings.schedule.every


def test_accounts_come_and_go_with_the_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat = Beat(tmp_path)
    known = beat.scheduler.schedule["tenant1/okta"]
    sent: list[Any] = []
    monkeypatch.setattr(beat.scheduler, "apply_async", lambda *one, **more: sent.append(one))
    beat.write("tenant1", "new")
    beat.clock.sleep(EVERY.total_seconds())
    beat.scheduler.tick()
    assert beat.tenants() == {"tenant1", "new"}
    assert beat.scheduler.schedule["tenant1/okta"].args == known.args


def test_a_broker_gets_the_accounts_of_its_tenants_only(tmp_path: Path) -> None:
    brokers = '[brokers]\na = "env:A"\nb = "env:B"\n[tenants]\ntenant1 = "b"\n'
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    a, b = (Beat(tmp_path / name, brokers, name) for name in ("a", "b"))
    assert a.tenants() | b.tenants() == set(TENANTS)
    assert not a.tenants() & b.tenants()
    assert "tenant1" in b.tenants()
