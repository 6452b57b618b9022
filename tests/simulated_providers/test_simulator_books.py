"""What the simulator says of itself: what was served, what there is, its clock, its start."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import plain_http
import provider_simulator
import pytest
from provider_simulator.client import FOLDER, Simulator, running

PACKAGE = Path(provider_simulator.__path__[0])


def read(simulator: Simulator, tenant: str = "acme", **query: object) -> list[str]:
    simulator.set(limits=0)
    token = simulator.credentials("okta", tenant)["api_token"]
    address = f"{simulator.address('okta', tenant)}/api/v1/logs"
    query = {"since": "2026-10-02T00:00:00Z"} | query
    answer = plain_http.get(address, query, Authorization=f"SSWS {token}")
    return [record["uuid"] for record in answer.json()]


class TestBooks:
    def test_hold_what_was_served_and_how_often_again(self, simulator: Simulator) -> None:
        first = read(simulator, limit=30)
        again = read(simulator, limit=50)
        assert {event["uid"] for event in simulator.served("okta", "acme")} == set(first + again)
        totals = simulator.totals()
        assert (totals["served"], totals["repeated"]) == (50, 30)
        assert totals["answers"] == {"okta": {"200": 2}}
        assert totals["logs"] == [["okta", "acme", "logs"]]

    def test_hold_what_there_is_in_a_window(self, simulator: Simulator) -> None:
        window = {"since": "2026-10-03T00:00:00Z", "until": "2026-10-03T06:00:00Z"}
        events = simulator.truth("okta", "acme", **window)
        assert events
        assert min(event["time"] for event in events) >= window["since"][:19]
        assert max(event["published"] for event in events) <= window["until"]

    def test_are_of_each_tenant_alone(self, simulator: Simulator) -> None:
        ours = {event["uid"] for event in simulator.truth("okta", "acme")}
        theirs = {event["uid"] for event in simulator.truth("okta", "other")}
        assert not ours & theirs

    def test_are_empty_after_a_reset(self, simulator: Simulator) -> None:
        read(simulator)
        simulator.fault("server_error")
        simulator.reset()
        totals = simulator.totals()
        assert (totals["served"], totals["faults"], totals["logs"]) == (0, 0, [])

    def test_say_what_they_do_not_know(self, simulator: Simulator) -> None:
        with pytest.raises(ValueError, match="KeyError"):
            simulator.truth("nobody", "acme")


class TestClock:
    def test_is_set_put_forward_and_stopped(self, simulator: Simulator) -> None:
        assert simulator.set_clock("2026-10-04T00:00:00Z") == "2026-10-04T00:00:00.000Z"
        assert simulator.set_clock(advance=90) == "2026-10-04T00:01:30.000Z"
        assert simulator.totals()["now"] == "2026-10-04T00:01:30.000Z"


class TestProcess:
    def test_is_the_same_for_the_same_seed_and_another_for_another(
        self, simulator: Simulator
    ) -> None:
        options = ("--origin", "2026-10-01T00:00:00Z", "--events-per-day", "200")
        ours = simulator.truth("okta", "acme")
        with running("--seed", "7", *options) as same:
            same.set_clock("2026-10-06T12:00:00Z", running=False)
            assert same.truth("okta", "acme") == ours
        with running("--seed", "8", *options) as other:
            other.set_clock("2026-10-06T12:00:00Z", running=False)
            assert other.truth("okta", "acme") != ours

    def test_ends_when_told_to(self) -> None:
        command = [sys.executable, "-m", "provider_simulator", "--port", "0"]
        with subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("http://127.0.0.1:")
            os.kill(process.pid, signal.SIGTERM)
            assert process.wait(timeout=30) == 0

    def test_the_fixture_for_everybody_starts_from_now(self, provider_simulator: Simulator) -> None:
        assert provider_simulator.totals()["faults"] == 0
        assert provider_simulator.truth("slack", "acme")


def test_addresses_of_nobody_are_not_found(simulator: Simulator) -> None:
    assert plain_http.get(f"{simulator.url}/nobody/acme/logs").status == 404
    assert plain_http.get(f"{simulator.url}/okta/ACME!/api/v1/logs").status == 404
    assert plain_http.get(f"{simulator.address('okta', 'acme')}/api/v1/users").status == 404


def test_the_simulator_imports_nothing_of_the_project() -> None:
    ours = {"antipode", "collectors", "conf", "enrichment", "jobs", "lake", "models", "schemas"}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            found = {name.split(".")[0] for name in names} & (ours | {"serving"})
            assert not found, f"{path.name} imports {found}"
