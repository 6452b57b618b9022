"""What of a stream's past may be read in any order, and into which spans it is cut."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors import registry
from collectors.contract import Cursor, Stream
from collectors.cursor import Part
from collectors.position import from_json, to_json
from collectors.settled import PARTS, SHORTEST_PART, asked, cut, joined, set_apart
from collectors.windows import SHORTEST
from conf.errors import Damaged

NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
POSITIONED = Stream("log", settled=2 * HOUR)
LATE = Stream("log", lag=4 * DAY, window=DAY, settled=4 * DAY)


class TestSettingApart:
    def test_the_position_stands_at_the_end_of_what_is_settled(self) -> None:
        begin = Cursor(NOON - 20 * DAY, first=NOON - 20 * DAY)
        end = NOON - 4 * DAY - SHORTEST
        assert set_apart(LATE, begin, NOON) == Cursor(
            end, first=begin.first, behind=(Part(begin.since, end),)
        )

    @pytest.mark.parametrize(
        ("stream", "begin"),
        [
            (Stream("log", window=DAY), Cursor(NOON - 20 * DAY)),  # settled: never
            (LATE, Cursor(NOON - 5 * DAY)),  # one span
            (LATE, Cursor(NOON - DAY)),
            (LATE, Cursor(NOON + DAY)),
            (POSITIONED, Cursor(NOON - 20 * DAY, kept={"next": "link"})),
        ],
    )
    def test_where_there_is_nothing_to_gain_all_is_read_in_order(
        self, stream: Stream, begin: Cursor
    ) -> None:
        assert set_apart(stream, begin, NOON) is None

    def test_what_is_only_read_again_stays_in_order(self) -> None:
        begin = Cursor(NOON - 20 * DAY)
        assert set_apart(LATE, begin, NOON, read=NOON - 4 * DAY) is None
        assert set_apart(LATE, begin, NOON, read=NOON - 5 * DAY) is not None

    @pytest.mark.parametrize("source", registry.sources())
    def test_nothing_that_may_still_come_late_is_called_settled(self, source: str) -> None:
        streams = registry.load(source).collector.streams
        assert all(one.settled is None or one.settled >= one.lag for one in streams)
        # What comes later than that is in a position's log from this time on.
        assert all(one.settled != timedelta(0) for one in streams)


class TestCutting:
    def test_spans_are_as_long_as_the_provider_takes(self) -> None:
        found = list(cut(LATE, [Part(NOON - 3 * DAY, NOON - HOUR)]))
        assert [part.until - part.since for part in found] == [DAY, DAY, DAY - HOUR]

    def test_a_provider_that_takes_any_is_not_asked_for_many(self) -> None:
        assert len(list(cut(POSITIONED, [Part(NOON - 90 * DAY, NOON)]))) == PARTS
        found = list(cut(POSITIONED, [Part(NOON - 10 * HOUR, NOON)]))
        assert [part.until - part.since for part in found] == [*[SHORTEST_PART] * 3, HOUR]

    def test_one_that_was_begun_stays_as_it_is(self) -> None:
        begun = Part(NOON - 9 * DAY, NOON - 4 * DAY, {"token": "x"})
        first, *rest = cut(LATE, [begun, Part(NOON - 2 * DAY, NOON)])
        assert (first, len(rest)) == (begun, 2)

    def test_they_are_stored_as_few(self) -> None:
        begun = Part(NOON - 9 * DAY, NOON - 8 * DAY, {"token": "x"})
        rest = Part(NOON - 8 * DAY, NOON)
        assert joined([begun, *cut(LATE, [rest])]) == (begun, rest)

    @given(
        borders=st.lists(st.integers(0, 2_000), min_size=2, max_size=8, unique=True),
        begun=st.lists(st.booleans(), min_size=7, max_size=7),
        window=st.sampled_from([None, 7 * HOUR, 3 * DAY]),
    )
    def test_every_moment_is_in_one_span_before_and_after(
        self, borders: list[int], begun: list[bool], window: timedelta | None
    ) -> None:
        times = [NOON + number * HOUR for number in sorted(borders)]
        parts = [
            Part(since, until, {"token": "x"} if done else {})
            for (since, until), done in zip(pairwise(times), begun, strict=False)
        ]
        for found in (list(cut(Stream("log", window=window), parts)), list(joined(parts))):
            assert (found[0].since, found[-1].until) == (times[0], times[-1])
            assert all(one.until == other.since for one, other in pairwise(found))
            assert [part for part in found if part.page] == [part for part in parts if part.page]


class TestAsking:
    def test_a_log_with_a_position_is_asked_by_time(self) -> None:
        part = Part(NOON - DAY, NOON, {"token": "x"})
        found = asked(POSITIONED, part, Cursor(NOON, first=NOON - 9 * DAY))
        assert found == Cursor(NOON - DAY, NOON, {"token": "x"}, {}, NOON - 9 * DAY, again=True)

    def test_one_without_as_in_any_window(self) -> None:
        assert not asked(LATE, Part(NOON - DAY, NOON), Cursor(NOON)).again


class TestPosition:
    def test_what_is_behind_stands_in_the_lake(self) -> None:
        behind = (Part(NOON - 2 * DAY, NOON - DAY, {"token": "x"}), Part(NOON - DAY, NOON))
        cursor = Cursor(NOON, first=NOON - 2 * DAY, behind=behind)
        assert from_json(to_json(cursor)) == cursor

    def test_a_position_with_nothing_behind_is_stored_as_ever(self) -> None:
        assert "behind" not in to_json(Cursor(NOON))

    def test_a_damaged_one_is_said_to_be(self) -> None:
        with pytest.raises(Damaged):
            from_json({**to_json(Cursor(NOON)), "behind": [{"since": "yesterday"}]})
