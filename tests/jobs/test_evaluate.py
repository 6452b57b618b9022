"""Lakes measured against truth files: whose rows count, who is counted, how long flagging took."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from antipode import cli
from conf.errors import UsageError
from conf.settings import Settings
from jobs.evaluate import evaluate, evaluate_all, read
from lake.lake import Lake
from schemas.event import ANOMALY, EVENT

sys.path.insert(0, str(Path(__file__).parent.parent / "models"))
from month_of_use import Month, boston, lagos

ANA, BEN = "ana@example.com", "ben@example.com"
FIRST, SECOND = (
    date(2026, 3, 4),
    date(2026, 3, 5),
)  # last days looked at; the month begins on 2 March


def anomaly(user: str, day: date, uids: list[str], **more: Any) -> dict[str, Any]:
    return {
        "id": f"{user} in Lagos",
        "tenant": "acme",
        "date": day,
        "user": user,
        "ips": ["102.0.1.5"],
        "score": 0.9,
        "severity": "high",
        "event_uids": uids,
        "run_id": str(day),
        "withdrawn": False,
    } | more


@pytest.fixture
def company(tmp_path: Path) -> tuple[str, Path]:
    """A lake: Ana attacked on the third day, at 15:00; Ben flagged that day and withdrawn later."""
    month = Month()
    month.use(ANA, boston(), 0, 9)
    month.use(BEN, boston(), 1, 9)
    month.use(ANA, lagos(), 2, 15, events=2)  # event-8, event-9
    lake = Lake(str(tmp_path / "lake"), Settings())
    events, anomalies = lake.table("events"), lake.table("anomalies")
    rows = pa.Table.from_pylist(month.events(), EVENT)
    events.commit(events.write_files(rows), "test", 1, events.version())
    flagged = [
        anomaly(BEN, FIRST, ["event-5"]),
        anomaly(BEN, SECOND, ["event-5"], withdrawn=True),
        anomaly(ANA, FIRST, ["event-9"]),
        anomaly(ANA, SECOND, ["event-8", "event-9"]),
    ]
    written = anomalies.write_files(pa.Table.from_pylist(flagged, ANOMALY))
    anomalies.commit(written, "test", 1, anomalies.version())
    truth = tmp_path / "month.truth.ndjson"
    line = {"attack": "1", "kind": "far", "user": ANA, "event_uids": ["event-8", "event-9"]}
    truth.write_text(json.dumps(line) + "\n")
    noise = {"noise": "spray", "user": BEN, "ips": ["102.0.1.5"]}
    (tmp_path / "month.noise.ndjson").write_text(json.dumps(noise) + "\n")
    return lake.uri, truth


def test_the_newest_row_of_each_anomaly_counts_and_the_others_are_remembered(
    company: tuple[str, Path],
) -> None:
    report = evaluate(*company, Settings())
    assert (report["flagged"], report["false"], report["recall"]) == (1, 0, 1.0)
    assert (report["users"], report["user_days"], report["days"]) == (2, 3, 3)
    # From 15:00 on 4 March to midnight, when the first run that found it knew the day.
    assert report["hours_to_flag"] == {"accounts": 1, "median": 9.0, "longest": 9.0}
    assert report["ever_flagged"]["false"] == 1
    assert report["by_noise"] == {"spray": {"accounts": 1, "false": 0}}
    assert evaluate(*company, Settings(), tenant="other")["users"] == 0


def test_lakes_are_pooled(company: tuple[str, Path]) -> None:
    report = evaluate_all([company, company], Settings())
    assert (report["companies"], report["attacks"], report["user_days"]) == (2, 2, 6)


def test_the_command_prints_totals_kinds_and_noise(
    company: tuple[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    lake, truth = company
    arguments = ["evaluate", "--lake", lake, "--truth", str(truth)]
    assert cli.run(arguments) == 0
    shown = capsys.readouterr().out
    assert "attacks found: 1 of 1" in shown
    assert "false per 1,000 user-days: 0.000" in shown
    assert all(word in shown for word in ("far", "spray", "9 (median)"))
    assert cli.run([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["attacks_found"] == 1


def test_without_a_truth_or_events_there_is_nothing_to_measure(
    company: tuple[str, Path], tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match="no file"):
        read(company[0], tmp_path / "none.ndjson", Settings())
    with pytest.raises(UsageError, match="holds no events; run `antipode normalize` first"):
        read(str(tmp_path / "empty"), company[1], Settings())
