"""Rows of many partitions written at once: each lies in its own."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from conf.settings import Settings
from lake.files import _partitions, _sorted
from lake.lake import ANOMALIES, VERDICTS, Lake
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


def of_users(keys: list[tuple[str, int]]) -> pa.Table:
    return pa.table(
        {
            "tenant": pa.array(["acme"] * len(keys), pa.string()),
            "date": pa.array([FIRST] * len(keys), pa.date32()),
            "user": pa.array([user for user, _ in keys], pa.string()),
            "id": pa.array([str(number) for _, number in keys], pa.string()),
        }
    )


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=6))
def test_rows_are_sorted_however_they_come(keys: list[tuple[str, int]]) -> None:
    assert _sorted(of_users(keys), ANOMALIES) == of_users(sorted(keys))


def test_rows_that_are_in_order_are_not_copied() -> None:
    rows = of_users([("a", 1), ("a", 2), ("b", 2)])
    assert _sorted(rows, ANOMALIES) is rows


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
