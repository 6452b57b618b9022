"""A server on loopback that answers as told, and an account there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from account_line import NOON, open_http
from scripted_server import ScriptedServer, running
from stepping_clock import SteppingClock

from collectors.http import AccountHttp
from collectors.transport import Connections


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
