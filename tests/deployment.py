"""Antipode as it is deployed: workers and beat in processes of their own, around one lake."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from antipode.collect_worker import arguments
from conf.settings import Settings
from lake.lake import Lake

FOLDER = Path(__file__).parents[1]


@dataclass
class Process:
    """A worker, or beat."""

    started: subprocess.Popen[bytes]
    log_file: Path

    @property
    def pid(self) -> int:
        return self.started.pid

    @property
    def log(self) -> str:
        """What it said so far."""
        return self.log_file.read_text()

    def kill(self) -> None:
        """End it and its children as `kill -9` does."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.started.wait(timeout=30)

    def signal(self, number: int) -> None:
        """Send it a signal, if it still runs."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def stop(self, seconds: float = 60.0) -> int:
        """Tell it to end; it finishes what it is at. Returns its exit status."""
        if self.started.poll() is None:
            self.started.terminate()
        try:
            return self.started.wait(timeout=seconds)
        finally:
            self.kill()


@dataclass
class Deployment:
    """Processes that share a lake, a broker and a configuration."""

    folder: Path
    broker: str  # its address
    lake: str
    environment: dict[str, str] = field(default_factory=dict)
    workers: str = ""  # TOML on top of the one that ships
    reading: dict[str, str] = field(default_factory=dict)  # otherwise, for those who check
    through: str = ""  # a module that runs another, whose name and arguments it is given
    processes: list[Process] = field(default_factory=list)

    @property
    def accounts(self) -> Path:
        return self.folder / "accounts.toml"

    @property
    def workers_file(self) -> Path:
        return self.folder / "workers.toml"

    def hide(self, secret: str) -> str:
        """Put a secret where processes that start from now on find it; return a reference."""
        path = self.folder / "secrets" / f"{len(list((self.folder / 'secrets').glob('*')))}"
        path.write_text(secret)
        return f"file:{path}"

    def configure(self, tenants: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
        """Write the accounts: tenant -> source -> fields. At once, as a careful person would."""
        lines = []
        for tenant, sources in tenants.items():
            for source, fields in sources.items():
                lines.append(f"[tenants.{tenant}.{source}]")
                lines += [f"{name} = {_toml(value)}" for name, value in fields.items()]
        new = self.accounts.with_suffix(".new")
        new.write_text("\n".join(lines) + "\n")
        new.replace(self.accounts)

    def __post_init__(self) -> None:
        (self.folder / "secrets").mkdir(parents=True)

    def collect(self, *more: str) -> Process:
        if self.through:
            given = arguments(self.lake, self.accounts, self.workers_file, None, None)
            green = ["gevent.monkey", "--module", self.through, "antipode.collect_worker", given]
            return self._start("collect", green)
        asked = ["--lake", self.lake, "--accounts", str(self.accounts)]
        return self._antipode("collect", "worker", "collect", *asked, *more)

    def normalize(self, *more: str) -> Process:
        return self._antipode("normalize", "worker", "normalize", "--lake", self.lake, *more)

    def daily(self, *more: str) -> Process:
        """`more`: what goes behind `--celery`."""
        asked = ["worker", "daily", "--lake", self.lake, "--celery", str(self.workers_file)]
        return self._start("daily", ["antipode", *asked, *more])

    def beat(self, *more: str) -> Process:
        return self._antipode("beat", "beat", "--accounts", str(self.accounts), *more)

    def end(self) -> None:
        """Kill whatever still runs."""
        for process in self.processes:
            process.kill()

    def events(self, tenant: str, source: str) -> Counter[str]:
        """Return how often each event id is in `events/`."""
        table = Lake(self.lake, self.settings).table("events")
        rows = table.arrow(("metadata",), live=table.files(tenant, source=source))
        return Counter(pc.struct_field(rows["metadata"], "uid").to_pylist())

    @property
    def settings(self) -> Settings:
        """How whoever checks reads the lake."""
        found = {**self.environment, **self.reading}
        names = {name.removeprefix("ANTIPODE_").lower(): name for name in found}
        known = names.keys() & Settings.model_fields.keys()
        return Settings(**{name: found[names[name]] for name in known})

    def _antipode(self, name: str, *asked: str) -> Process:
        through = [self.through] if self.through else []
        command = [*through, "antipode", *asked, "--celery", str(self.workers_file)]
        return self._start(name, command)

    def _start(self, name: str, module: Sequence[str]) -> Process:
        self.workers_file.write_text(self.workers)
        log = self.folder / f"{name}-{len(self.processes)}.log"
        with log.open("wb") as output:
            started = subprocess.Popen(
                [sys.executable, "-m", *module],
                cwd=FOLDER,
                env={**os.environ, **self.environment, "ANTIPODE_BROKER": self.broker},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(Process(started, log))
        return self.processes[-1]


def wait_until(holds: Callable[[], bool], seconds: float, every: float = 0.3) -> bool:
    """Wait until something holds; False when it does not in time."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(every)
    return True


def _toml(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'
