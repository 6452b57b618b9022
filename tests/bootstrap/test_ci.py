"""`.ci/run` with all that it starts made up: what runs, and what is said of what does not."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKE = """#!/bin/sh
echo "$*" >>"$CALLS"
case " $BROKEN " in *" $1 "*) echo "$1 is broken" >&2; exit 2 ;; esac
"""
UNSHARE = """#!/bin/sh
echo "unshare: unshare failed: Operation not permitted" >&2
exit 1
"""

# Goes into no name space at all.
INSIDE = """#!/bin/sh
while [ "$1" != bash ]; do [ $# -gt 0 ] || exit 0; shift; done
exec "$@"
"""


def program(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


class Machine:
    """A checkout with its `.ci/run`, and a machine on which `make` only notes what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (".ci/run", "tests/e2e/can_seal.sh", "tests/e2e/sealed.sh"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        program(folder / "bin" / "make", MAKE)
        # Name spaces are not this test's subject: here they are given, or refused.
        program(folder / "bin" / "unshare", "#!/bin/sh\nexit 0\n")

    def refuses_name_spaces(self) -> None:
        program(self.folder / "bin" / "unshare", UNSHARE)

    def run(self, broken: str = "", seconds: int = 0) -> tuple[int, str, list[str]]:
        """Return the exit status, what was said, and what `make` was asked for."""
        calls = self.folder / "calls"
        calls.unlink(missing_ok=True)
        path = f"{self.folder / 'bin'}:{os.environ['PATH']}"
        if seconds:
            script = self.folder / ".ci" / "run"
            later = f"set -euo pipefail\nSECONDS={seconds}\n"
            script.write_text(script.read_text().replace("set -euo pipefail\n", later, 1))
        done = subprocess.run(
            [self.folder / ".ci" / "run"],
            env={**os.environ, "PATH": path, "CALLS": str(calls), "BROKEN": broken},
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout, calls.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_everything_runs_where_everything_can(machine: Machine) -> None:
    status, said, asked = machine.run()
    assert status == 0
    assert asked[:6] == ["test", "check", "demo", "test-services", "cluster", "e2e"]
    assert asked[-1] == "test-spark35"
    assert "not run" not in said


def test_without_name_spaces_it_says_so_and_goes_on(machine: Machine) -> None:
    machine.refuses_name_spaces()
    status, said, asked = machine.run()
    assert status == 0
    assert "=== not run: make e2e" in said
    assert "unshare failed: Operation not permitted" in said
    assert "cluster" not in asked
    assert "e2e" not in asked
    assert asked[-1] == "test-spark35"


def test_what_cannot_be_installed_is_said(machine: Machine) -> None:
    status, said, asked = machine.run(broken="cluster")
    assert status == 0
    assert "not run: make e2e" in said
    assert "cluster is broken" in said
    assert "e2e" not in asked


@pytest.mark.parametrize("broken", ["test", "check", "demo", "test-services", "e2e", "faults"])
def test_what_fails_fails_the_run(machine: Machine, broken: str) -> None:
    status, said, asked = machine.run(broken=broken)
    assert status == 1
    assert f"=== failed: make {broken}" in said
    assert asked[-1].split()[0] == broken


def test_what_there_is_no_time_for_is_said(machine: Machine) -> None:
    status, said, asked = machine.run(seconds=3000)
    assert status == 0
    assert said.count("no time left") == 2
    assert asked == ["test", "check", "demo", "test-services", "faults SEED=11 ROUNDS=1 KILLS=4"]


def seals(folder: Path, unshare: str) -> tuple[int, str]:
    program(folder / "unshare", unshare)
    done = subprocess.run(
        [ROOT / "tests" / "e2e" / "can_seal.sh"],
        env={**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout


def test_a_cluster_that_would_see_the_checkout_is_none(tmp_path: Path) -> None:
    covers = "mount -t tmpfs -o size=64k"
    assert covers in (ROOT / "tests" / "e2e" / "sealed.sh").read_text()
    # In name spaces that are none, and where nothing can be mounted, the checkout stays in sight.
    program(tmp_path / "mount", "#!/bin/sh\nexit 0\n")
    program(tmp_path / "hostname", "#!/bin/sh\nexit 0\n")
    status, said = seals(tmp_path, INSIDE)
    assert status == 1
    assert "would see the checkout" in said


def test_what_the_system_refuses_is_told(tmp_path: Path) -> None:
    status, said = seals(tmp_path, UNSHARE)
    assert status == 1
    assert said.startswith("no name spaces for a cluster of its own: unshare")
