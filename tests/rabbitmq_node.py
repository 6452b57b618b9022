"""A RabbitMQ of our own: one node on free loopback ports, its data in a folder, ended by its id.

Debian's wrapper insists on the system's user, folders and ports; the scripts behind it do not. The
node's name service (epmd) is ours, too: the usual one would outlive the node on a known port.

    python -m rabbitmq_node --folder FOLDER [--port 5673]

runs one by hand, until SIGTERM or SIGINT; the first line printed is its address.
"""

import argparse
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

SERVER = os.environ.get("ANTIPODE_TEST_RABBITMQ", "/usr/lib/rabbitmq/bin/rabbitmq-server")
STARTS_WITHIN = 300.0  # seconds; some five on an idle machine


class NoRabbitMQ(Exception):
    """RabbitMQ is not installed, or did not start."""


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def wait_for_port(port: int, seconds: float, alive: subprocess.Popen[bytes] | None = None) -> bool:
    """Wait until somebody answers on a port of loopback; False when nobody does in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if alive is not None and alive.poll() is not None:
            return False
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        time.sleep(0.1)
    return False


@dataclass
class Node:
    """One node; it may be stopped and started again on the same data and port."""

    folder: Path
    port: int = field(default_factory=free_port)
    password: str = "guest"
    _epmd: int = field(default_factory=free_port)
    _distribution: int = field(default_factory=free_port)
    _running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"amqp://guest:{self.password}@127.0.0.1:{self.port}//"

    @property
    def log(self) -> str:
        """What the node said so far."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("log/*.log")))

    def start(self) -> None:
        """Start, and return once connections are accepted."""
        if not Path(SERVER).exists():
            raise NoRabbitMQ("RabbitMQ is not here: run bootstrap/setup.sh, which installs it.")
        self.folder.mkdir(parents=True, exist_ok=True)
        cookie = self.folder / ".erlang.cookie"
        if not cookie.exists():
            cookie.write_text("antipode-tests")
            cookie.chmod(0o400)
        (self.folder / "rabbitmq.conf").write_text(
            f"loopback_users = none\nlog.console = false\ndefault_pass = {self.password}\n"
        )
        (self.folder / "plugins").write_text("[].\n")
        names = self._start(["epmd", "-port", str(self._epmd), "-address", "127.0.0.1"])
        if not wait_for_port(self._epmd, STARTS_WITHIN, names):
            raise NoRabbitMQ("epmd did not start")
        said = len(self.log)
        server = self._start([SERVER])
        if not self._accepts(server, said):
            self.stop()
            raise NoRabbitMQ(f"RabbitMQ did not start:\n{self._output()}\n{self.log}")

    def stop(self, hard: bool = False) -> None:
        """End the node; `hard`: as a power cut would. The data stays."""
        for process in reversed(self._running):  # the node, then its name service
            number = signal.SIGKILL if hard else signal.SIGTERM
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(timeout=60)
        self._running.clear()

    def _start(self, command: list[str]) -> subprocess.Popen[bytes]:
        # A group of its own: scripts start the emulator, and helpers beside it.
        with (self.folder / "output").open("ab") as output:
            process = subprocess.Popen(
                command,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self._running.append(process)
        return process

    def _accepts(self, server: subprocess.Popen[bytes], said: int) -> bool:
        # Its port answers a moment before all of it is there.
        end = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < end and server.poll() is None:
            if "Server startup complete" in self.log[said:]:
                return wait_for_port(self.port, 10, server)
            time.sleep(0.1)
        return False

    def _output(self) -> str:
        return (self.folder / "output").read_text()

    def _environment(self) -> dict[str, str]:
        folder = str(self.folder)
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        arguments = "-kernel inet_dist_use_interface {127,0,0,1}"
        return kept | {
            "HOME": folder,  # holds the cookie
            "ERL_CRASH_DUMP_SECONDS": "0",
            "ERL_EPMD_PORT": str(self._epmd),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"antipode-{self.port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._distribution),
            "RABBITMQ_MNESIA_BASE": f"{folder}/data",
            "RABBITMQ_LOG_BASE": f"{folder}/log",
            "RABBITMQ_CONFIG_FILE": f"{folder}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/plugins",
            "RABBITMQ_PID_FILE": f"{folder}/pid",
            # Two schedulers that do not spin while they wait: tests share the machine.
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": f"{arguments} +S 2:2 +sbwt none +sbwtdcpu none",
        }


@contextmanager
def running(folder: Path, password: str = "guest") -> Iterator[Node]:
    """Run a node until the block ends."""
    node = Node(folder, password=password)
    try:
        node.start()
        yield node
    finally:
        node.stop()


def main() -> None:
    parser = argparse.ArgumentParser(prog="rabbitmq_node", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="for the node's data")
    parser.add_argument("--port", type=int, help="Default: a free one.")
    given = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    node = Node(given.folder.resolve(), given.port or free_port())
    try:
        node.start()
        print(node.url, flush=True)
        signal.pause()
    finally:
        node.stop()


if __name__ == "__main__":
    main()
