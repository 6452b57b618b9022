"""Starts a simulator as a process of its own and tells it what to do."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1]


@dataclass(frozen=True)
class Simulator:
    """A running simulator."""

    url: str
    pid: int

    def address(self, provider: str, tenant: str) -> str:
        """Return what stands before the provider's own paths, for one tenant."""
        return f"{self.url}/{provider}/{tenant}"

    def credentials(self, provider: str, tenant: str) -> dict[str, Any]:
        """Return what a customer of the provider is given to sign in with."""
        found: dict[str, Any] = self._ask("GET", f"credentials/{provider}/{tenant}?base={self.url}")
        return found

    def set_clock(
        self,
        now: datetime | str | None = None,
        *,
        advance: float | None = None,
        running: bool | None = None,
    ) -> str:
        """Set the clock, put it forward by seconds, or stop it; returns what it shows."""
        given = {
            "now": now.isoformat() if isinstance(now, datetime) else now,
            "advance": advance,
            "running": running,
        }
        shown = {name: value for name, value in given.items() if value is not None}
        answer: str = self._ask("POST", "clock", shown)["now"]
        return answer

    def set(self, **settings: Any) -> None:
        """Change `events_per_day`, `latency`, `limits` (times the real ones) or `token_seconds`."""
        self._ask("POST", "settings", settings)

    def fault(self, name: str, **rule: Any) -> dict[str, Any]:
        """Ask for a fault; README.md lists them and what a rule may say."""
        added: dict[str, Any] = self._ask("POST", "faults", {"fault": name, **rule})
        return added

    def end_faults(self) -> None:
        self._ask("DELETE", "faults")

    def truth(
        self,
        provider: str,
        tenant: str,
        stream: str | None = None,
        *,
        since: str | None = None,
        until: str | None = None,
    ) -> list[dict[str, str]]:
        """Return the events published by `until` (now) that happened at or after `since`.

        Each has `uid` (that of its row in `events`), `stream`, `time` and `published`.
        """
        asked = {"since": since, "until": until}
        query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
        return self._events(f"truth/{provider}/{tenant}", stream, query)

    def served(self, provider: str, tenant: str, stream: str | None = None) -> list[dict[str, str]]:
        """Return the events that were served whole at least once."""
        return self._events(f"served/{provider}/{tenant}", stream, "")

    def totals(self) -> dict[str, Any]:
        """Return `faults`, `faults_by_kind`, `served`, `repeated`, `answers`, `logs`, `now`."""
        found: dict[str, Any] = self._ask("GET", "")
        return found

    def reset(self) -> None:
        """Go back to how the simulator was started; tokens stay good."""
        self._ask("POST", "reset")

    def _events(self, path: str, stream: str | None, query: str) -> list[dict[str, str]]:
        path = path if stream is None else f"{path}/{stream}"
        lines = self._asked("GET", f"{path}?{query}").splitlines()
        return [json.loads(line) for line in lines]

    def _ask(self, method: str, path: str, given: Any = None) -> Any:
        return json.loads(self._asked(method, path, given))

    def _asked(self, method: str, path: str, given: Any = None) -> bytes:
        body = None if given is None else json.dumps(given).encode()
        request = urllib.request.Request(f"{self.url}/_control/{path}", body, method=method)
        # Whatever proxy the environment names, this is about loopback.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                content: bytes = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(error.read().decode()) from None
        return content


@contextmanager
def running(*options: str) -> Iterator[Simulator]:
    """Run a simulator until the block ends; `options` as on its command line."""
    command = [sys.executable, "-m", "provider_simulator", *options]
    process = subprocess.Popen(command, cwd=FOLDER, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip()
        if not address:
            raise RuntimeError(f"the simulator ended with status {process.wait(timeout=30)}")
        yield Simulator(address, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        finally:
            process.kill()
            process.stdout.close()
