"""An hour with too little is read again, a few times, and what remains is told."""

from datetime import timedelta
from pathlib import Path

import pytest
from test_completeness import MONDAY, NOW, office

from collectors import completeness, completeness_store, gaps, standing, status
from collectors.completeness import HOUR, Received
from collectors.configuration import Configured
from collectors.contract import Account, Stream
from collectors.gaps import EVERY, Gaps
from collectors.outcome import AccountKey, Outcome, Span, StreamOutcome
from collectors.standing import Standings
from lake.folder import FolderObjects
from lake.raw import Raw
from lake.streams import Stream as LakeStream

KEY = AccountKey("acme", "okta")
ACCOUNT = Configured(KEY, Account(base_url="https://acme.okta.com"))
MISSING = NOW - timedelta(days=3, hours=2)  # ten o'clock on a Friday
DAYS = [(MONDAY + timedelta(days=number)).date() for number in range(22)]


STREAMS = (Stream("log"), Stream("new", look_back=timedelta(hours=2)))


@pytest.fixture
def objects(tmp_path: Path) -> FolderObjects:
    """A lake that misses two hours."""
    found = FolderObjects(tmp_path)
    hours = {
        hour: one
        for hour, one in office().hours.items()
        if hour not in (completeness.hour_of(MISSING), completeness.hour_of(MISSING + HOUR))
    }
    completeness_store.update(found, "acme", "okta", DAYS, hours, NOW)
    return found


def ok(*streams: str) -> Outcome:
    return Outcome(KEY, [StreamOutcome(name, until=NOW) for name in streams or ("log",)])


