"""Which span of time is asked for next."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from collectors.contract import Cursor, Stream
from collectors.windows import SHORTEST, overlap, windows

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def spans(stream: Stream, cursor: Cursor | None, always: bool = False) -> list[tuple[str, str]]:
    found = windows(stream, cursor, NOON, NOON - DAY, always)
    return [(f"{begin.since:%d %H:%M}", f"{end:%d %H:%M}") for begin, end in found]


class TestWindows:
    def test_the_first_goes_back_as_far_as_asked(self) -> None:
        assert spans(Stream("log"), None) == [("09 12:00", "10 12:00")]

    def test_the_next_begins_where_the_last_ended(self) -> None:
        assert spans(Stream("log"), Cursor(NOON - HOUR)) == [("10 11:00", "10 12:00")]

    def test_what_may_be_late_is_read_again(self) -> None:
        stream = Stream("log", lag=2 * HOUR)
        assert spans(stream, Cursor(NOON - MINUTE), always=True)[0][0] <= "10 09:59"

    def test_but_nothing_before_the_first_was_asked_for(self) -> None:
        cursor = Cursor(NOON - MINUTE, first=NOON - HOUR)
        assert spans(Stream("log", lag=2 * HOUR), cursor, always=True)[0][0] == "10 11:00"

    def test_nothing_is_asked_for_that_the_provider_no_longer_keeps(self) -> None:
        stream = Stream("log", look_back=3 * HOUR)
        assert spans(stream, Cursor(NOON - DAY)) == [("10 09:00", "10 12:00")]

    def test_none_is_longer_than_the_provider_takes(self) -> None:
        found = spans(Stream("log", window=9 * HOUR), Cursor(NOON - DAY))
        assert found == [
            ("09 12:00", "09 21:00"),
            ("09 21:00", "10 06:00"),
            ("10 06:00", "10 12:00"),
        ]

    def test_the_newest_moments_are_left_to_settle(self) -> None:
        assert spans(Stream("log", settle=5 * MINUTE), None)[-1][1] == "10 11:55"
        assert spans(Stream("log", settle=5 * MINUTE), Cursor(NOON - MINUTE)) == []

    def test_one_that_was_begun_is_ended_first_with_its_own_end(self) -> None:
        cursor = Cursor(NOON - 3 * HOUR, NOON - 2 * HOUR, {"token": "x"}, {"note": 1})
        (first, end), (second, _) = windows(Stream("log"), cursor, NOON, NOON, False)
        assert (first, end) == (cursor, NOON - 2 * HOUR)
        assert (second.since, second.page, second.kept) == (NOON - 2 * HOUR, {}, {"note": 1})

    def test_a_poll_that_was_begun_is_ended_before_anything_is_read_again(self) -> None:
        stream = Stream("log", lag=2 * DAY, window=12 * HOUR)
        goal = NOON - DAY
        cursor = Cursor(NOON - 2 * DAY, NOON - 2 * DAY + 12 * HOUR, {"token": "x"}, goal=goal)
        begun, rest, *again = spans(stream, cursor)
        assert (begun, rest) == (("08 12:00", "09 00:00"), ("09 00:00", "09 12:00"))
        assert again[0][0] < "07"  # then from its end less what may be late
        assert again[-1][1] == "10 12:00"

    def test_every_window_but_the_last_tells_where_the_poll_ends(self) -> None:
        found = windows(Stream("log", window=9 * HOUR), Cursor(NOON - DAY), NOON, NOON)
        assert [begin.goal for begin, _ in found] == [NOON, NOON, None]


class TestOverlap:
    def test_a_log_that_is_never_late_is_not_read_again(self) -> None:
        assert overlap(timedelta(0), NOON, NOON + MINUTE) == timedelta(0)

    def test_always_reads_the_whole_lag_again(self) -> None:
        assert overlap(4 * DAY, NOON, NOON + MINUTE, always=True) >= 4 * DAY

    def test_a_clock_that_is_minutes_off_is_borne(self) -> None:
        assert overlap(MINUTE, NOON, NOON + MINUTE) >= SHORTEST

    def test_reading_again_costs_little(self) -> None:
        """Polled each minute for a week with a lag of four days: days read for each day."""
        read, before = timedelta(0), NOON
        for _ in range(7 * 24 * 60):
            until = before + MINUTE
            read += overlap(4 * DAY, before, until)
            before = until
        assert 10 < read / (7 * DAY) < 35

    @given(
        lag=st.timedeltas(min_value=MINUTE, max_value=5 * DAY),
        late=st.floats(0, 1),
        polls=st.lists(st.timedeltas(min_value=MINUTE, max_value=2 * HOUR), min_size=5),
        published=st.floats(0, 1),
    )
    def test_whatever_is_late_by_no_more_than_the_lag_is_read(
        self, lag: timedelta, late: float, polls: list[timedelta], published: float
    ) -> None:
        # Polls go on until the last tier has had its turn.
        times = [NOON]
        for gap in polls:
            times.append(times[-1] + gap)
        publication = NOON + (times[-1] - NOON) * published
        happened = publication - lag * late
        while times[-1] < publication + lag / 2 + 3 * HOUR:
            times.append(times[-1] + HOUR)
        read = [
            until
            for before, until in pairwise(times)
            if until >= publication and before - overlap(lag, before, until) <= happened < until
        ]
        assert read
        longest = max(b - a for a, b in pairwise(times))
        assert read[0] - publication <= max(lag / 3, SHORTEST / 4) + 2 * longest
