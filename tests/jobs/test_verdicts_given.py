"""A verdict is kept, and the next run heeds it."""

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from antipode import anomaly_list, cli
from conf.errors import UsageError
from conf.settings import Settings
from jobs import detect
from jobs.verdict import Said, give
from lake.lake import Lake
from schemas.event import EVENT

sys.path.insert(0, str(Path(__file__).parent.parent / "models"))
from month_of_use import DAYS, Month, boston, lagos

ANA = "ana@example.com"
NOW = datetime(2026, 4, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def lake(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A lake in which Ana was flagged in Lagos, over hosting."""
    month = Month()
    month.colleagues(30)
    month.work(ANA, boston(), range(DAYS))
    month.use(ANA, lagos(kind="hosting"), 8, 15.4, events=12, agent="stranger")
    made = Lake(str(tmp_path_factory.mktemp("verdict") / "lake"), Settings())
    table = made.table("events")
    table.commit(table.write_files(pa.Table.from_pylist(month.events(), EVENT)), "t", 1, -1)
    assert detect.run(made.uri, Settings())["flagged"] == 1
    return made


def flagged(lake: Lake) -> dict[str, Any]:
    (row,) = anomaly_list.rows(lake.uri, Settings(), "acme", history=False)
    return row


def test_it_names_the_pattern_and_lasts_90_days(lake: Lake) -> None:
    written = give(lake, flagged(lake), Said("undecided"), NOW)
    assert (written["user"], written["country"], written["city"]) == (ANA, "NG", "Lagos")
    assert (written["networks"], written["blocks"]) == ([900], ["102.0.1"])
    # Hosting is rented by anybody: the number of the network says too little.
    assert (written["same"], written["until"]) == ("block", None)
    written = give(lake, flagged(lake), Said("benign"), NOW.replace(hour=10))
    assert written["until"] == date(2026, 6, 30)
    kept = lake.table("verdicts").arrow().sort_by("time").to_pylist()
    assert [row["verdict"] for row in kept] == ["undecided", "benign"]


def test_the_next_run_keeps_it_quiet_and_another_verdict_brings_it_back(lake: Lake) -> None:
    said = Said("benign", note="asked her", author="eve")
    give(lake, flagged(lake), said, NOW.replace(hour=11))
    report = detect.run(lake.uri, Settings())
    health = report["tenants"]["acme"]
    assert (report["flagged"], health["quiet"]) == (0, 1)
    row = flagged(lake)
    assert row["withdrawn"]
    assert row["reasons"][-1].endswith("until 2026-06-30: asked her")
    (run,) = lake.table("health").arrow().to_pylist()
    assert (run["quiet"], run["flagged"], run["run_id"]) == (1, 0, row["run_id"])
    assert (run["events"], run["people"], dict(run["filtered"])["failed_events"]) == (
        lake.table("events").arrow(["date"]).num_rows,
        31,
        0,
    )
    give(lake, row, Said("malicious"), NOW.replace(hour=12))
    assert detect.run(lake.uri, Settings())["flagged"] == 1
    assert (flagged(lake)["withdrawn"], flagged(lake)["severity"]) == (False, "critical")


def test_the_command_writes_it(lake: Lake, capsys: pytest.CaptureFixture[str]) -> None:
    known = flagged(lake)["id"]
    arguments = ["verdict", known[:6], "benign", "--lake", lake.uri, "--for", "company"]
    assert cli.run([*arguments, "--until", "2100-01-01", "--note", "our agency", "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert (written["id"], written["scope"], written["until"]) == (known, "company", "2100-01-01")
    assert written["author"]
    assert cli.run(arguments) == 0
    assert "from the same blocks of addresses stays quiet" in capsys.readouterr().out
    assert cli.run([*arguments, "--until", "2001-01-01"]) == 2
    assert cli.run(["verdict", known, "harmless", "--lake", lake.uri]) == 2
    assert cli.run(["verdict", "none", "benign", "--lake", lake.uri]) == 2


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (Said("harmless"), "'harmless' is none of benign, malicious, undecided"),
        (Said("benign", scope="everybody"), "'everybody' is none of person, company"),
        (Said("benign", until=date(2026, 3, 31)), "2026-03-31 has passed"),
    ],
)
def test_what_cannot_be_is_refused(lake: Lake, said: Said, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        give(lake, flagged(lake), said, NOW)