class TestReadingAgain:
    def test_hours_that_follow_each_other_are_one_span(self, objects: FolderObjects) -> None:
        assert Gaps(objects).due(KEY, STREAMS, NOW) == [Span("log", MISSING, MISSING + 2 * HOUR)]

    def test_it_is_looked_for_only_now_and_then(self, objects: FolderObjects) -> None:
        found = Gaps(objects)
        assert found.due(KEY, STREAMS, NOW)
        assert found.due(KEY, STREAMS, NOW + EVERY / 2) == []
        assert found.due(KEY, STREAMS, NOW + EVERY)

    def test_pauses_grow_and_then_it_is_given_up(self, objects: FolderObjects) -> None:
        tried = []
        now = NOW
        while now < NOW + timedelta(days=3):
            found = Gaps(objects)
            spans = [one for one in found.due(KEY, STREAMS, now) if one.since == MISSING]
            if spans:
                tried.append((now - NOW) // HOUR)
                found.note(KEY, spans, ok(), now)
            now += HOUR
        assert tried == [0, 6, 30]
        assert gaps.read(objects, KEY)[MISSING].times == 3

    def test_a_stream_that_refuses_us_makes_nobody_read_the_others_again_and_again(
        self, objects: FolderObjects
    ) -> None:
        outcome = ok("log")
        outcome.streams.append(StreamOutcome("admin", error="Stop", detail="no licence"))
        asked: dict[str, int] = {"log": 0, "admin": 0}
        for hours in range(72):
            now, found = NOW + hours * HOUR, Gaps(objects)
            spans = found.due(KEY, (Stream("log"), Stream("admin")), now)
            for span in spans:
                asked[span.stream] += span.since == MISSING
            found.note(KEY, spans, outcome, now)
        assert asked["log"] == 3
        assert gaps.read(objects, KEY)[MISSING].times == 3
        # It failed before anything was read again; once a person has mended it, it is due.
        assert asked["admin"] > 3

    def test_a_span_that_is_refused_for_good_is_given_up(self, objects: FolderObjects) -> None:
        refused = Outcome(KEY, [StreamOutcome("log", error="Stop", rereading=True)])
        times = 0
        for hours in range(72):
            found = Gaps(objects)
            spans = found.due(KEY, STREAMS, NOW + hours * HOUR)
            times += any(span.since == MISSING for span in spans)
            found.note(KEY, spans, refused, NOW + hours * HOUR)
        assert times == 3

    def test_a_run_that_failed_does_not_count(self, objects: FolderObjects) -> None:
        found = Gaps(objects)
        spans = found.due(KEY, STREAMS, NOW)
        failed = Outcome(KEY, [StreamOutcome("log", error="Retry")])
        found.note(KEY, spans, failed, NOW)
        assert gaps.read(objects, KEY) == {}


class TestStanding:
    def test_is_written_when_something_changes_and_else_seldom(
        self, objects: FolderObjects
    ) -> None:
        found = Standings(objects)
        written = []
        for minute, error in enumerate([None, None, "Stop", "Stop", None, *[None] * 12]):
            found.note(Outcome(KEY, [StreamOutcome("log", error=error)]), NOW + minute * HOUR / 60)
            written.append(objects.get("standing/acme/okta/account.json").etag)
        assert len(set(written)) == 4

    def test_remembers_when_it_last_went_well(self, objects: FolderObjects) -> None:
        found = Standings(objects)
        found.note(ok(), NOW)
        found.note(Outcome(KEY, [StreamOutcome("log", error="Stop", detail="no")]), NOW + HOUR)
        stream = standing.read(objects, KEY)["log"]
        assert (stream.good, stream.at, stream.until) == (NOW, NOW + HOUR, NOW)
        assert (stream.error, stream.detail) == ("Stop", "no")

    def test_who_gave_way_to_another_tells_nothing(self, objects: FolderObjects) -> None:
        Standings(objects).note(Outcome(KEY, [StreamOutcome("*", error="Held")]), NOW)
        assert standing.read(objects, KEY) == {}


class TestStatus:
    def state(self, objects: FolderObjects) -> status.Status:
        (found,) = status.status(objects, [ACCOUNT], NOW - timedelta(days=4), NOW)
        return found

    def test_tells_gaps(self, objects: FolderObjects) -> None:
        Standings(objects).note(ok(), NOW)
        found = self.state(objects)
        assert found.state(NOW) == "gaps"
        assert [one.hour for one in found.gaps] == [MISSING, MISSING + HOUR]
        shown = status.as_json(found, NOW)
        (hour,) = (one for one in shown["hours"] if one["hour"] == MISSING)
        assert hour["state"] == "gap"
        assert hour["received"] == 0 < hour["expected"][0]

    def test_a_filled_gap_is_none(self, objects: FolderObjects) -> None:
        Standings(objects).note(ok(), NOW)
        whole = {hour: Received(one.events, 30.0) for hour, one in office().hours.items()}
        completeness_store.update(objects, "acme", "okta", DAYS, whole, NOW)
        found = self.state(objects)
        assert (found.state(NOW), found.gaps, found.lag) == ("fine", [], 30.0)

    def test_tells_what_fails_is_late_or_never_ran(self, objects: FolderObjects) -> None:
        assert self.state(objects).state(NOW) == "never"
        standings = Standings(objects)
        standings.note(ok(), NOW)
        assert self.state(objects).state(NOW + 2 * HOUR) == "late"
        standings.note(Outcome(KEY, [StreamOutcome("log", error="Stop", detail="no")]), NOW)
        assert self.state(objects).state(NOW) == "failing"
        assert self.state(objects).errors == ["log: no"]

    def test_tells_what_waits_of_this_account_and_of_no_other(self, objects: FolderObjects) -> None:
        raw = Raw(objects)
        for name in ("europe.log", "europe.log", "europe.admin", "asia.log"):
            raw.append(LakeStream("acme", "okta", name), b"12345", "ndjson", NOW)
        raw.settle(LakeStream("acme", "okta", "europe.log"), 1)
        account = Account(base_url="https://acme.okta.com")
        accounts = [
            Configured(AccountKey("acme", "okta", name), account)
            for name in ("europe", "asia", "us")
        ]
        found = status.status(objects, accounts, NOW - HOUR, NOW)
        assert [(one.waiting, one.waiting_bytes) for one in found] == [(2, 10), (1, 5), (0, 0)]

    def test_a_stream_that_never_was_read_keeps_the_account_late(
        self, objects: FolderObjects
    ) -> None:
        outcome = ok()
        outcome.streams.append(StreamOutcome("new", error="Retry"))
        Standings(objects).note(outcome, NOW)
        assert self.state(objects).until is None
