"""Files with the same columns become one table, whose rows are all of theirs."""

import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.csv_table import CsvTable, rows_of

HEADER = '"A","B"'
CELL = st.text(st.sampled_from('ab",\n'), max_size=4)
ROWS = st.lists(st.tuples(CELL, CELL), max_size=4)


def written(rows: list[tuple[str, str]], ends: bool = True) -> bytes:
    lines = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    return ("\n".join([HEADER, *lines]) + ("\n" if ends else "")).encode()


@given(st.lists(st.tuples(ROWS, st.booleans()), min_size=1, max_size=4))
def test_a_table_has_the_rows_of_all_files(files: list[tuple[list[tuple[str, str]], bool]]):
    table = CsvTable()
    for rows, ends in files:
        assert table.fits(written(rows, ends))
        table.add(written(rows, ends))
    found = [
        tuple(row) for row in csv.reader(table.text().decode().splitlines(keepends=True)) if row
    ]
    expected = [row for rows, _ in files for row in rows]
    assert found == [("A", "B"), *expected]
    assert table.count == len(expected)


@given(ROWS, st.booleans())
def test_rows_are_counted_whatever_is_quoted(rows: list[tuple[str, str]], ends: bool):
    assert rows_of(written(rows, ends)) == len(rows)


def test_other_columns_do_not_fit():
    table = CsvTable()
    table.add(written([("1", "2")]))
    assert not table.fits(b'"A","C"\n')
    assert not table.fits(b'"A"\n')


@pytest.mark.parametrize("nothing", [b"", b"\n"])
def test_an_empty_file_adds_nothing(nothing: bytes):
    table = CsvTable()
    table.add(nothing)
    assert (table.text(), table.count) == (b"", 0)
