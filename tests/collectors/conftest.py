"""A server on loopback that answers as told, an account there; accounts at simulated providers."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from account_line import NOON, open_http
from collecting_commands import Write
from provider_simulator import accounts as simulated_account
from scripted_server import ScriptedServer, running
from stepping_clock import SteppingClock

from collectors.http import AccountHttp
from collectors.transport import Connections

if TYPE_CHECKING:
    from provider_simulator.client import Simulator


@pytest.fixture(scope="module")
def connections() -> Iterator[Connections]:
    found = Connections(read=timedelta(seconds=2))
    yield found
    found.close()


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with running() as found:
        yield found


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock(NOON)


@pytest.fixture
def http(server: ScriptedServer, clock: SteppingClock, connections: Connections) -> AccountHttp:
    return open_http(server.address, clock, connections)


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
    """Writes the configuration of one tenant's accounts, read in full at each run.

    `at`: what the tenant is called at the provider.
    """
    provider_simulator.set(limits=0)
    hide = simulated_account.in_environment(monkeypatch.setenv)

    def hide_and_note(secret: str) -> str:
        hidden.append(secret)
        return hide(secret)

    def write(*sources: str, at: str = "acme", **more: Any) -> Path:
        lines = []
        for source in sources:
            fields = simulated_account.account(provider_simulator, source, at, hide_and_note)
            lines.append(f"[tenants.acme.{source}]")
            fields |= {"share": 1.0, **more}
            lines += [f"{name} = {json.dumps(value)}" for name, value in fields.items()]
        path = tmp_path / "accounts.toml"
        path.write_text("\n".join(lines))
        return path

    return write
