"""Small pages become one raw object, large ones several; no record is cut."""

import csv
import io
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collectors import batch
from collectors.batch import Batch
from collectors.contract import CSV, Cursor, Page

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
CURSOR = Cursor(NOON)


def parts(*pages: Page) -> list[bytes]:
    found = Batch()
    for page in pages:
        found.add(page, NOON)
    return [b"".join(part) for part in found.parts()]


class TestGathering:
    def test_small_pages_are_stored_together_with_the_last_cursor(self) -> None:
        found = Batch()
        for number in range(3):
            found.add(Page.of([b'{"n": %d}' % number], CURSOR.at(n=number)), NOON)
        assert (found.count, found.cursor) == (3, CURSOR.at(n=2))
        assert list(found.parts()) == [(b'{"n": 0}\n', b'{"n": 1}\n', b'{"n": 2}\n')]

    def test_many_streams_share_the_memory_that_one_may_have(self) -> None:
        assert batch.share(0) == batch.share(1) == batch.RAW_BYTES
        assert batch.share(200) * 200 <= batch.HELD

    def test_a_page_of_another_form_is_stored_by_itself(self) -> None:
        found = Batch()
        found.add(Page.of([b"{}"], CURSOR), NOON)
        assert found.takes(Page.of([b"{}"], CURSOR))
        assert not found.takes(Page(b"a\n1\n", CURSOR, 1, CSV))

    def test_each_page_of_csv_is_stored_by_itself(self) -> None:
        found = Batch()
        found.add(Page(b"a\n1\n", CURSOR, 1, CSV), NOON)
        assert not found.takes(Page(b"b\n1\n", CURSOR, 1, CSV))

    def test_it_is_due_when_full_or_old(self) -> None:
        found = Batch()
        found.add(Page.of([b"{}"], CURSOR), NOON)
        assert not found.due(NOON, most=4)
        assert found.due(NOON + timedelta(minutes=1), most=4)
        assert found.due(NOON, most=3)

    def test_an_empty_page_moves_the_cursor_and_stores_nothing(self) -> None:
        assert parts(Page.of([], CURSOR.at(n=1))) == []


class TestCutting:
    @given(
        records=st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=30),
        limit=st.integers(1, 60),
    )
    def test_lines_stay_whole(self, records: list[bytes], limit: int) -> None:
        page = Page.of(records, CURSOR)
        cut = list(batch._line_parts(page.body, limit))
        assert b"".join(cut) == page.body
        assert all(part.endswith(b"\n") for part in cut)
        assert all(len(part) <= limit or part.count(b"\n") == 1 for part in cut)

    @given(
        rows=st.lists(
            st.lists(st.text('ab"\n,', max_size=6), min_size=2, max_size=2), min_size=1, max_size=20
        ),
        limit=st.integers(1, 40),
    )
    def test_rows_of_csv_stay_whole_under_their_header(
        self, rows: list[list[str]], limit: int
    ) -> None:
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["x", "y"], *rows])
        cut = list(batch._csv_parts(text.getvalue().encode(), limit))
        read = [list(csv.reader(io.StringIO(part.decode()))) for part in cut]
        assert all(one[0] == ["x", "y"] for one in read)
        assert [row for one in read for row in one[1:]] == rows

    def test_a_header_without_rows_is_kept(self) -> None:
        assert list(batch._csv_parts(b"x,y\n")) == [b"x,y\n"]


def test_line_ends_within_a_record_do_not_end_it() -> None:
    assert Page.of([b'{\r\n  "a": 1\n}', b"{}"], CURSOR).body == b'{    "a": 1 }\n{}\n'
