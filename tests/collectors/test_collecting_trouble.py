"""What is wrong with one tenant, or for a while, stops neither the others nor the process."""

import itertools
import json
from pathlib import Path

import pytest
from collecting_commands import Write, collect, uids

from antipode import cli, clock
from conf.errors import AntipodeError


class Ended(BaseException):
    """What a signal is to a process that runs on."""


@pytest.fixture
def two_tenants(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Accounts of two tenants whose raw objects wait, those of the first under a broken key."""
    monkeypatch.setenv("ANTIPODE_ENCRYPTION", "local")
    monkeypatch.setenv("ANTIPODE_ENCRYPTION_KEYS", str(tmp_path / "keys"))
    accounts = write("okta")
    one = accounts.read_text()
    accounts.write_text(one.replace("tenants.acme", "tenants.aaa") + "\n" + one)
    assert collect(accounts, tmp_path / "lake", "--only-raw") == 0
    (key,) = (tmp_path / "keys" / "aaa").glob("*.key")
    key.write_bytes(b"A" * 43 + b"=\n")
    return accounts


def test_a_tenants_broken_key_does_not_keep_the_others_events_back(
    two_tenants: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert collect(two_tenants, tmp_path / "lake", "--json") == 1
    assert uids(tmp_path / "lake")
    told = capsys.readouterr()
    (failure,) = json.loads(told.out)["not_normalized"]
    assert failure.startswith("aaa/okta/log: not normalised: ")
    assert "Put the right file back" in failure
    assert failure in told.err
    assert not list((tmp_path / "lake" / "events").glob("tenant=aaa/**/*.parquet"))


def test_neither_does_it_where_several_processes_take_in(two_tenants: Path, tmp_path: Path) -> None:
    assert collect(two_tenants, tmp_path / "lake", "--workers", "2") == 1
    assert uids(tmp_path / "lake")


def test_round_after_round_goes_on(
    two_tenants: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also when a whole round fails, since the lake cannot be reached, say."""
    calls = itertools.count()

    def unreachable(*_: object) -> None:
        raise AntipodeError("The lake cannot be reached.")

    def wait_until(*_: object) -> None:
        rounds = next(calls)
        if rounds == 0:
            monkeypatch.setattr("collectors.once.pending", unreachable)
        elif rounds == 1:
            raise Ended

    monkeypatch.setattr(clock, "wait_until", wait_until)
    lake = tmp_path / "lake"
    given = ["--accounts", str(two_tenants), "--lake", str(lake)]
    with pytest.raises(Ended):
        cli.run(["collect", "--every", "60", *given])
    assert uids(lake)
    told = capsys.readouterr().err
    assert "aaa/okta/log: not normalised" in told
    assert "The lake cannot be reached. The next round tries again." in told
