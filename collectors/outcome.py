"""What a run is asked for and what it did, account by account and stream by stream."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from collectors.contract import Stream
from conf.errors import AntipodeError
from lake.streams import Stream as LakeStream

HARMLESS = {None, "Held", "Conflict", "Retry", "Unusable"}  # the next run goes on where this ended


@dataclass(frozen=True, order=True)
class AccountKey:
    """An account of a tenant at a provider; `name` is empty when there is but one."""

    tenant: str
    source: str
    name: str = ""

    def stream(self, stream: Stream) -> LakeStream:
        """Return what a stream is called in the lake."""
        named = f"{self.name}.{stream.name}" if self.name else stream.name
        return LakeStream(self.tenant, self.source, named)

    def owns(self, stream: LakeStream) -> bool:
        """Tell whether a stream of the lake is one of this account: those of others are named."""
        if (stream.tenant, stream.source) != (self.tenant, self.source):
            return False
        return not self.name or stream.name.startswith(f"{self.name}.")

    def __str__(self) -> str:
        """Return it as messages name it: `acme/okta` or `acme/okta/europe`."""
        return "/".join(part for part in (self.tenant, self.source, self.name) if part)


@dataclass(frozen=True)
class Span:
    """A span of time of a stream (its own name) that is to be read again."""

    stream: str
    since: datetime
    until: datetime


@dataclass
class StreamOutcome:
    """What a run did with one stream.

    `until`   the time up to which it was read.
    `error`   the class of what ended it early; `detail` says it in words.
    `after`   the seconds that the provider is to be left alone.
    `rereading`  what is new was read, and spans to be read again were begun with.
    """

    stream: str
    records: int = 0
    objects: int = 0
    stored_bytes: int = 0
    until: datetime | None = None
    error: str | None = None
    detail: str = ""
    after: float | None = None
    rereading: bool = False


@dataclass
class Outcome:
    """What a run did with one account; a stream `*` tells what concerns them all."""

    key: AccountKey
    streams: list[StreamOutcome] = field(default_factory=list)

    @property
    def records(self) -> int:
        """How many records were stored; those read again count again."""
        return sum(one.records for one in self.streams)

    @property
    def failures(self) -> list[StreamOutcome]:
        """The streams that a person has to look at."""
        return [one for one in self.streams if one.error not in HARMLESS]

    def as_json(self) -> dict[str, Any]:
        """Return it as what JSON can hold, times as ISO 8601."""
        streams = [
            asdict(one) | {"until": one.until.isoformat() if one.until else None}
            for one in self.streams
        ]
        return {**asdict(self.key), "records": self.records, "streams": streams}


def in_words(error: Exception) -> str:
    """Return what went wrong. Of a mistake of ours: what and where, never what the data was."""
    if isinstance(error, AntipodeError):
        return str(error)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else "?"
    return f"unexpected {type(error).__name__} at {place}"
