"""CSV rows: objects of strings; a row of another width is one bad record."""

import csv
import gzip
import io

from hypothesis import given, settings
from hypothesis import strategies as st
from lake_records import read, values

from lake.csv_rows import csv_pieces
from lake.records import Bad

cells = st.text(
    st.characters(codec="utf-8", exclude_characters="\0"), max_size=6
) | st.sampled_from(['"', ",", "a\nb", "x\r\ny", ""])


@settings(deadline=None)
@given(st.data(), st.integers(2, 4), st.sampled_from(["\n", "\r\n"]))
def test_csv_rows_are_objects_of_strings(data: st.DataObject, width: int, end: str) -> None:
    rows = data.draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=6))
    text = io.StringIO()
    header = [f"column {n}" for n in range(width)]
    csv.writer(text, lineterminator=end, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    expected = [dict(zip(header, (cell or None for cell in row), strict=True)) for row in rows]
    assert values(read(text.getvalue().encode(), "x.csv")) == expected


def test_csv_rows_of_another_width_are_bad_and_the_rest_goes_on() -> None:
    found = read(b'a,b\n1,2\n1,2,3\n \n4,5\n"6\n",7,\n8,9', "x.csv")
    assert [type(record) for record in found] == [bytes, Bad, bytes, Bad, bytes]
    assert values(found) == [{"a": "1", "b": "2"}, {"a": "4", "b": "5"}, {"a": "8", "b": "9"}]
    bad = [record for record in found if isinstance(record, Bad)]
    assert [record.record for record in bad] == [b"1,2,3", b'"6\n",7,']
    assert bad[0].detail == "3 cells, the header has 2"
    assert bad[0].reason == "ragged_row"


def test_csv_passes_bytes_that_are_no_text() -> None:
    assert read(b"\xef\xbb\xbfa,b\r\n\xff,\x00\r\n", "x.csv") == [b'{"a":"\xff","b":"\\u0000"}']


def test_a_cut_in_a_compressed_csv_is_one_bad_record() -> None:
    rows = b"".join(
        b"%s,%d\n" % (format(pow(7, n, 2**521 - 1), "x").encode(), n) for n in range(20_000)
    )
    whole = gzip.compress(b"a,b\n" + rows)
    *good, bad = read(whole[: len(whole) // 2], "x.csv.gz")
    assert isinstance(bad, Bad)
    assert bad.reason == "truncated"
    assert all(isinstance(record, bytes) for record in good)
    assert values(good) == [
        {"a": format(pow(7, n, 2**521 - 1), "x"), "b": str(n)} for n in range(len(good))
    ]


def test_a_quote_never_closed_costs_its_own_line() -> None:
    rows = b"".join(b"%d,x\n" % number for number in range(5_000))
    for stray in (b'"3,4\n', b'3,"4\n', b'3,4"5,"6\n'):
        found = read(b"a,b\n1,2\n" + stray + rows, "x.csv")
        assert [record.record for record in found if isinstance(record, Bad)] == [stray[:-1]]
        assert values(found) == [
            {"a": "1", "b": "2"},
            *({"a": str(number), "b": "x"} for number in range(5_000)),
        ]


def test_two_stray_quotes_do_not_hide_what_lies_between_them() -> None:
    found = read(b'a,b,c\n1,"2,3\n4,5,6\n7,8,9\nx,"y,z\n10,11,12\n', "x.csv")
    assert [record.record for record in found if isinstance(record, Bad)] == [b'1,"2,3', b'x,"y,z']
    assert [row["a"] for row in values(found)] == ["4", "7", "10"]


def test_a_long_cell_of_many_lines_is_one_cell() -> None:
    text = "line, with a comma\n" * 5_000
    found = read(f'a,b\n1,"{text}"\n2,3\n'.encode(), "x.csv")
    assert values(found) == [{"a": "1", "b": text}, {"a": "2", "b": "3"}]


def test_a_row_of_another_width_over_several_lines_is_one_bad_record() -> None:
    found = read(b'a,b\n1,"x\ny",\n4,5\n', "x.csv")
    assert [type(record) for record in found] == [Bad, bytes]


def test_lines_that_all_open_a_quote_cost_no_more_than_a_few_readings_each() -> None:
    class Counted(bytes):
        readings = 0

        def decode(self, *args: str) -> str:
            Counted.readings += 1
            return bytes(self).decode(*args)

    line = b'a","' + b"x" * 1_000 + b"\n"
    count = 3_000
    found = list(csv_pieces(iter([Counted(b"a,b\n"), *[Counted(line)] * count])))
    assert b"\n".join(bad.record for bad in found if isinstance(bad, Bad)) == line[:-1] + (
        b"\n" + line[:-1]
    ) * (count - 1)
    assert Counted.readings < 60 * count


def test_a_header_whose_quote_is_never_closed_is_told() -> None:
    (bad,) = read(b'"a,b\n1,2\n', "x.csv")
    assert isinstance(bad, Bad)
    assert bad.detail == "a quote is never closed"


def test_an_endless_cell_does_not_take_all_memory() -> None:
    before = csv.field_size_limit(1000)
    try:
        lines = [b"a,b\n", b"1,2\n", b'"3,4\n', *[b"x" * 99 + b"\n"] * 20, b"5,6\n"]
        found = list(csv_pieces(iter(lines)))
    finally:
        csv.field_size_limit(before)
    assert any(isinstance(one, Bad) and "field larger" in one.detail for one in found)
