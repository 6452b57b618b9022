"""A file of events that cannot be read fails a run by name, or is left out as configured."""

import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyspark.sql import SparkSession

from conf.errors import AntipodeError
from conf.settings import Settings
from jobs import damaged, detect
from jobs.dated import Work
from jobs.dated.detect import done
from lake.files import LiveFile
from lake.lake import Lake
from schemas.event import EVENT

sys.path.insert(0, str(Path(__file__).parent.parent / "models"))
from month_of_use import FIRST, Month, boston, lagos

ANA = "ana@example.com"
DAYS = 10
ATTACKED, LAST = 8, 9  # days from the first
Damage = Callable[[bytes], bytes]
DAMAGES: dict[str, Damage] = {
    "footer": lambda data: data[:-8] + bytes(8),
    "pages": lambda data: data[:64] + bytes(len(data) // 2) + data[64 + len(data) // 2 :],
    "all of it": lambda data: b"",
}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A company's ten days, one person attacked on the ninth."""
    month = Month()
    month.colleagues(12)
    month.work(ANA, boston(), range(DAYS))
    month.use(ANA, lagos(), ATTACKED, 15.4, events=12, agent="stranger")
    rows = [row for row in month.events() if row["time"] < at(DAYS)]
    lake = Lake(str(tmp_path / "lake"), Settings())
    table = lake.table("events")
    table.commit(table.write_files(pa.Table.from_pylist(rows, EVENT)), "test", 1, -1)
    return lake


@pytest.fixture
def skipping(spark: SparkSession) -> Iterator[None]:
    spark.conf.set(damaged.SKIP, "true")
    yield
    spark.conf.unset(damaged.SKIP)


def at(day: int) -> datetime:
    return FIRST + timedelta(days=day)


def file_of(lake: Lake, day: int) -> LiveFile:
    (file,) = lake.table("events").files("acme", at(day).date(), at(day).date())
    return file


def spoil(file: LiveFile, damage: Damage = DAMAGES["footer"]) -> bytes:
    """Damage a file; return what it held."""
    path = Path(file.path)
    good = path.read_bytes()
    path.write_bytes(damage(good))
    return good


def step(lake: Lake, last: int = LAST) -> dict[str, Any]:
    report = detect.run(lake.uri, Settings(), days=DAYS - 1, as_of=at(last + 1).date())
    return dict(report["tenants"]["acme"])


def work(lake: Lake) -> Work:
    return Work("detect", at(LAST).date(), lake.uri, days=DAYS - 1)


def table(lake: Lake, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = lake.table(name).arrow().to_pylist()
    return sorted(rows, key=str)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_it_fails_the_run_and_is_named(spark: SparkSession, lake: Lake, damage: Damage) -> None:
    file = file_of(lake, ATTACKED)
    spoil(file, damage)
    with pytest.raises(AntipodeError, match=file.key.rsplit("/", 1)[-1]) as raised:
        step(lake)
    assert damaged.SKIP in str(raised.value)
    assert table(lake, "anomalies") == table(lake, "daily_use") == []


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_skipped_it_is_left_out_and_named_and_its_day_is_made_again_when_it_is_whole(
    spark: SparkSession, lake: Lake, skipping: None, damage: Damage
) -> None:
    file = file_of(lake, ATTACKED)
    good = spoil(file, damage)
    report = step(lake)
    assert (report["flagged"], report["skipped_files"]) == (0, [file.key])
    assert not done(lake, work(lake))
    Path(file.path).write_bytes(good)
    report = step(lake)
    assert (report["flagged"], report["skipped_files"], report["days_aggregated"]) == (1, [], 1)
    assert done(lake, work(lake))


def test_damage_in_a_column_that_one_query_alone_reads_leaves_the_whole_file_out(
    spark: SparkSession, lake: Lake, skipping: None
) -> None:
    import pyarrow.parquet as pq

    file = file_of(lake, ATTACKED)
    columns = pq.ParquetFile(file.path).metadata.row_group(0)
    (organisation,) = (
        columns.column(number)
        for number in range(columns.num_columns)
        if columns.column(number).path_in_schema == "src_endpoint.autonomous_system.name"
    )
    start, size = organisation.data_page_offset, organisation.total_compressed_size
    if organisation.dictionary_page_offset is not None:
        start = organisation.dictionary_page_offset
    spoil(file, lambda data: data[:start] + bytes(size) + data[start + size :])
    report = step(lake)
    assert report["skipped_files"] == [file.key]
    days = {row["date"] for row in table(lake, "daily_use")}
    assert at(ATTACKED).date() not in days
    assert at(LAST).date() in days


def test_a_run_that_lacks_events_takes_no_finding_back_and_is_not_done(
    spark: SparkSession, lake: Lake
) -> None:
    assert step(lake, ATTACKED)["flagged"] == 1
    found = table(lake, "anomalies")
    assert step(lake)["withdrawn"] == 0
    spoil(file_of(lake, ATTACKED))
    spark.conf.set(damaged.SKIP, "true")
    try:
        assert step(lake)["withdrawn"] == 0
    finally:
        spark.conf.unset(damaged.SKIP)
    assert table(lake, "anomalies") == found
    assert not done(lake, work(lake))
