"""Whether an hour is complete is judged by what such hours delivered before."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from collectors import completeness, completeness_store
from collectors.completeness import HOUR, Band, History, Received, band, judge
from lake.folder import FolderObjects

DAY = timedelta(days=1)
MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
NOW = MONDAY + 21 * DAY + 12 * HOUR


def office(days: int = 21, seed: int = 1) -> History:
    """A company that works from 8 to 18 on working days and sleeps at weekends."""
    chance = random.Random(seed)
    hours = {}
    for number in range(days * 24 + 12):
        hour = MONDAY + number * HOUR
        usual = 400 if hour.weekday() < 5 and 8 <= hour.hour < 18 else 8
        hours[hour] = Received(round(chance.gauss(usual, usual**0.5)), 60.0)
    return History(hours)


def states(history: History, hour: datetime) -> str:
    (found,) = (one for one in judge(history, NOW - DAY, NOW) if one.hour == hour)
    return found.state


class TestBand:
    def test_holds_what_is_usual_at_this_hour_of_such_a_day(self) -> None:
        history = office()
        busy = band(history, NOW - 2 * HOUR, history.first())
        quiet = band(history, NOW - 9 * HOUR, history.first())
        assert busy is not None
        assert quiet is not None
        assert busy.low < 400 < busy.high
        assert quiet.low <= 8 < quiet.high < 100 < busy.low

    def test_weekends_are_compared_with_weekends(self) -> None:
        history = office()
        sunday = MONDAY + 20 * DAY + 10 * HOUR
        found = band(history, sunday, history.first())
        assert found is not None
        assert found.high < 100

    def test_nothing_is_expected_before_there_is_a_past(self) -> None:
        history = office(days=2)
        assert band(history, MONDAY + 2 * DAY, history.first()) is None
        assert band(History(), NOW, None) is None

    def test_a_few_events_that_came_weeks_late_are_no_past(self) -> None:
        history = office(days=21)
        early = MONDAY - 10 * DAY
        history.hours[early] = Received(1)
        assert history.first() == MONDAY


class TestJudging:
    def test_a_usual_day_is_complete(self) -> None:
        judged = judge(office(), NOW - DAY, NOW)
        assert len(judged) == 24
        assert {one.state for one in judged} == {"complete"}

    def test_false_alarms_are_rare(self) -> None:
        found = [
            one.state for seed in range(10) for one in judge(office(seed=seed), NOW - 5 * DAY, NOW)
        ]
        assert found.count("gap") <= len(found) * 0.005

    def test_an_hour_that_is_missing_is_a_gap(self) -> None:
        history = office()
        del history.hours[NOW - 20 * HOUR]
        del history.hours[MONDAY + 20 * DAY + 22 * HOUR]
        history.hours[NOW - 4 * HOUR] = Received(100)
        assert states(history, NOW - 4 * HOUR) == "gap"
        # Some eight events at night: a gap only when clearly below chance.
        assert states(history, MONDAY + 20 * DAY + 22 * HOUR) == "complete"

    def test_it_is_too_early_to_judge_the_last_hours(self) -> None:
        history = office()
        history.hours[NOW - 1 * HOUR] = Received(3)
        assert states(history, NOW - 1 * HOUR) == "open"

    def test_far_too_much_is_told_as_well(self) -> None:
        history = office()
        history.hours[NOW - 4 * HOUR] = Received(5000)
        assert states(history, NOW - 4 * HOUR) == "surplus"

    def test_a_past_with_gaps_of_its_own_still_shows_them(self) -> None:
        history = office()
        for days in (3, 7):
            del history.hours[NOW - 4 * HOUR - days * DAY]
        del history.hours[NOW - 4 * HOUR]
        (found,) = (one for one in judge(history, NOW - DAY, NOW) if one.state == "gap")
        assert found.hour == NOW - 4 * HOUR
        assert isinstance(found.band, Band)


class TestStore:
    def test_what_was_counted_of_a_day_takes_the_place_of_what_was_known(
        self, tmp_path: Path
    ) -> None:
        objects = FolderObjects(tmp_path)
        ten, eleven = MONDAY + 10 * HOUR, MONDAY + 11 * HOUR
        one, two = {ten: Received(5, 1.5)}, {eleven: Received(7)}
        tuesday = {MONDAY + DAY: Received(1)}
        for days, counted in (
            ([MONDAY.date()], one),
            ([(MONDAY + DAY).date()], tuesday),
            ([MONDAY.date()], two),
        ):
            completeness_store.update(objects, "acme", "okta", days, counted, NOW)
        assert completeness_store.read(objects, "acme", "okta").hours == two | tuesday
        assert completeness_store.read(objects, "acme", "box").hours == {}

    def test_counts_are_kept_for_weeks_not_for_ever(self, tmp_path: Path) -> None:
        objects = FolderObjects(tmp_path)
        old = {NOW - 40 * DAY: Received(1), NOW - 30 * DAY: Received(2)}
        completeness_store.update(objects, "a", "b", [date(2026, 1, 1)], old, NOW)
        kept = completeness_store.read(objects, "a", "b").hours
        assert list(kept) == [completeness.hour_of(NOW - 30 * DAY)]

    def test_a_second_writer_loses_nothing(self, tmp_path: Path) -> None:
        class Raced(FolderObjects):
            once = True

            def put_if(self, key: str, data: bytes, etag: str | None) -> str:
                if self.once:
                    self.once = False
                    other = {MONDAY: Received(1)}
                    completeness_store.update(self, "a", "b", [MONDAY.date()], other, NOW)
                return super().put_if(key, data, etag)

        objects = Raced(tmp_path)
        day = MONDAY + DAY
        completeness_store.update(objects, "a", "b", [day.date()], {day: Received(2)}, NOW)
        assert len(completeness_store.read(objects, "a", "b").hours) == 2
