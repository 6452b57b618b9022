"""How workers run, in TOML: what ships holds, and which broker works for whom."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors import worker_settings
from collectors.worker_settings import WorkerSettings
from conf.errors import UsageError

THREE = '[brokers]\na = "env:A"\nb = "env:B"\nc = "env:C"\n'


def load(folder: Path, text: str) -> WorkerSettings:
    path = folder / "workers.toml"
    path.write_text(text)
    return worker_settings.load(path)


def with_brokers(*names: str) -> WorkerSettings:
    default = worker_settings.load(None)
    brokers = {name: next(iter(default.brokers.values())) for name in names}
    return default.model_copy(update={"brokers": brokers})


class TestReading:
    def test_what_ships_is_enough(self) -> None:
        found = worker_settings.load(None)
        assert [str(where) for where in found.brokers.values()] == ["env:ANTIPODE_BROKER"]
        assert found.schedule.of("okta") == found.schedule.every

    def test_a_file_says_only_what_differs(self, tmp_path: Path) -> None:
        found = load(tmp_path, "[schedule]\nevery = 5\n[schedule.sources]\nbox = 90\n")
        assert (found.schedule.of("okta"), found.schedule.of("box")) == (5, 90)
        assert found.collect == worker_settings.load(None).collect

    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("[collect]\nside_by_side = 0\n", "collect.side_by_side"),
            ("[colect]\n", "colect"),
            ('[brokers]\nmain = "amqp://guest:hidden-word@host//"\n', "brokers.main"),
            ('[tenants]\nacme = "another"\n', "another"),
            ("[schedule\n", "no TOML"),
        ],
    )
    def test_a_fault_is_named_and_no_password_is(
        self, tmp_path: Path, text: str, named: str
    ) -> None:
        with pytest.raises(UsageError) as raised:
            load(tmp_path, text)
        assert named in str(raised.value)
        assert "hidden-word" not in str(raised.value)


class TestBrokers:
    def test_one_broker_needs_no_name(self) -> None:
        assert worker_settings.load(None).chosen(None) == "main"

    def test_of_several_one_is_to_be_named(self, tmp_path: Path) -> None:
        found = load(tmp_path, THREE)
        assert found.chosen("b") == "b"
        for asked in (None, "d"):
            with pytest.raises(UsageError, match="a, b, c"):
                found.chosen(asked)

    def test_a_named_tenant_goes_where_it_was_put(self, tmp_path: Path) -> None:
        found = load(tmp_path, THREE + '[tenants]\nacme = "c"\n')
        assert found.broker_of("acme") == "c"

    def test_tenants_are_spread_evenly(self) -> None:
        found = with_brokers("a", "b", "c", "d")
        counts = dict.fromkeys("abcd", 0)
        for number in range(2_000):
            counts[found.broker_of(f"tenant-{number}")] += 1
        assert all(400 < count < 600 for count in counts.values())

    @given(st.lists(st.text(min_size=1), min_size=1, max_size=30))
    def test_a_new_broker_only_takes_tenants_over(self, tenants: list[str]) -> None:
        before, after = with_brokers("a", "b", "c"), with_brokers("a", "b", "c", "new")
        for tenant in tenants:
            assert after.broker_of(tenant) in {before.broker_of(tenant), "new"}
