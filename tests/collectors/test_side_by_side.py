"""The settled past of a stream is read several spans at a time, and nothing of it is lost."""

from pathlib import Path
from threading import Barrier, Lock

import pytest
from past_stage import (
    DAY,
    END,
    FIRST,
    HOUR,
    LAG,
    NOON,
    Killed,
    at_page,
    everything,
    position,
    stage,
)
from scripted_log import http

from collectors.contract import Cursor, Stream
from collectors.errors import CursorLost, Retry, Stop, Unusable
from collectors.slots import Slots
from collectors.stream_run import StreamRun
from conf.errors import Conflict


class TestReading:
    def test_everything_is_read_once_and_stored_together(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        done = found.run(FIRST)
        assert sorted(found.stored()) == sorted(everything(found))
        assert (done.stored.records, done.stored.until) == (60, NOON)
        assert position(found) == Cursor(NOON, first=FIRST)

    def test_as_many_spans_are_asked_for_at_a_time_as_there_are_slots(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        together, under_way, most, alone = Barrier(3, timeout=20), 0, 0, Lock()

        def fault(asked: int) -> None:
            nonlocal under_way, most
            if len(position(found).behind) == 0:
                return  # the recent part
            with alone:
                under_way += 1
                most = max(most, under_way)
            if asked <= 3:
                together.wait()  # passed only if three ask at the same time
            with alone:
                under_way -= 1

        found.log.fault = fault
        found.run(FIRST, slots=Slots(2))
        assert most == 3

    def test_the_recent_part_comes_last_and_in_order(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        found.run(FIRST)
        spans = [(begin.since, until) for begin, until in found.log.asked]
        assert spans[-3:] == [(END, END + DAY), (END + DAY, END + 2 * DAY), (END + LAG, NOON)]
        assert sorted(spans[:-3])[0] == (FIRST, FIRST + DAY)
        assert max(until for _, until in spans[:-3]) == END

    def test_without_slots_one_is_read_after_the_other(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        found.run(FIRST, slots=Slots(0))
        begins = [begin.since for begin, _ in found.log.asked]
        assert begins == sorted(begins)
        assert found.stored() == sorted(everything(found))

    def test_and_a_log_that_the_provider_takes_as_a_whole_is_not_cut(self, tmp_path: Path) -> None:
        found = stage(tmp_path, Stream("log", settled=HOUR))
        found.run(FIRST, slots=Slots(0))
        assert [(begin.since, until) for begin, until in found.log.asked] == [(FIRST, NOON)]

    def test_a_long_pause_is_made_up_for_in_the_same_way(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        found.log.clock.time = FIRST + DAY
        found.run(FIRST)
        found.log.asked.clear()
        found.log.clock.time = NOON
        found.run(FIRST)
        assert set(found.stored()) == everything(found)
        assert (END, END + DAY) in [(begin.since, until) for begin, until in found.log.asked]

    def test_where_the_past_ends_is_stored_before_anything_is_asked(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        found.log.fault = at_page(1, Killed())
        with pytest.raises(Killed):
            found.run(FIRST, slots=Slots(1))
        assert (position(found).since, position(found).behind[0].since) == (END, FIRST)

    def test_a_past_without_events_is_read_once(self, tmp_path: Path) -> None:
        found = stage(tmp_path, each=0)
        found.run(FIRST)
        assert position(found) == Cursor(NOON, first=FIRST)


class TestGoingOn:
    @pytest.mark.parametrize("page", [2, 5, 9, 14])
    def test_whoever_is_killed_repeats_only_what_was_not_stored(
        self, tmp_path: Path, page: int
    ) -> None:
        found = stage(tmp_path)
        found.log.fault = at_page(page, Killed())
        with pytest.raises(Killed):
            found.run(FIRST, most=lambda: 1)  # each page is stored at once
        assert position(found).behind
        found.log.fault = lambda asked: None
        found.log.clock.pass_(HOUR)
        found.run(FIRST)
        assert sorted(found.stored()) == sorted(everything(found))

    def test_spans_that_are_stored_are_not_asked_for_again(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        found.log.fault = at_page(12, Stop("no"))
        with pytest.raises(Stop):
            found.run(FIRST)
        stored = set(found.stored())
        behind = position(found).behind
        assert stored
        found.log.fault = lambda asked: None
        found.log.asked.clear()
        found.run(FIRST)
        assert sorted(found.stored()) == sorted(everything(found))
        pages = [begin.page for begin, _ in found.log.asked]
        assert all(dict(part.page) in pages for part in behind if part.page)

    def test_one_that_fails_costs_the_others_nothing(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        found.log.fault = at_page(6, Retry("busy"))
        with pytest.raises(Retry):
            found.run(FIRST)
        assert 0 < len(found.stored()) < 60
        found.run(FIRST)
        assert sorted(found.stored()) == sorted(everything(found))

    def test_a_lost_cursor_begins_its_span_anew_and_no_other(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        found.log.fault = at_page(6, CursorLost("expired"))
        found.run(FIRST)
        assert set(found.stored()) == everything(found)
        spans = [(begin.since, until) for begin, until in found.log.asked]
        assert len(spans) == len(set(spans)) + 1

    def test_one_that_is_lost_always_ends_the_run(self, tmp_path: Path) -> None:
        found = stage(tmp_path)

        def fault(asked: int) -> None:
            raise CursorLost("expired")

        found.log.fault = fault
        with pytest.raises(Retry):
            found.run(FIRST)

    def test_an_answer_that_makes_no_sense_is_asked_for_again(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        found.log.fault = at_page(6, Unusable("half a body"))
        found.run(FIRST)
        assert sorted(found.stored()) == sorted(everything(found))

    def test_the_end_of_the_time_ends_between_pages(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        found.run(FIRST, deadline=NOON)
        assert len(found.stored()) == 3
        while position(found).behind:
            found.run(FIRST, deadline=NOON)
        assert len(found.stored()) == len(set(found.stored()))
        found.run(FIRST)
        assert set(found.stored()) == everything(found)

    def test_of_two_that_read_the_same_one_gives_way(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        slow = StreamRun(found.place(), found.log, http(found.log))
        once = [True]

        def meanwhile(asked: int) -> None:
            if once and once.pop():
                found.run(FIRST)

        found.log.fault = meanwhile
        with pytest.raises(Conflict):
            slow.run(FIRST, always=False)
        assert sorted(found.stored()) == sorted(everything(found))
