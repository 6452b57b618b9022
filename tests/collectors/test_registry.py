"""A provider is one file; the process that collects loads nothing that would stall gevent."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors import configuration, providers, registry
from conf.errors import UsageError

PROVIDER = """
from datetime import timedelta
from collectors import contract
from collectors.contract import Limits, Page, Secret, Stream
from collectors.sign_in import StaticToken

class Account(contract.Account):
    base_url: str = "https://api.example.com"
    token: Secret

class Collector:
    streams = (Stream("log", lag=timedelta(hours=1)),)
    limits = Limits(60)
    def __init__(self, account):
        self.sign_in = StaticToken(account.token)
    def pages(self, http, stream, since, until):
        yield Page.of(http.get("/log").json(), since)
    def remedy(self, status, body):
        return None
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder whose files are providers, too."""
    monkeypatch.setattr(providers, "__path__", [*providers.__path__, str(tmp_path)])
    registry.load.cache_clear()
    yield tmp_path
    registry.load.cache_clear()
    sys.modules.pop("collectors.providers.example", None)


def test_one_new_file_is_one_new_provider(folder: Path) -> None:
    (folder / "example.py").write_text(PROVIDER)
    accounts = folder / "accounts.toml"
    accounts.write_text('[tenants.acme.example]\ntoken = "env:X"\n')
    (found,) = configuration.load(accounts).accounts
    assert "example" in registry.sources()
    assert found.account.base_url == "https://api.example.com"


def test_a_file_without_its_classes_is_named(folder: Path) -> None:
    (folder / "example.py").write_text("class Account: pass\n")
    with pytest.raises(TypeError, match=r"providers/example\.py.*Collector"):
        registry.load("example")


def test_an_unknown_source_is_named_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'nonsense'; known: .*okta"):
        registry.load("nonsense")


def test_collecting_loads_nothing_that_stalls_gevent() -> None:
    code = (
        "import sys, collectors.collecting, collectors.store, collectors.registry as registry\n"
        "for source in registry.sources(): registry.load(source)\n"
        "heavy = {'pyarrow', 'duckdb', 'deltalake', 'pyspark', 'pandas', 'numpy'}\n"
        "print(len(registry.sources()) > 10, sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "True []", done.stderr
