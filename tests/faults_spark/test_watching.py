"""The reader of the faults on a cluster: what is half a table, and what is not."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from conf.settings import Settings
from faults_spark.tables import EMPTY, Tables, differing
from faults_spark.watching import Watcher
from lake.lake import Lake
from schemas.health import HEALTH

SIX, NINE = ({"tenant": "acme", "days": 1, "run_id": f"run-{number}"} for number in (6, 9))


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"), Settings())


def rows(*given: dict[str, Any]) -> pa.Table:
    day = pa.scalar(20_000, pa.int32()).cast(pa.date32()).as_py()
    return pa.Table.from_pylist([row | {"date": day} for row in given], HEALTH)


def write(lake: Lake, *given: dict[str, Any], instead: bool = True) -> None:
    """Commit rows, instead of what is there or beside it."""
    table = lake.table("health")
    where = {"tenant": ["acme"] if instead else ["nobody"]}
    version = table.version()
    table.replace(table.write_files(rows(*given)) if given else [], where, None, 0, version)


def half_seen(lake: Lake, tmp_path: Path, *steps: tuple[tuple[Any, ...], bool]) -> list[int]:
    """Return the versions that a watcher calls half, who expects both rows after none."""
    other = Lake(str(tmp_path / "other"), Settings())
    write(other, SIX, NINE)
    expected = Tables(other.uri, Settings()).newest()
    with Watcher(Tables(lake.uri, Settings()), [EMPTY, expected]) as watcher:
        for given, instead in steps:
            write(lake, *given, instead=instead)
    assert {name for name, _ in watcher.half_seen} <= {"health"}
    return [version for _, version in watcher.half_seen]


def test_rows_that_come_in_one_commit_are_whole_also_when_they_come_again(
    lake: Lake, tmp_path: Path
) -> None:
    assert half_seen(lake, tmp_path, ((SIX, NINE), True), ((NINE, SIX), True)) == []


def test_rows_that_come_in_two_commits_were_half_there(lake: Lake, tmp_path: Path) -> None:
    assert half_seen(lake, tmp_path, ((SIX,), True), ((NINE,), False)) == [1]


def test_rows_that_are_there_twice_or_were_gone_for_a_while_are_told(
    lake: Lake, tmp_path: Path
) -> None:
    whole = ((SIX, NINE), True)
    assert half_seen(lake, tmp_path, whole, ((SIX, NINE), False), whole, ((), True), whole) == [
        2,
        4,
    ]


def test_a_difference_names_the_table_and_its_columns(lake: Lake, tmp_path: Path) -> None:
    write(lake, SIX)
    before = Tables(lake.uri, Settings()).newest()
    assert differing(before, before) == []
    write(lake, SIX | {"days": 2})
    after = Tables(lake.uri, Settings()).newest()
    assert differing(after, before) == ["health: 1 rows for 1, other in days"]
    assert differing(after, EMPTY) == ["health: 1 rows for 0, other in number"]
