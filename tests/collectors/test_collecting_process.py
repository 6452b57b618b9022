"""The process that collects: it tells no secret, and runs on gevent as well."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import prometheus_client
import pytest
import zstandard
from collecting_commands import Write, collect

from antipode import cli
from collectors import registry
from collectors.transport import Connections

if TYPE_CHECKING:
    from provider_simulator.client import Simulator


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
        """Of any provider, whatever goes wrong: keys, passwords, and tokens had for them."""
        monkeypatch.setattr("collectors.backoff.FIRST", 0.01)
        monkeypatch.setenv("ANTIPODE_LOG_LEVEL", "DEBUG")
        note_tokens(monkeypatch, hidden)
        provider_simulator.set(events_per_day=40)
        accounts, lake = write(*registry.sources()), tmp_path / "lake"
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
        assert len({secret for secret in hidden if len(secret) > 10}) > 4 * len(registry.sources())
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
collecting = Collecting(configured, open_store(sys.argv[2], Settings(), green=True))
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

    def test_who_waits_for_the_disk_does_not_keep_others_waiting(self, tmp_path: Path) -> None:
        code = """
from gevent import monkey
monkey.patch_all()
import os, sys
import gevent
from collectors.store import open_store
from conf.settings import Settings
others_ran = monkey.get_original("threading", "Event")()
synced = os.fsync
def slow(number):
    assert others_ran.wait(60), "nobody else ran while the disk was waited for"
    synced(number)
os.fsync = slow
objects = open_store(sys.argv[1], Settings(), green=True).objects
writing = gevent.spawn(objects.put, "a/b", b"found")
gevent.spawn(others_ran.set)
writing.get()
print(objects.get("a/b").data, list(objects.list("a/")), objects.put_if("c", b"", None) != "")
objects.delete("a/b")
try:
    objects.get("a/b")
except KeyError as error:
    print("gone:", error)
"""
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "lake")],
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.stdout.splitlines() == ["b'found' ['a/b'] True", "gone: 'a/b'"], done.stderr
