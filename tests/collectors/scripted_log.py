"""A provider's log in memory: what it holds, when each event is published, and its pages."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from stepping_clock import SteppingClock

from collectors.budget import Budget
from collectors.contract import Cursor, Http, Limits, Page, SignIn, Stream
from collectors.exchange import Line
from collectors.http import AccountHttp
from collectors.sign_in_call import NoSignIn
from collectors.storing import Place
from collectors.stream_run import StreamRun
from collectors.told import Told
from collectors.transport import Torn
from lake.folder import FolderObjects
from lake.raw import Raw
from lake.streams import Stream as LakeStream


@dataclass(frozen=True)
class Event:
    id: str
    time: datetime
    published: datetime

    @property
    def line(self) -> bytes:
        return json.dumps({"id": self.id, "time": self.time.isoformat()}).encode()


class NoNetwork:
    def send(self, call: Any) -> Any:
        raise Torn("there is no network here")


@dataclass
class ScriptedLog:
    """A collector of a log in memory. `fault` is called before each page and may raise.

    `given`: pages to hand out in place of the events'.
    """

    clock: SteppingClock
    stream: Stream
    events: list[Event] = field(default_factory=list)
    page_size: int = 3
    fault: Callable[[int], None] = lambda asked: None
    given: Callable[[Cursor], list[Page]] | None = None
    asked: list[tuple[Cursor, datetime]] = field(default_factory=list)
    pages_sent: int = 0

    limits: Limits = Limits(1000, timedelta(seconds=1))  # noqa: RUF009 - it is frozen
    sign_in: SignIn = field(default_factory=NoSignIn)

    def __post_init__(self) -> None:
        self.streams: tuple[Stream, ...] = (self.stream,)

    def publish(self, id: str, time: datetime, late: timedelta = timedelta(0)) -> None:
        self.events.append(Event(id, time, time + late))

    def pages(self, http: Http, stream: Stream, since: Cursor, until: datetime) -> Iterator[Page]:
        self.asked.append((since, until))
        if self.given is not None:
            yield from self.given(since)
            return
        after = since.page.get("after", "")
        while True:
            self.pages_sent += 1
            self.fault(self.pages_sent)
            found = sorted(
                (f"{event.time.isoformat()} {event.id}", event)
                for event in self.events
                if since.since <= event.time < until and event.published <= self.clock.now()
            )
            rest = [(key, event) for key, event in found if key > after]
            page, rest = rest[: self.page_size], rest[self.page_size :]
            if page:
                after = page[-1][0]
                yield Page.of([event.line for _, event in page], since.at(after=after))
            if not rest:
                return

    def remedy(self, status: int, body: bytes) -> str | None:
        return None


KEY = LakeStream("acme", "scripted", "log")


@dataclass
class Stage:
    """A lake in a folder, and one stream of a scripted log that is collected into it."""

    objects: FolderObjects
    log: ScriptedLog
    key: LakeStream = KEY

    def place(self) -> Place:
        return Place(
            self.objects, Raw(self.objects), self.key, self.log.stream, self.log.clock, Told()
        )

    def run(self, first: datetime, always: bool = False, **options: Any) -> StreamRun:
        place = self.place()
        for name, value in options.items():
            setattr(place, name, value)
        run = StreamRun(place, self.log, http(self.log))
        run.run(first, always)
        return run

    def stored(self) -> list[str]:
        """Return the ids of all that counts in raw/, in order, repeated ones too."""
        raw = Raw(self.objects)
        return [
            json.loads(line)["id"]
            for key in raw.all_objects("acme")
            for line in raw.read(key).splitlines()
        ]


def http(log: ScriptedLog) -> AccountHttp:
    line = Line("acme", "scripted", NoNetwork(), Budget(log.limits, 1.0), log.clock, Told())
    return AccountHttp(line, log, "http://127.0.0.1")
