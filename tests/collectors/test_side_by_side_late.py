"""What is published late is found, however the reading of the settled past is interrupted."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from past_stage import DAY, FIRST, HOUR, LAG, NOON, Killed, everything, position, stage
from scripted_log import ScriptedLog, Stage
from stepping_clock import SteppingClock

from collectors.contract import Cursor, Http, Page, Stream
from collectors.errors import CursorLost, Retry, Unusable
from collectors.slots import Slots
from collectors.windows import SHORTEST
from lake.folder import FolderObjects


class TestLateEvents:
    @staticmethod
    def interrupted(folder: Path, settled: timedelta) -> set[str]:
        """Be killed when all of the past but its oldest part is read; go on a month later.

        Return what was lost.
        """
        found = stage(folder, Stream("log", lag=LAG, window=DAY, settled=settled))
        found.log.publish("late", NOON - HOUR, late=LAG)
        found.log.page_size = 1
        newest, whole = Event(), found.log.pages

        def pages(http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
            if since.since == FIRST and not newest.wait(20):
                raise AssertionError("the newest part was not read beside the oldest")
            yield from whole(http, stream, since, until)
            if until == NOON - settled - SHORTEST:
                newest.set()
            if since.since == FIRST:
                raise Killed

        with patch.object(found.log, "pages", pages), pytest.raises(Killed):
            found.run(FIRST, most=lambda: 1)
        assert position(found).behind
        for _ in range(3):
            found.log.clock.pass_(30 * DAY)
            found.run(FIRST)
        return everything(found) - set(found.stored())

    def test_one_within_the_lag_is_found_whatever_interrupts_the_run(self, tmp_path: Path) -> None:
        assert self.interrupted(tmp_path, settled=LAG) == set()

    def test_and_would_be_lost_were_the_recent_part_called_settled(self, tmp_path: Path) -> None:
        assert self.interrupted(tmp_path, settled=timedelta(0)) == {"late"}

    @settings(
        max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        window=st.sampled_from([None, 7 * HOUR, DAY]),
        polls=st.lists(st.sampled_from([HOUR, DAY, 9 * DAY]), min_size=1, max_size=4),
        failures=st.dictionaries(
            st.integers(1, 40),
            st.sampled_from([Retry("busy"), CursorLost("gone"), Unusable("torn"), Killed()]),
            max_size=5,
        ),
        events=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12),
        slots=st.integers(0, 4),
        short=st.booleans(),
    )
    def test_whatever_happens_nothing_is_lost(
        self,
        window: timedelta | None,
        polls: list[timedelta],
        failures: dict[int, BaseException],
        events: list[tuple[float, float]],
        slots: int,
        short: bool,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> None:
        """A first run far back, then others after pauses; each may end at any page.

        `short`: each run ends after its first page.
        """
        log = ScriptedLog(
            SteppingClock(NOON), Stream("log", lag=LAG, window=window, settled=LAG), page_size=1
        )
        found = Stage(FolderObjects(tmp_path_factory.mktemp("run") / "lake"), log)

        def fault(asked: int) -> None:
            if asked in failures:
                raise failures.pop(asked)

        log.fault = fault
        span = NOON - FIRST + sum(polls, timedelta(0))
        for number, (when, late) in enumerate(events):
            log.publish(f"e{number}", FIRST + span * when, LAG * late)
        for number, poll in enumerate([timedelta(0), *polls, LAG, LAG / 3, LAG / 3, HOUR]):
            log.clock.pass_(poll)
            if number > len(polls):  # failures end before the log is looked at
                failures.clear()
            with suppress(Retry, Killed):
                end = log.clock.now() if short and number <= len(polls) else None
                found.run(FIRST, slots=Slots(slots), most=lambda: 1, deadline=end)
        assert set(found.stored()) == everything(found)
