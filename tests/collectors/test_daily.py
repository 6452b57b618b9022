"""The daily run on Celery: sent once a day by one broker; the last days, but for those done."""

import json
import logging
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from stepping_clock import SteppingClock

from antipode import cli
from collectors import worker_settings
from collectors.celery_app import celery_app
from collectors.daily_task import DailyTask
from collectors.live_configuration import LiveConfiguration
from collectors.schedule import AccountScheduler, daily_entry
from conf.errors import UsageError

NOW = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def settings(folder: Path, text: str = '[daily]\nat = "05:30"\n') -> worker_settings.WorkerSettings:
    path = folder / "workers.toml"
    path.write_text(text)
    return worker_settings.load(path)


class Runs(list[list[str]]):
    """What was run, with a result."""

    def __init__(self, status: int = 0, too_long: bool = False) -> None:
        self.status, self.too_long = status, too_long

    def __call__(self, words: list[str], longest: float) -> int:
        self.append(words)
        if self.too_long:
            raise subprocess.TimeoutExpired(words, longest)
        return self.status


def test_the_last_days_up_to_yesterday_are_filled_in(tmp_path: Path) -> None:
    runs = Runs()
    daily = settings(tmp_path).daily
    DailyTask("lake", daily, SteppingClock(NOW), ["--serverless", "app"], runs).run()
    assert runs == [
        [
            *("backfill", "detect", "--lake", "lake", "--from", "2026-10-25", "--to", "2026-10-31"),
            *("--serverless", "app"),
        ]
    ]


def test_its_words_are_a_command_of_antipode(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = Runs()
    DailyTask(str(tmp_path), settings(tmp_path).daily, SteppingClock(NOW), ["--json"], runs).run()
    assert cli.run(runs[0]) == 0  # an empty lake: each date is done
    assert json.loads(capsys.readouterr().out)["skipped"] == 7


@pytest.mark.parametrize(
    ("runs", "says"), [(Runs(status=1), "failed"), (Runs(too_long=True), "ended")]
)
def test_what_goes_wrong_is_told_and_left_to_the_next_day(
    tmp_path: Path, runs: Runs, says: str, caplog: pytest.LogCaptureFixture
) -> None:
    log = logging.getLogger("antipode")
    log.addHandler(caplog.handler)
    try:
        DailyTask("lake", settings(tmp_path).daily, SteppingClock(NOW), (), runs).run()
    finally:
        log.removeHandler(caplog.handler)
    (record,) = caplog.records
    assert (record.levelname, record.message) == ("ERROR", f"daily run {says}")


class TestBeat:
    def scheduled(self, folder: Path, text: str, broker: str) -> set[str]:
        accounts = folder / "accounts.toml"
        accounts.write_text("")
        found = settings(folder, text)
        scheduler = AccountScheduler(
            app=celery_app("memory://", found.connection),
            accounts=LiveConfiguration(accounts, SteppingClock(NOW)),
            settings=found,
            broker=broker,
        )
        return set(scheduler.schedule)

    def test_without_a_time_it_is_not_sent(self, tmp_path: Path) -> None:
        assert self.scheduled(tmp_path, "", "main") == set()

    def test_one_of_several_brokers_sends_it(self, tmp_path: Path) -> None:
        brokers = '[brokers]\neast = "env:E"\nwest = "env:W"\n[daily]\nat = "05:30"\n'
        sent = {name: self.scheduled(tmp_path, brokers, name) for name in ("east", "west")}
        assert sent == {"east": {"daily"}, "west": set()}

    @pytest.mark.parametrize("hours", [0, 1, 23])
    def test_it_is_due_at_that_time_of_day_whenever_beat_was_started(
        self, tmp_path: Path, hours: int
    ) -> None:
        found = settings(tmp_path)
        app = celery_app("memory://", found.connection)
        made = daily_entry(app, found, NOW + timedelta(hours=hours))
        assert made.last_run_at == NOW
        assert (made.task, made.options["queue"]) == ("antipode.daily", "daily")
        before = daily_entry(app, found, NOW - timedelta(seconds=1))
        assert before.last_run_at == NOW - timedelta(days=1)


@pytest.mark.parametrize("at", ["5:30", "24:00", "noon"])
def test_a_time_that_is_none_is_refused(tmp_path: Path, at: str) -> None:
    with pytest.raises(UsageError, match=r"daily\.at"):
        settings(tmp_path, f'[daily]\nat = "{at}"\n')


def test_options_of_backfill_go_with_daily_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["worker", "normalize", "--lake", "lake", "--", "--serverless", "app"]) == 2
    assert "goes with daily only" in capsys.readouterr().err
