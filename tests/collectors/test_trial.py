"""The trial of docs/operations.md: its commands, as they stand, in one shell."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from deployment import wait_until
from rabbitmq_node import free_port

from conf.settings import Settings
from lake.lake import Lake

pytestmark = pytest.mark.xdist_group("rabbitmq")

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "operations.md"
PATIENCE = 180.0  # seconds; the machine may be busy with other tests
TENANTS, SOURCES = ("acme", "globex"), ("okta", "slack", "github")


@pytest.fixture
def blocks() -> list[str]:
    """What the page has its reader type: to begin, to look, to end; with ports that are free."""
    (section,) = re.findall(
        r"## Collecting for many tenants\n(.*?)\n## ", PAGE.read_text(), re.DOTALL
    )
    found = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    broker, simulator = str(free_port()), str(free_port())
    return [block.replace("5673", broker).replace("8765", simulator) for block in found]


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    with (tmp_path / "said").open("wb") as said:
        started = subprocess.Popen(
            ["bash"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGTERM)
            # The broker ends what it started itself, and is given the time to.
            wait_until(lambda: not _any_left(started), 20.0)
            os.killpg(started.pid, signal.SIGKILL)
        started.wait(timeout=20)
        assert started.stdin is not None
        with suppress(BrokenPipeError):
            started.stdin.close()


def test_what_the_page_says_collects_and_leaves_nothing_behind(
    blocks: list[str], shell: subprocess.Popen[str], tmp_path: Path
) -> None:
    trial, said = tmp_path / "antipode-trial", tmp_path / "said"
    begin, look, end = blocks
    assert shell.stdin is not None
    shell.stdin.write(begin)
    shell.stdin.flush()
    assert wait_until(lambda: _all_there(trial / "lake"), PATIENCE), said.read_text()
    shell.stdin.write(f"{look}\necho looked\n")
    shell.stdin.flush()
    assert wait_until(lambda: "\nlooked" in said.read_text(), PATIENCE)
    told = said.read_text()
    for tenant in TENANTS:
        for source in SOURCES:
            assert re.search(rf"{tenant}/{source} \w+: ok, [1-9]", told)  # check
            assert re.search(rf"{tenant}/{source}\W+fine", told), told  # status
    shell.stdin.write(end)
    shell.stdin.close()
    assert shell.wait(timeout=PATIENCE) == 0, said.read_text()
    assert not trial.exists()


def _any_left(shell: subprocess.Popen[str]) -> bool:
    shell.poll()
    try:
        os.killpg(shell.pid, 0)
    except ProcessLookupError:
        return False
    return True


def _all_there(lake: Path) -> bool:
    if not (lake / "events").exists():
        return False
    table = Lake(str(lake), Settings()).table("events")
    return all(table.files(tenant, source=source) for tenant in TENANTS for source in SOURCES)
