"""A process that runs on uses the newest configuration without faults."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from stepping_clock import SteppingClock

from collectors.live_configuration import EVERY, LiveConfiguration
from conf.errors import UsageError

ACCOUNT = '[tenants.{0}.okta]\nbase_url = "https://{0}.example.com"\ntoken = "env:T"\n'


class Live:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "accounts.toml"
        self.clock = SteppingClock(datetime(2026, 1, 1, tzinfo=UTC))
        self.write("acme")
        self.live = LiveConfiguration(self.path, self.clock)

    def write(self, *tenants: str, text: str = "") -> None:
        self.path.write_text("".join(map(ACCOUNT.format, tenants)) + text)

    def tenants(self) -> list[str]:
        return [one.key.tenant for one in self.live.current().accounts]

    def later(self) -> None:
        self.clock.sleep(EVERY.total_seconds())


@pytest.fixture
def live(tmp_path: Path) -> Live:
    return Live(tmp_path)


def test_an_account_that_was_added_is_found_a_little_later(live: Live) -> None:
    live.write("acme", "globex")
    assert live.tenants() == ["acme"]
    live.later()
    assert live.tenants() == ["acme", "globex"]


def test_with_faults_the_one_before_holds_until_they_are_mended(live: Live) -> None:
    live.write("acme", "globex", text="[tenants.acme.okta.oops\n")
    live.later()
    assert live.tenants() == ["acme"]
    live.write("globex")
    live.later()
    assert live.tenants() == ["globex"]


def test_a_file_that_is_gone_for_a_moment_changes_nothing(live: Live) -> None:
    live.path.unlink()
    live.later()
    assert live.tenants() == ["acme"]
    live.write("globex")
    live.later()
    assert live.tenants() == ["globex"]


def test_nothing_changed_is_nothing_read(live: Live) -> None:
    before = live.live.current()
    live.later()
    assert live.live.current() is before


def test_faults_at_the_start_are_raised(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        LiveConfiguration(tmp_path / "none.toml", SteppingClock(datetime(2026, 1, 1, tzinfo=UTC)))
