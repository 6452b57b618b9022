"""From simulated providers into a lake: everything once, through faults; and no secret told."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import prometheus_client
import pytest
import simulated_account
import zstandard

from antipode import cli
from collectors.transport import Connections

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
Write = Callable[..., Path]


@pytest.fixture
def hidden() -> list[str]:
    """Every secret that the configuration refers to."""
    return []


@pytest.fixture
def write(
    provider_simulator: "Simulator",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    hidden: list[str],
) -> Write:
    """Writes the configuration of one tenant's accounts, read in full at each run."""
    provider_simulator.set(limits=0)
    hide = simulated_account.in_environment(monkeypatch.setenv)

    def hide_and_note(secret: str) -> str:
        hidden.append(secret)
        return hide(secret)

    def write(*sources: str, **more: Any) -> Path:
        lines = []
        for source in sources:
            fields = simulated_account.account(provider_simulator, source, "acme", hide_and_note)
            lines.append(f"[tenants.acme.{source}]")
            fields |= {"share": 1.0, **more}
            lines += [f"{name} = {json.dumps(value)}" for name, value in fields.items()]
        path = tmp_path / "accounts.toml"
        path.write_text("\n".join(lines))
        return path

    return write


def uids(lake: Path) -> list[str]:
    found = duckdb.sql(
        f"SELECT metadata.uid FROM read_parquet('{lake}/events/tenant=acme/**/*.parquet')"
    )
    return [uid for (uid,) in found.fetchall()]


def collect(accounts: Path, lake: Path, *more: str) -> int:
    return cli.run(["collect", "--once", "--accounts", str(accounts), "--lake", str(lake), *more])


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
            provider_simulator.fault(name, provider="okta", probability=0.3, count=3, seed=number)
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


class TestCheck:
    def test_signs_in_and_fetches_a_page(
        self, write: Write, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.run(["check", "--accounts", str(write("okta", "slack"))]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line.split(":")[0] for line in lines] == ["acme/okta log", "acme/slack audit"]
        assert all("ok, " in line for line in lines)

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


class TestSecrets:
    def test_none_is_in_anything_that_is_written(
        self,
        provider_simulator: "Simulator",
        write: Write,
        hidden: list[str],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        """Whatever goes wrong: keys, passwords and the tokens that were had for them."""
        monkeypatch.setattr("collectors.backoff.FIRST", 0.01)
        monkeypatch.setenv("ANTIPODE_LOG_LEVEL", "DEBUG")
        note_tokens(monkeypatch, hidden)
        accounts, lake = write("okta", "slack", "onelogin"), tmp_path / "lake"
        for fault in ("expired_token", "half_body", "server_error", "html"):
            provider_simulator.fault(fault, probability=0.4, count=4, seed=1)
        collect(accounts, lake)
        provider_simulator.fault("server_error", probability=1)
        cli.run(["check", "--accounts", str(accounts)])
        provider_simulator.end_faults()
        for name, value in list(os.environ.items()):
            if name.startswith("SIMULATED_SECRET"):
                hidden.append(wrong := f"wrong-{value[:30]!r}")
                monkeypatch.setenv(name, wrong)
        cli.run(["check", "--accounts", str(accounts)])
        monkeypatch.setattr(Connections, "send", broken)
        collect(accounts, lake)
        assert len({secret for secret in hidden if len(secret) > 10}) > 8
        written = [*capfd.readouterr(), prometheus_client.generate_latest().decode()]
        assert len(written[1].splitlines()) > 50
        written += [everything_in(path) for path in lake.rglob("*") if path.is_file()]
        for secret in hidden:
            # A key of many lines would be told line by line.
            for part in secret.replace("\\n", "\n").splitlines():
                if len(part) >= 10 and not part.startswith("-----"):
                    assert not [text[:80] for text in written if part in text]


def note_tokens(monkeypatch: pytest.MonkeyPatch, hidden: list[str]) -> None:
    send = Connections.send

    def noting(self: Connections, call: Any) -> Any:
        for name, value in call.headers.items():
            if name.lower() == "authorization":
                hidden.append(value.split()[-1])
        return send(self, call)

    monkeypatch.setattr(Connections, "send", noting)


def broken(self: Connections, call: Any) -> Any:
    raise RuntimeError(f"a mistake of ours that quotes {call.headers} and {call.body!r}")


def everything_in(path: Path) -> str:
    found = path.read_bytes()
    if path.suffix == ".zst":
        found = zstandard.ZstdDecompressor().decompressobj().decompress(found)
    return found.decode("utf-8", "replace")


class TestGreen:
    def test_the_same_code_runs_on_gevent_without_what_would_stall_it(
        self, write: Write, tmp_path: Path
    ) -> None:
        code = """
from gevent import monkey
monkey.patch_all()
import sys
from pathlib import Path
from collectors import configuration
from collectors.account_run import Asked
from collectors.collecting import Collecting
from collectors.store import open_store
from conf.settings import Settings
configured = configuration.load(Path(sys.argv[1]))
collecting = Collecting(configured, open_store(sys.argv[2], Settings()))
outcomes = collecting.collect_all(configured.chosen(), Asked(), 50)
stalling = {"pyarrow", "duckdb", "deltalake", "pyspark", "pandas"} & set(sys.modules)
print([outcome.failures for outcome in outcomes], sorted(stalling))
print(min(outcome.records for outcome in outcomes) > 100)
"""
        given = [str(write("okta", "gcp", "onelogin")), str(tmp_path / "lake")]
        done = subprocess.run(
            [sys.executable, "-c", code, *given], capture_output=True, text=True, timeout=120
        )
        assert done.stdout.splitlines() == ["[[], [], []] []", "True"], done.stderr
