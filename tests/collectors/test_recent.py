"""What was stored a moment ago is not stored again; what was not is never left out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_log import KEY, ScriptedLog, Stage
from stepping_clock import SteppingClock

from collectors.contract import CSV, Cursor, Page, Stream
from collectors.errors import Stop
from collectors.recent import Recent
from lake.folder import FolderObjects
from lake.streams import Stream as LakeStream

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
CURSOR = Cursor(NOON)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def page(*records: bytes) -> Page:
    return Page.of(records, CURSOR)


class TestRecords:
    def test_only_what_was_added_is_left_out(self) -> None:
        recent = Recent()
        first, hashes = recent.new(KEY, page(b"1", b"2"))
        assert (first.count, recent.new(KEY, page(b"1"))[0].count) == (2, 1)
        recent.add(KEY, hashes)
        again, rest = recent.new(KEY, page(b"2", b"3"))
        assert (again.body, again.count, len(rest)) == (b"3\n", 1, 1)

    def test_streams_know_nothing_of_each_other(self) -> None:
        recent = Recent()
        recent.add(KEY, recent.new(KEY, page(b"1"))[1])
        assert recent.new(LakeStream("other", "x", "log"), page(b"1"))[0].count == 1

    def test_csv_is_let_through(self) -> None:
        table = Page(b"a\n1\n", CURSOR, 1, CSV)
        assert Recent().new(KEY, table) == (table, [])

    @given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 30)), max_size=80))
    def test_what_is_remembered_is_bounded(self, added: list[tuple[int, int]]) -> None:
        recent = Recent(most=20, most_of_one=8)
        for tenant, number in added:
            stream = LakeStream(str(tenant), "x", "log")
            recent.add(stream, recent.new(stream, page(*(b"%d" % n for n in range(number))))[1])
            sizes = [len(known) for known in recent._streams.values()]
            assert max(sizes, default=0) <= 8
            assert sum(sizes) == recent._size <= 20


class TestReadingAgain:
    @pytest.fixture
    def stage(self, tmp_path: Path) -> Stage:
        log = ScriptedLog(SteppingClock(NOON), Stream("log", lag=2 * HOUR))
        for number in range(10):
            log.publish(f"e{number}", NOON - MINUTE)
        return Stage(FolderObjects(tmp_path), log)

    def test_a_poll_after_another_stores_what_is_new(self, stage: Stage) -> None:
        recent = Recent()
        for _ in range(5):
            stage.run(NOON - HOUR, recent=recent)
            stage.log.clock.pass_(MINUTE)
        stage.log.publish("late", NOON - 2 * MINUTE)
        stage.run(NOON - HOUR, recent=recent)
        assert stage.stored() == [*(f"e{number}" for number in range(10)), "late"]

    def test_another_process_stores_what_it_reads(self, stage: Stage) -> None:
        for _ in range(2):
            stage.run(NOON - HOUR, recent=Recent())
            stage.log.clock.pass_(MINUTE)
        assert len(stage.stored()) == 20

    def test_what_was_read_and_not_stored_is_not_known(
        self, stage: Stage, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        recent = Recent()

        def full(self: FolderObjects, key: str, data: bytes) -> str:
            raise Stop("no space left")

        with monkeypatch.context() as broken:
            broken.setattr(FolderObjects, "put", full)
            with pytest.raises(Stop):
                stage.run(NOON - HOUR, recent=recent)
        stage.run(NOON - HOUR, recent=recent)
        assert len(stage.stored()) == 10
