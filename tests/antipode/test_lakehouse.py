"""The lake for notebooks: one line to Arrow, pandas, DuckDB or Spark."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from okta_records import lines

import antipode
from antipode.lakehouse import Lakehouse
from conf.errors import UsageError
from conf.settings import Settings
from jobs.normalize import Target, normalize

NOW = datetime(2026, 11, 20, tzinfo=UTC)
DAY = 206  # events of `okta_records` in a day


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lakehouse:
    folder = tmp_path_factory.mktemp("lakehouse")
    (folder / "raw" / "okta").mkdir(parents=True)
    (folder / "raw" / "okta" / "a.ndjson").write_bytes(lines(0, 2 * DAY) + b"not json\n")
    uri = str(folder / "lake")
    normalize(folder / "raw", Target(uri, "acme", NOW, Settings()), workers=1)
    return antipode.open(uri)


@pytest.mark.parametrize(
    "counted",
    [
        lambda rows: rows.arrow().num_rows,
        lambda rows: len(rows.pandas()),
        lambda rows: len(rows.duckdb().fetchall()),
    ],
)
def test_events_come_as_arrow_pandas_and_duckdb(
    lake: Lakehouse, counted: Callable[[Any], int]
) -> None:
    assert counted(lake.events()) == 2 * DAY
    assert counted(lake.events(tenant="acme", first=date(2026, 10, 2))) == DAY
    assert counted(lake.events(last=date(2026, 10, 1))) == DAY
    assert counted(lake.events(tenant="other")) == 0
    assert counted(lake.quarantine()) == 1
    assert counted(lake.anomalies()) == 0


def test_events_come_as_spark(lake: Lakehouse, spark: Any) -> None:
    assert lake.events(columns=["person"]).spark(spark).distinct().count() == 5
    assert lake.anomalies().spark(spark).count() == 0


def test_columns_can_be_chosen(lake: Lakehouse) -> None:
    chosen = lake.events(columns=["time", "person"])
    assert chosen.arrow().column_names == ["time", "person"]
    assert chosen.duckdb().columns == ["time", "person"]


def test_sql_sees_the_three_tables_and_their_partitions(lake: Lakehouse) -> None:
    query = "SELECT tenant, date, count(*) FROM events GROUP BY ALL ORDER BY date"
    assert lake.sql(query).fetchall() == [
        ("acme", date(2026, 10, 1), DAY),
        ("acme", date(2026, 10, 2), DAY),
    ]
    assert lake.sql("SELECT reason FROM quarantine").fetchall() == [("not_json",)]
    assert lake.sql("SELECT count(*) FROM anomalies").fetchall() == [(0,)]


@pytest.mark.parametrize(
    "query", ["DROP TABLE events", "SELECT 1; SELECT 2", "SET threads = 1", ""]
)
def test_sql_takes_one_select_and_nothing_else(lake: Lakehouse, query: str) -> None:
    with pytest.raises(UsageError, match="one SELECT"):
        lake.sql(query)


def test_the_lines_of_the_documentation_work(lake: Lakehouse) -> None:
    page = (Path(__file__).parents[2] / "docs" / "data.md").read_text()
    block = page.split("```python\n")[1].split("```")[0]
    exec(block, {"uri": lake.lake.uri})


def test_opening_reads_nothing(tmp_path: Path) -> None:
    assert antipode.open(str(tmp_path / "nothing")).events().arrow().num_rows == 0
    assert not (tmp_path / "nothing").exists()
