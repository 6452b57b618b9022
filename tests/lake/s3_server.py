"""A real S3 server on this machine, for tests: the one that `bootstrap/services.sh` installs."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / ".services" / "bin" / "versitygw"
ACCESS_KEY, SECRET_KEY = "tester", "only-on-this-machine"


@dataclass(frozen=True)
class S3Server:
    """Where the server listens, and the environment that clients need."""

    url: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_EC2_METADATA_DISABLED": "true",
            "ANTIPODE_S3_ENDPOINT_URL": self.url,
            "ANTIPODE_S3_REGION": "us-east-1",
        }


@contextmanager
def running(folder: Path) -> Iterator[S3Server]:
    """Run the server over `folder` until the block ends."""
    if not PROGRAM.exists():
        raise RuntimeError(f"{PROGRAM} is not there; run bootstrap/services.sh first")
    for name in ("buckets", "meta"):
        (folder / name).mkdir()
    port = _free_port()
    log = (folder / "log").open("wb")
    backend = ["posix", folder / "buckets"]
    server = subprocess.Popen(
        [PROGRAM, "--port", f"127.0.0.1:{port}", "--quiet", *backend],
        env=os.environ | {"ROOT_ACCESS_KEY": ACCESS_KEY, "ROOT_SECRET_KEY": SECRET_KEY},
        stdout=log,
        stderr=log,
    )
    try:
        _wait_for(port, server, folder / "log")
        yield S3Server(f"http://127.0.0.1:{port}")
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, server: "subprocess.Popen[bytes]", log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the S3 server ended: {log.read_text()}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"the S3 server does not answer: {log.read_text()}")
