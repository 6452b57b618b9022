"""Rows of many partitions written at once: each lies in its own."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from conf.settings import Settings
from lake.files import _partitions
from lake.lake import VERDICTS, Lake
from schemas.feedback import VERDICT

FIRST = date(2026, 3, 1)
days = st.dictionaries(st.integers(0, 400), st.integers(1, 3), min_size=1, max_size=60)


def rows_of(sizes: dict[int, int], tenants: int = 2) -> pa.Table:
    rows = [
        {
            "tenant": f"t{number % tenants}",
            "date": FIRST + timedelta(days=number),
            "id": f"t{number % tenants} {FIRST + timedelta(days=number)}",
            "verdict": "benign",
            "scope": "person",
        }
        for number, size in sizes.items()
        for _ in range(size)
    ]
    return pa.Table.from_pylist(rows, VERDICT)


@settings(deadline=None)
@given(days)
def test_each_row_is_in_the_partition_that_it_names(sizes: dict[int, int]) -> None:
    rows = rows_of(sizes).sort_by([("tenant", "ascending"), ("date", "ascending")])
    found: dict[str, int] = {}
    for values, part in _partitions(rows, VERDICTS):
        assert set(part["id"].to_pylist()) == {f"{values['tenant']} {values['date']}"}
        found[part["id"][0].as_py()] = part.num_rows
    assert sum(found.values()) == rows.num_rows


def test_the_days_of_a_table_hold_their_own_rows(tmp_path: Path) -> None:
    table = Lake(str(tmp_path / "lake"), Settings()).table("verdicts")
    numbers = (4, 5, 8, 9, 10, 11, 12, 15, 16, 17)  # once two of these came in each other's place
    rows = pa.Table.from_pylist(
        [
            row | {"time": datetime(2026, 3, 1, tzinfo=UTC)}
            for row in rows_of(dict.fromkeys(numbers, 1), tenants=1).to_pylist()
        ],
        VERDICT,
    )
    table.commit(table.write_files(rows), "test", 1, table.version())
    assert [row["id"] for row in table.arrow().to_pylist()] == [
        f"{row['tenant']} {row['date']}" for row in table.arrow().to_pylist()
    ]
