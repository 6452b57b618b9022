"""What cron runs each day: yesterday and what was missed, one at a time, then upkeep."""

import fcntl
import subprocess
from datetime import date
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "conf" / "cron" / "daily.sh"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with an antipode that writes down its words; it fails where `fail` is there."""
    program = tmp_path / "antipode"
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/words\n[ ! -e {tmp_path}/fail ]\n')
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


def test_a_failure_is_its_result_and_the_next_one_may_run(machine: Path) -> None:
    (machine / "fail").touch()
    assert daily(machine).returncode == 1
    assert len(words(machine)) == 1
    (machine / "fail").unlink()
    assert daily(machine).returncode == 0


@pytest.mark.parametrize("days", ["0", "-1", "week"])
def test_a_catch_up_that_is_no_number_of_days_is_refused(machine: Path, days: str) -> None:
    done = daily(machine, ANTIPODE_CATCH_UP=days)
    assert (done.returncode, words(machine)) == (2, [])
    assert f"ANTIPODE_CATCH_UP={days}" in done.stderr
