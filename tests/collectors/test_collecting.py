"""From simulated providers into a lake: everything once, through faults; and what is told."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from collecting_commands import Write, collect, uids

from antipode import cli
from collectors.outcome import Outcome
from collectors.standing import Standings
from conf.errors import AntipodeError

if TYPE_CHECKING:
    from provider_simulator.client import Simulator

FAULTS = (
    "too_many",
    "server_error",
    "html",
    "half_body",
    "expired_token",
    "repeated_page",
    "reset",
)


class TestOnce:
    def test_everything_comes_once_through_every_fault(
        self,
        provider_simulator: "Simulator",
        write: Write,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("collectors.backoff.FIRST", 0.01)
        provider_simulator.set_clock(running=False)
        accounts, lake = write("okta"), tmp_path / "lake"
        for number, name in enumerate(FAULTS):
            # A token that ends twice for one request is one that a person has to renew.
            count = 1 if name == "expired_token" else 3
            rule = {"provider": "okta", "probability": 0.3, "count": count}
            provider_simulator.fault(name, **rule, seed=number)
        since = provider_simulator.totals()["origin"][:10]
        # The simulated provider's clock stands; a fault that is too much for one run is for a next.
        for _ in range(3):
            assert collect(accounts, lake, "--since", since, "--json") == 0
        told = json.loads(capsys.readouterr().out.splitlines()[-1])
        expected = {event["uid"] for event in provider_simulator.truth("okta", "acme")}
        assert len(expected) > 2000
        assert sorted(uids(lake)) == sorted(expected)
        assert told["read"] == told["mapped"] + told["duplicates"] + told["quarantined"]
        assert provider_simulator.totals()["faults"] > 10

    def test_status_tells_how_it_went(
        self, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        accounts, lake = write("okta"), tmp_path / "lake"
        collect(accounts, lake)
        capsys.readouterr()
        shown = ["status", "--accounts", str(accounts), "--lake", str(lake)]
        assert cli.run([*shown, "--json"]) == 0
        (account,) = json.loads(capsys.readouterr().out)["accounts"]
        assert (account["tenant"], account["source"], account["state"]) == ("acme", "okta", "fine")
        assert account["received"] == sum(hour["received"] for hour in account["hours"]) > 100
        assert account["streams"]["log"]["error"] is None
        assert cli.run(shown) == 0
        assert "acme/okta" in capsys.readouterr().out

    def test_several_processes_take_several_logs_in(
        self,
        provider_simulator: "Simulator",
        write: Write,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        provider_simulator.set_clock(running=False)
        accounts = write("okta", "onelogin")
        assert collect(accounts, tmp_path / "lake", "--workers", "2", "--json") == 0
        told = json.loads(capsys.readouterr().out)
        assert told["collected"] == told["read"] == told["events"] + told["duplicates"]
        assert told["events"] == len(uids(tmp_path / "lake"))
        assert {one["source"] for one in told["accounts"]} == {"okta", "onelogin"}

    def test_trouble_with_one_account_spares_the_others(
        self,
        write: Write,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        note = Standings.note

        def fail(self: Standings, outcome: Outcome, now: datetime) -> None:
            if outcome.key.source == "onelogin":
                raise AntipodeError("Could not write standing/acme: the disk is full.")
            note(self, outcome, now)

        monkeypatch.setattr(Standings, "note", fail)
        assert collect(write("okta", "onelogin"), tmp_path / "lake") == 1
        assert "acme/onelogin *: Could not write standing/acme" in capsys.readouterr().err
        assert uids(tmp_path / "lake")

    def test_raw_data_can_be_left_for_others_to_take_in(
        self, write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        accounts, lake = write("okta"), tmp_path / "lake"
        assert collect(accounts, lake, "--only-raw") == 0
        assert not (lake / "events").exists()
        stored = list(lake.glob("raw/source=okta/**/*.zst"))
        assert stored
        told = status(accounts, lake, capsys)
        assert told["waiting_objects"] == len(stored)
        assert told["waiting_bytes"] == sum(path.stat().st_size for path in stored)
        assert collect(accounts, lake) == 0
        assert uids(lake)
        assert status(accounts, lake, capsys)["waiting_objects"] == 0

    def test_what_refuses_us_is_named_and_the_others_are_collected(
        self,
        write: Write,
        tmp_path: Path,
        capfd: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        accounts = write("okta", "onelogin")
        (variable,) = re.findall(r'client_secret = "env:(\w+)"', accounts.read_text())
        monkeypatch.setenv(variable, "wrong")
        assert collect(accounts, tmp_path / "lake") == 1
        said = capfd.readouterr().err
        assert "acme/onelogin events" in said
        assert "check the id, the secret or key" in said
        assert uids(tmp_path / "lake")


def status(accounts: Path, lake: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    shown = ["status", "--accounts", str(accounts), "--lake", str(lake), "--json"]
    assert cli.run(shown) == 0
    (account,) = json.loads(capsys.readouterr().out)["accounts"]
    found: dict[str, Any] = account
    return found


class TestUsage:
    @pytest.mark.parametrize("how", [[], ["--once", "--every", "60"]])
    def test_it_is_once_or_every_so_often(
        self, how: list[str], write: Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        given = ["--accounts", str(write("okta")), "--lake", str(tmp_path / "lake")]
        assert cli.run(["collect", *how, *given]) == 2
        assert "either --once or --every" in capsys.readouterr().err


class TestCheck:
    def test_signs_in_and_fetches_a_page(
        self, write: Write, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.run(["check", "--accounts", str(write("okta", "slack"))]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line.split(":")[0] for line in lines] == ["acme/okta log", "acme/slack audit"]
        assert all("ok, " in line for line in lines)

    def test_starts_nothing_at_the_provider(
        self,
        provider_simulator: "Simulator",
        write: Write,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        accounts = write("m365", at="new-company")
        for _ in range(2):
            assert cli.run(["check", "--accounts", str(accounts)]) == 0
            lines = capsys.readouterr().out.splitlines()
            assert len(lines) == 5
            assert all("no subscription yet: collecting starts it" in line for line in lines)

    def test_tells_what_is_missing(
        self,
        write: Write,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        accounts = write("slack", "okta")
        accounts.write_text(accounts.read_text().replace("SIMULATED_SECRET", "NOT_THERE", 1))
        assert cli.run(["check", "--accounts", str(accounts)]) == 1
        told = capsys.readouterr().out
        assert "acme/okta log: ok" in told
        assert "acme/slack audit: The secret env:NOT_THERE" in told
