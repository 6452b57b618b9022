"""A log of ten days of which most is settled, and what the tests of reading it ask."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scripted_log import ScriptedLog, Stage
from stepping_clock import SteppingClock

from collectors.contract import Cursor, Stream
from collectors.position import from_json
from collectors.windows import SHORTEST
from lake.folder import FolderObjects
from lake.raw import Raw

NOON = datetime(2026, 1, 30, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LAG = 2 * DAY
STREAM = Stream("log", lag=LAG, window=DAY, settled=LAG)
FIRST = NOON - 10 * DAY
END = NOON - LAG - SHORTEST  # of what is settled at noon


class Killed(BaseException):
    """What kill -9 is to a process: nothing is stored after it."""


def stage(folder: Path, stream: Stream = STREAM, each: int = 6) -> Stage:
    """A log of ten days, `each` events a day, three on a page."""
    log = ScriptedLog(SteppingClock(NOON), stream)
    for day in range(10):
        for number in range(each):
            log.publish(f"{day}.{number}", FIRST + day * DAY + number * HOUR)
    return Stage(FolderObjects(folder / "lake"), log)


def position(found: Stage) -> Cursor:
    stored = Raw(found.objects).position(found.key)
    assert stored is not None
    return from_json(stored)


def everything(found: Stage) -> set[str]:
    return {event.id for event in found.log.events}


def at_page(number: int, error: BaseException) -> Callable[[int], None]:
    def fault(asked: int) -> None:
        if asked == number:
            raise error

    return fault
