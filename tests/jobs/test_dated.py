"""Jobs for a date, and filling in dates: what has been done is known from the lake."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from iam_decision import allowed
from lake_rows import event, events

from antipode import cli
from conf.errors import UsageError
from conf.settings import Settings
from jobs import dated, health
from jobs.cluster import deployment
from jobs.dated import Work, detect
from jobs.publishing import publish
from lake.lake import Lake

CONF = Path(__file__).parents[2] / "conf"
DAY = date(2026, 10, 31)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"), Settings())


def work(lake: Lake, day: date = DAY, days: int = 30, tenant: str | None = "acme") -> Work:
    return Work("detect", day, lake.uri, tenant, days)


def ran(lake: Lake, day: date, days: int = 30) -> None:
    report: dict[str, Any] = {"flagged": 0, "filtered": {}, "explained": {}}
    health.record(lake, "acme", day, f"run-{day}-{days}", days, 0, report)


def with_events(lake: Lake) -> None:
    """Let the tenant have an event on each day of October."""
    first = datetime(2026, 10, 1, 12, tzinfo=UTC)
    times = [first + timedelta(days=number) for number in range(31)]
    rows = events([event(f"e{number}", time) for number, time in enumerate(times)])
    publish(lake.table("events"), rows, "acme", [time.date() for time in times])


class TestDetect:
    def test_its_date_is_the_last_day_that_is_looked_at(self, lake: Lake) -> None:
        words = detect.arguments(work(lake, date(2026, 12, 31)))
        assert words[words.index("--as-of") + 1] == "2027-01-01"

    def test_without_a_run_of_that_day_and_span_it_is_not_done(self, lake: Lake) -> None:
        with_events(lake)
        assert not detect.done(lake, work(lake))
        ran(lake, date(2026, 10, 30))
        ran(lake, DAY, days=7)
        assert not detect.done(lake, work(lake))
        ran(lake, DAY)
        assert detect.done(lake, work(lake))
        assert detect.done(lake, work(lake, tenant=None))

    def test_what_the_role_of_submitters_may_read_is_enough_to_know(
        self, lake: Lake, tmp_path: Path
    ) -> None:
        with_events(lake)
        ran(lake, DAY)
        values = deployment.read(CONF / "emr" / "deployment.toml")
        role = deployment.filled("emr/iam/submitter.json", values)
        readable = Lake(str(tmp_path / "readable"), Settings())
        for key in lake.objects.list(""):
            if allowed([role], "s3:GetObject", f"arn:aws:s3:::{values['bucket']}/lake/{key}", {}):
                readable.objects.put(key, lake.objects.get(key).data)
        assert len(list(readable.objects.list(""))) < len(list(lake.objects.list("")))
        for tenant in ("acme", None):
            assert detect.done(readable, work(readable, tenant=tenant))
            assert not detect.done(readable, work(readable, date(2026, 10, 30), tenant=tenant))

    def test_days_without_any_event_are_not_waited_for(self, lake: Lake) -> None:
        assert detect.done(lake, work(lake))


def test_the_same_work_has_the_same_name_and_other_work_another(lake: Lake) -> None:
    others = [work(lake, date(2026, 10, 30)), work(lake, days=7), work(lake, tenant=None)]
    assert work(lake).name == work(lake).name
    assert len({work(lake).name, *(each.name for each in others)}) == 4


def test_names_that_are_cut_still_tell_works_apart() -> None:
    deep = "s3://bucket/" + "folder/" * 60
    one, other = (Work("detect", DAY, f"{deep}{end}").name for end in ("a", "b"))
    assert one != other
    assert len(one) == len(other) == 256
    assert one.startswith("antipode detect 2026-10-31 30 days all tenants s3://bucket/folder/")


def test_a_job_that_has_no_date_is_refused_by_name() -> None:
    with pytest.raises(UsageError, match="'demo' is no job that is run for a date: choose detect"):
        dated.job("demo")


class TestBackfill:
    @pytest.fixture
    def runs(self, lake: Lake, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Detection that only writes down that it ran; the names of what was run."""
        with_events(lake)
        found: list[str] = []

        def run(uri: str, settings: Settings, *asked: Any, **_: Any) -> dict[str, Any]:
            _tenant, days, before, _master = asked
            found.append(before.isoformat())
            day = before - timedelta(days=1)
            if day.day == 13:
                raise UsageError("an unlucky day")
            ran(Lake(uri, settings), day, days)
            return {"tenants": {}, "seconds": {}}

        monkeypatch.setattr("jobs.detect.run", run)
        return found

    def fill(self, lake: Lake, first: str, last: str, *more: str) -> int:
        given = ["--from", first, "--to", last, "--lake", lake.uri, "--tenant", "acme"]
        return cli.run(["backfill", "detect", *given, *more])

    def test_each_date_is_run_in_turn_but_for_those_done(
        self, lake: Lake, runs: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        ran(lake, date(2026, 10, 2))
        assert self.fill(lake, "2026-10-01", "2026-10-03", "--json") == 0
        assert runs == ["2026-10-02", "2026-10-04"]
        counted = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert (counted["dates"], counted["skipped"], counted["run"]) == (3, 1, 2)

    def test_a_second_time_nothing_is_run_unless_asked(self, lake: Lake, runs: list[str]) -> None:
        assert self.fill(lake, "2026-10-01", "2026-10-02") == 0
        runs.clear()
        assert self.fill(lake, "2026-10-01", "2026-10-02") == 0
        assert runs == []
        assert self.fill(lake, "2026-10-01", "2026-10-02", "--again") == 0
        assert len(runs) == 2

    def test_a_date_that_fails_keeps_no_other_from_being_run_and_is_named_at_the_end(
        self, lake: Lake, runs: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.fill(lake, "2026-10-12", "2026-10-14") == 1
        assert runs == ["2026-10-13", "2026-10-14", "2026-10-15"]
        said = json.loads(capsys.readouterr().err.splitlines()[-1])["message"]
        assert said.startswith("1 of 3 dates failed: 2026-10-13 (an unlucky day).")
        runs.clear()
        assert self.fill(lake, "2026-10-12", "2026-10-14") == 1
        assert runs == ["2026-10-14"]

    def test_a_span_that_ends_before_it_begins_is_refused(self, lake: Lake) -> None:
        assert self.fill(lake, "2026-10-02", "2026-10-01") == 2
