"""As many connections as a collector of a thousand tenants keeps open."""

import resource
import socket
import urllib.parse
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from provider_simulator.client import Simulator

COUNT = 1_000


@pytest.fixture
def _open_files() -> Iterator[None]:
    before = soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = COUNT + 512
    if 0 <= soft < wanted:
        if 0 <= hard < wanted:
            pytest.fail(f"the limit of open files is {hard}; this test needs {wanted}: ulimit -Hn")
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def status(connection: socket.socket) -> bytes:
    """Read one answer to its end; return its first line."""
    with connection.makefile("rb") as stream:
        first, length = stream.readline(), 0
        while (line := stream.readline().strip().lower()) != b"":
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        assert len(stream.read(length)) == length
    return first


@pytest.mark.usefixtures("_open_files")
def test_a_thousand_connections_are_kept_and_answered_again(simulator: Simulator) -> None:
    address = urllib.parse.urlsplit(simulator.url)
    host = (address.hostname or "", address.port or 0)
    simulator.set(limits=0)
    token = simulator.credentials("okta", "t0")["api_token"]
    with ExitStack() as stack:
        connections = [
            stack.enter_context(socket.create_connection(host, timeout=60)) for _ in range(COUNT)
        ]
        request = (
            f"GET /okta/t0/api/v1/logs?limit=1 HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: SSWS {token}\r\n\r\n"
        ).encode()
        for _ in range(2):
            for connection in connections:
                connection.sendall(request)
            assert {status(connection) for connection in connections} == {b"HTTP/1.1 200 OK\r\n"}
    assert simulator.totals()["answers"]["okta"] == {"200": 2 * COUNT}
