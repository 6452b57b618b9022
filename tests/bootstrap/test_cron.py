"""What cron runs each day: yesterday and what was missed, one at a time, then upkeep."""

import fcntl
import subprocess
from datetime import date
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "conf" / "cron" / "daily.sh"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with an antipode that writes down its words; `fail-<command>` lets it fail."""
    program = tmp_path / "antipode"
    lines = ["#!/bin/sh", f'echo "$@" >> {tmp_path}/words', f'[ ! -e "{tmp_path}/fail-$1" ]']
    program.write_text("\n".join([*lines, ""]))
    program.chmod(0o755)
    return tmp_path


def daily(machine: Path, *options: str, **more: str) -> "subprocess.CompletedProcess[str]":
    variables = {
        "PATH": "/usr/bin:/bin",
        "ANTIPODE_LAKE": "s3://bucket/lake",
        "ANTIPODE_LOCK": str(machine / "lock"),
        "ANTIPODE_PROGRAM": str(machine / "antipode"),
    }
    return subprocess.run(
        [SCRIPT, *options], env=variables | more, capture_output=True, text=True, timeout=60
    )


def words(machine: Path) -> list[list[str]]:
    path = machine / "words"
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []


def test_a_week_up_to_yesterday_is_filled_in_then_the_lake_is_tidied(machine: Path) -> None:
    assert daily(machine, "--serverless", "app").returncode == 0
    fill, tidy = words(machine)
    assert fill[:4] == ["backfill", "detect", "--lake", "s3://bucket/lake"]
    first, last = date.fromisoformat(fill[5]), date.fromisoformat(fill[7])
    assert (last - first).days == 6
    assert fill[8:] == ["--serverless", "app"]
    assert tidy == ["maintain", "--lake", "s3://bucket/lake"]


def test_while_one_runs_another_does_nothing(machine: Path) -> None:
    with (machine / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = daily(machine)
    assert (done.returncode, words(machine)) == (0, [])
    assert "still goes on" in done.stdout
    assert daily(machine).returncode == 0
    assert len(words(machine)) == 2


@pytest.mark.parametrize("command", ["backfill", "maintain"])
def test_a_failure_is_its_result_and_keeps_nothing_else_from_being_done(
    machine: Path, command: str
) -> None:
    (machine / f"fail-{command}").touch()
    assert daily(machine).returncode == 1
    assert [line[0] for line in words(machine)] == ["backfill", "maintain"]
    (machine / f"fail-{command}").unlink()
    assert daily(machine).returncode == 0


@pytest.mark.parametrize("days", ["0", "-1", "week"])
def test_a_catch_up_that_is_no_number_of_days_is_refused(machine: Path, days: str) -> None:
    done = daily(machine, ANTIPODE_CATCH_UP=days)
    assert (done.returncode, words(machine)) == (2, [])
    assert f"ANTIPODE_CATCH_UP={days}" in done.stderr


class TestTable:
    """What cron is given, its command run by the shell that it names."""

    TABLE = (SCRIPT.parent / "antipode").read_text()

    def run(self, machine: Path, status: int) -> "subprocess.CompletedProcess[str]":
        (line,) = [line for line in self.TABLE.splitlines() if "daily.sh" in line]
        command = line.split(" antipode ", 1)[1].replace("/opt/antipode/bin/", f"{machine}/")
        for name, text in (("daily.sh", f"echo said; exit {status}"), ("logger", "cat >logged")):
            (machine / name).write_text(f"#!/bin/bash\ncd {machine}\n{text}\n")
            (machine / name).chmod(0o755)
        return subprocess.run(
            ["/bin/bash", "-c", command],
            env={"PATH": f"{machine}:/usr/bin:/bin"},
            capture_output=True,
            text=True,
        )

    def test_cron_sees_a_failure_and_mails_it(self, machine: Path) -> None:
        done = self.run(machine, 3)
        assert done.returncode == 1
        assert "the daily run failed" in done.stdout
        assert (machine / "logged").read_text() == "said\n"

    def test_what_went_well_is_told_nobody(self, machine: Path) -> None:
        assert self.run(machine, 0).returncode == 0
        assert self.run(machine, 0).stdout == ""

    def test_it_relies_on_no_variable_that_debians_cron_ignores(self) -> None:
        assert "CRON_TZ=" not in self.TABLE
