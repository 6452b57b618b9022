"""The Ansible role of workers, applied for real below another root: twice, and a new release."""

import configparser
import grp
import json
import os
import pwd
import re
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import made_wheels
import pytest
from command_words import read

PLAYBOOK = Path(__file__).parents[2] / "conf" / "ansible" / "workers.yml"
SECRET = "very-secret"
PROGRAM = Path(sys.executable).with_name("ansible-playbook")


class Unit(configparser.ConfigParser):
    """A unit of systemd, whose names have capitals."""

    def optionxform(self, optionstr: str) -> str:
        return optionstr


@dataclass(frozen=True)
class Machine:
    """A machine that is a folder, and the inventory that says what belongs on it."""

    folder: Path
    variables: dict[str, Any]

    @property
    def root(self) -> Path:
        return self.folder / "root"

    def release(self, version: str) -> None:
        """Make the wheels and the lock of a release."""
        wheels = self.folder / f"wheels-{version}"
        wheels.mkdir()
        made_wheels.make(wheels, "antipode", version)
        library = made_wheels.make(wheels, "library", "1.0")
        (wheels / "lock").write_text(library.line)

    def apply(self, version: str = "1.0", **more: Any) -> "subprocess.CompletedProcess[str]":
        wheels = str(self.folder / f"wheels-{version}")
        said = {"workers_version": version, "workers_wheelhouse": wheels}
        said["workers_lock"] = f"{wheels}/lock"
        given = self.folder / "variables.json"
        given.write_text(json.dumps(self.variables | said | more))
        local = {"ANSIBLE_HOME": str(self.folder / "ansible"), "ANSIBLE_PIPELINING": "1"}
        inventory = self.folder / "hosts"
        inventory.write_text("[antipode_workers]\nmachine ansible_connection=local\n")
        command = [PROGRAM, "-i", inventory, "-e", f"@{given}", PLAYBOOK]
        return subprocess.run(command, env=os.environ | local, capture_output=True, text=True)

    def unit(self, name: str) -> Unit:
        found = Unit(strict=False, interpolation=None)
        found.read(self.root / "etc" / "systemd" / "system" / name)
        return found


