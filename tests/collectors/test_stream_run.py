"""A stream is read to its end, stored before its cursor moves, and gone on with after any end."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scripted_log import ScriptedLog, Stage, http
from stepping_clock import SteppingClock

from collectors import batch
from collectors.contract import Cursor, Page, Stream
from collectors.errors import CursorLost, Retry, Stop, Unusable
from collectors.position import from_json
from collectors.stream_run import StreamRun
from conf.errors import Conflict
from lake.folder import FolderObjects
from lake.raw import Raw

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
ERRORS = [Retry("busy"), CursorLost("gone"), Unusable("torn"), Stop("refused")]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

LATE = Stream("log", lag=2 * HOUR)


def stage(folder: Path, stream: Stream = LATE, events: int = 0) -> Stage:
    log = ScriptedLog(SteppingClock(NOON), stream)
    for number in range(events):
        log.publish(f"e{number}", NOON - HOUR + number * MINUTE)
    return Stage(FolderObjects(folder / "lake"), log)


def position(found: Stage) -> Cursor:
    stored = Raw(found.objects).position(found.key)
    assert stored is not None
    return from_json(stored)


class TestStoring:
    def test_everything_is_read_page_by_page_and_stored_together(self, tmp_path: Path) -> None:
        found = stage(tmp_path, events=10)
        done = found.run(NOON - DAY)
        assert found.stored() == [f"e{number}" for number in range(10)]
        assert (done.stored.records, done.stored.objects, done.stored.until) == (10, 1, NOON)

    def test_the_position_is_the_end_of_the_window(self, tmp_path: Path) -> None:
        found = stage(tmp_path, events=1)
        found.run(NOON - DAY)
        assert position(found) == Cursor(NOON, first=NOON - DAY)

    def test_a_run_without_news_stores_nothing_and_writes_nothing(self, tmp_path: Path) -> None:
        found = stage(tmp_path, Stream("log"), events=1)
        found.run(NOON - DAY)
        found.log.clock.pass_(MINUTE)
        before = position(found)
        done = found.run(NOON - DAY)
        assert (done.stored.objects, position(found)) == (0, before)

    def test_large_pages_are_cut_into_several_objects(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batch, "RAW_BYTES", 100)
        found = stage(tmp_path, events=10)
        assert found.run(NOON - DAY).stored.objects > 3
        assert found.stored() == [f"e{number}" for number in range(10)]

    def test_what_was_received_is_stored_after_a_minute(self, tmp_path: Path) -> None:
        found = stage(tmp_path, events=12)
        found.log.fault = lambda asked: found.log.clock.pass_(timedelta(seconds=40))
        assert found.run(NOON - DAY).stored.objects == 2

    def test_a_message_is_acknowledged_only_when_its_page_is_stored(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        acknowledged = []

        def pages(http: object, stream: Stream, since: Cursor, until: datetime) -> list[Page]:
            return [
                Page.of(
                    [b'{"id": "m"}'], since.at(n=1), lambda: acknowledged.append(found.stored())
                )
            ]

        found.log.pages = pages  # type: ignore[method-assign, assignment]
        found.run(NOON - DAY)
        assert acknowledged == [["m"]]


class TestGoingOn:
    def test_an_error_in_the_middle_keeps_what_came_and_goes_on_there(self, tmp_path: Path) -> None:
        found = stage(tmp_path, events=9)

        def fail(asked: int) -> None:
            if asked == 3:
                raise Stop("no")

        found.log.fault = fail
        with pytest.raises(Stop):
            found.run(NOON - DAY)
        assert found.stored() == [f"e{number}" for number in range(6)]
        assert position(found).until == NOON
        found.run(NOON - DAY)
        assert found.stored() == [f"e{number}" for number in range(9)]

    def test_the_end_of_the_time_ends_between_pages(self, tmp_path: Path) -> None:
        found = stage(tmp_path, events=9)
        found.run(NOON - DAY, deadline=NOON)
        assert found.stored() == ["e0", "e1", "e2"]
        found.run(NOON - DAY)
        assert found.stored() == [f"e{number}" for number in range(9)]

    def test_runs_too_short_for_what_may_be_late_come_to_the_end_all_the_same(
        self, tmp_path: Path
    ) -> None:
        found = stage(tmp_path, Stream("log", lag=4 * DAY, window=6 * HOUR))
        for hours in range(0, 40, 7):
            found.log.publish(f"e{hours}", NOON - 10 * DAY + 6 * hours * HOUR)
        found.log.publish("late", NOON - 3 * DAY, late=4 * DAY)
        clock = found.log.clock
        found.log.fault = lambda asked: clock.pass_(MINUTE)
        for pause in (timedelta(0), 2 * DAY):
            clock.pass_(pause)
            for _ in range(12):  # each reads two and a half days
                found.run(NOON - 10 * DAY, deadline=clock.now() + 10 * MINUTE)
            assert position(found).since > clock.now() - 2 * HOUR
        assert set(found.stored()) == {event.id for event in found.log.events}

    def test_an_answer_that_makes_no_sense_is_asked_for_again(self, tmp_path: Path) -> None:
        found = stage(tmp_path, events=9)

        def fail(asked: int) -> None:
            if asked in (2, 4):
                raise Unusable("half a body")

        found.log.fault = fail
        found.run(NOON - DAY)
        assert found.stored() == [f"e{number}" for number in range(9)]

    def test_one_that_never_does_ends_the_run(self, tmp_path: Path) -> None:
        found = stage(tmp_path, events=9)

        def fail(asked: int) -> None:
            raise Unusable("half a body")

        found.log.fault = fail
        with pytest.raises(Retry):
            found.run(NOON - DAY)

    def test_a_lost_cursor_begins_the_window_anew(self, tmp_path: Path) -> None:
        found = stage(tmp_path, events=9)

        def fail(asked: int) -> None:
            if asked == 3:
                raise CursorLost("expired")

        found.log.fault = fail
        found.run(NOON - DAY)
        assert set(found.stored()) == {f"e{number}" for number in range(9)}
        again, _ = found.log.asked[1]
        assert (again.page, again.kept) == ({}, {})
        assert again.since < NOON - DAY  # a position that was lost may have hidden late events

    def test_a_circle_of_pages_is_left(self, tmp_path: Path) -> None:
        found = stage(tmp_path)

        found.log.given = lambda since: [Page.of([b"{}"], since.at(n=n % 2)) for n in range(99)]
        with pytest.raises(Retry, match="circle"):
            found.run(NOON - DAY)

    def test_of_two_that_read_the_same_one_gives_way(self, tmp_path: Path) -> None:
        found = stage(tmp_path, events=9)
        found.log.fault = lambda asked: None
        slow = StreamRun(found.place(), found.log, http(found.log))
        once = [True]

        def meanwhile(asked: int) -> None:
            if once and once.pop():
                found.run(NOON - DAY)

        found.log.fault = meanwhile
        with pytest.raises(Conflict):
            slow.run(NOON - DAY, False)
        assert found.stored() == [f"e{number}" for number in range(9)]


class TestReadingAgain:
    def test_an_event_that_comes_late_is_found(self, tmp_path: Path) -> None:
        found = stage(tmp_path)
        found.log.publish("late", NOON - 5 * MINUTE, late=30 * MINUTE)
        found.run(NOON - DAY)
        assert found.stored() == []
        found.log.clock.pass_(HOUR)
        found.run(NOON - DAY)
        assert found.stored() == ["late"]

    def test_a_span_can_be_read_again_and_the_position_stays(self, tmp_path: Path) -> None:
        found = stage(tmp_path, Stream("log"), events=10)
        found.run(NOON - DAY)
        before = position(found)
        run = StreamRun(found.place(), found.log, http(found.log))
        run.reread(NOON - HOUR, NOON - HOUR + 2 * MINUTE)
        assert found.stored()[10:] == ["e0", "e1"]
        assert position(found) == before
        assert found.log.asked[-1][0] == Cursor(NOON - HOUR, NOON - HOUR + 2 * MINUTE, again=True)

    def test_no_more_than_a_window_is_asked_for_at_once(self, tmp_path: Path) -> None:
        found = stage(tmp_path, Stream("log", window=20 * MINUTE), events=10)
        StreamRun(found.place(), found.log, http(found.log)).reread(NOON - HOUR, NOON - 10 * MINUTE)
        spans = [(until - begin.since) / MINUTE for begin, until in found.log.asked]
        assert spans == [20, 20, 10]

    @settings(
        max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        lag=st.sampled_from([20 * MINUTE, 2 * HOUR, DAY]),
        window=st.sampled_from([None, 50 * MINUTE, 3 * HOUR]),
        polls=st.lists(st.sampled_from([MINUTE, 11 * MINUTE, HOUR]), min_size=1, max_size=6),
        failures=st.dictionaries(st.integers(1, 12), st.sampled_from(ERRORS), max_size=4),
        events=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=6),
    )
    def test_whatever_happens_nothing_is_lost(
        self,
        lag: timedelta,
        window: timedelta | None,
        polls: list[timedelta],
        failures: dict[int, Exception],
        events: list[tuple[float, float]],
        tmp_path_factory: pytest.TempPathFactory,
    ) -> None:
        """Events come as late as the stream's lag; runs fail at any page."""
        found = stage(tmp_path_factory.mktemp("run"), Stream("log", lag=lag, window=window))
        clock = found.log.clock

        def fail(asked: int) -> None:
            if asked in failures:
                raise failures.pop(asked)

        found.log.fault = fail
        for number, (when, late) in enumerate(events):
            found.log.publish(f"e{number}", NOON + sum(polls, timedelta(0)) * when, lag * late)
        for number, poll in enumerate([*polls, lag, lag / 3, timedelta(0)]):
            clock.pass_(poll)
            if number > len(polls):  # failures end before the log is looked at
                failures.clear()
            with suppress(Retry, Stop):
                found.run(NOON)
        assert set(found.stored()) == {event.id for event in found.log.events}