def changed(done: "subprocess.CompletedProcess[str]") -> int:
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"ok=\d+ +changed=(\d+)", done.stdout)
    assert found, done.stdout
    return int(found[1])


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine to which the role was applied once."""
    folder = tmp_path_factory.mktemp("machine")
    (folder / "accounts").mkdir()
    (folder / "accounts" / "acme.toml").write_text('[[account]]\ntenant = "acme"\n')
    made = Machine(
        folder,
        {
            "ansible_become": False,
            "ansible_python_interpreter": sys.executable,
            "workers_python": sys.executable,
            "workers_root": str(folder / "root"),
            "workers_user": pwd.getpwuid(os.getuid()).pw_name,
            "workers_group": grp.getgrgid(os.getgid()).gr_name,
            "workers_make_user": False,
            "workers_start": False,
            "workers_beat": True,
            "workers_daily": {"at": "05:30 UTC", "options": "--cluster j-1"},
            "workers_lake": "s3://bucket/lake",
            "workers_accounts": str(folder / "accounts"),
            "workers_celery": "[schedule]\nevery = 90\n",
            "workers_settings": {"ANTIPODE_S3_REGION": "eu-central-1"},
            "workers_secrets": {"ANTIPODE_BROKER": f'amqp://antipode:{SECRET}"\\@host//'},
        },
    )
    made.release("1.0")
    first = made.apply()
    assert changed(first) > 10
    assert SECRET not in first.stdout + first.stderr
    return made


def test_applied_again_it_changes_nothing(machine: Machine) -> None:
    assert changed(machine.apply()) == 0


def test_the_program_is_installed_from_the_wheels_alone(machine: Machine) -> None:
    python = machine.root / "opt" / "antipode" / "venv" / "bin" / "python"
    asked = "import antipode, library; print(antipode.VERSION, library.VERSION)"
    said = subprocess.run([python, "-I", "-c", asked], capture_output=True, text=True)
    assert said.stdout.split() == ["1.0", "1.0"]


def test_secrets_are_for_the_service_manager_alone_and_never_told(machine: Machine) -> None:
    path = machine.root / "etc" / "antipode" / "secrets.env"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert 'ANTIPODE_BROKER="amqp://antipode:very-secret\\"\\\\@host//"' in path.read_text()


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("collect", "worker collect --lake s3://bucket/lake --accounts {conf}/accounts"),
        ("normalize", "worker normalize --lake s3://bucket/lake --celery {conf}/workers.toml"),
        ("beat", "beat --accounts {conf}/accounts --celery {conf}/workers.toml"),
    ],
)
def test_each_worker_is_a_unit_that_starts_its_command_again(
    machine: Machine, unit: str, words: str
) -> None:
    service = machine.unit(f"antipode-{unit}.service")["Service"]
    program = machine.root / "opt" / "antipode" / "venv" / "bin" / "antipode"
    conf = machine.root / "etc" / "antipode"
    assert service["ExecStart"].startswith(f"{program} {words.format(conf=conf)}")
    assert (service["Restart"], service["NoNewPrivileges"]) == ("always", "yes")
    assert int(service["TimeoutStopSec"]) > 600  # the longest task of `normalize`
    assert machine.unit(f"antipode-{unit}.service")["Install"]["WantedBy"] == "multi-user.target"


def test_the_commands_of_units_are_commands_of_antipode(machine: Machine) -> None:
    for unit in ("collect", "normalize", "beat"):
        line = machine.unit(f"antipode-{unit}.service")["Service"]["ExecStart"].split()
        assert read(line[1:])["celery"].name == "workers.toml"


def test_the_daily_run_is_a_timer_that_catches_up(machine: Machine) -> None:
    assert machine.unit("antipode-daily.timer")["Timer"]["Persistent"] == "true"
    service = machine.unit("antipode-daily.service")["Service"]
    script, *options = service["ExecStart"].split()
    assert os.access(script, os.X_OK)
    assert options == ["--cluster", "j-1"]


def test_a_new_release_that_cannot_be_installed_leaves_the_old_one(machine: Machine) -> None:
    machine.release("2.0")
    lock = machine.folder / "wheels-2.0" / "lock"
    lock.write_text(re.sub("sha256:.{64}", "sha256:" + "0" * 64, lock.read_text()))
    done = machine.apply("2.0")
    assert done.returncode != 0
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stdout
    assert str((machine.root / "opt" / "antipode" / "venv").readlink()) == "releases/1.0/venv"


def test_what_is_not_filled_in_is_named(machine: Machine) -> None:
    done = machine.apply(workers_lake="")
    assert done.returncode != 0
    assert "workers_lake is empty" in done.stdout


SYSTEMCTL = """#!/bin/sh
echo "$@" >>"$ANTIPODE_TOLD"
case "$1" in
  show) printf 'Id=%s\nLoadState=loaded\nActiveState=active\nSubState=running\n' "$2" ;;
  is-enabled) echo enabled ;;
esac
"""


def test_what_does_not_run_here_any_more_is_stopped_before_its_unit_goes(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = machine.root / "etc" / "systemd" / "system"
    (tmp_path / "systemctl").write_text(SYSTEMCTL)
    (tmp_path / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("ANTIPODE_TOLD", str(tmp_path / "told"))
    monkeypatch.setenv("SYSTEMD_OFFLINE", "0")
    gone = ["antipode-beat.service", "antipode-daily.timer", "antipode-daily.service"]
    done = machine.apply(workers_beat=False, workers_daily={}, workers_start=True)
    assert changed(done) >= 2
    told = (tmp_path / "told").read_text().splitlines()
    for unit in gone:
        assert {f"stop {unit}", f"disable {unit}"} <= set(told)
    assert [path.name for path in sorted(units.iterdir())] == [
        "antipode-collect.service",
        "antipode-normalize.service",
    ]
    assert max(told.index(f"stop {unit}") for unit in gone) < told.index("daemon-reload")
    assert not any("stop antipode-collect" in line for line in told)
