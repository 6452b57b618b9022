"""How the last runs of an account went: a small object in the lake that `antipode status` reads.

It is written when something changed, else every ten minutes: not at each poll of each tenant.
"""

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from collectors.outcome import AccountKey, Outcome, StreamOutcome
from lake.objects import Objects, segment

EVERY = timedelta(minutes=10)
_PASSED = {"Held", "Conflict"}  # somebody else collects the account, and notes how it went


@dataclass(frozen=True)
class StreamStanding:
    """The last that is known of a stream.

    `at`      when it was last tried; `good` when it last went well.
    `until`   up to which time it was read.
    `error`   the class of what went wrong, None when nothing did; `detail` in words.
    """

    at: datetime
    good: datetime | None = None
    until: datetime | None = None
    error: str | None = None
    detail: str = ""


Standing = dict[str, StreamStanding]  # by name of stream; "*" is the whole account


class Standings:
    """Notes how accounts stand. Make one for a process."""

    def __init__(self, objects: Objects) -> None:
        """Use the objects of a lake."""
        self._objects = objects
        self._noted: dict[AccountKey, tuple[datetime, tuple[str | None, ...]]] = {}

    def note(self, outcome: Outcome, now: datetime) -> None:
        """Note how a run went."""
        told = [one for one in outcome.streams if one.error not in _PASSED]
        if not told:
            return
        errors = tuple(one.error for one in told)
        noted = self._noted.get(outcome.key)
        if noted is not None and noted[1] == errors and now - noted[0] < EVERY:
            return
        self._noted[outcome.key] = (now, errors)
        known = read(self._objects, outcome.key)
        standing = {one.stream: _after(known.get(one.stream), one, now) for one in told}
        if "*" not in standing:
            known.pop("*", None)
        body = {name: _to_json(one) for name, one in {**known, **standing}.items()}
        self._objects.put(_key(outcome.key), json.dumps(body).encode())


def read(objects: Objects, key: AccountKey) -> Standing:
    """Return how an account stands; nothing when it never ran."""
    try:
        stored = json.loads(objects.get(_key(key)).data)
        return {name: _from_json(one) for name, one in stored.items()}
    except (KeyError, ValueError, TypeError, AttributeError):
        return {}


def _after(known: StreamStanding | None, told: StreamOutcome, now: datetime) -> StreamStanding:
    good = now if told.error is None else known.good if known else None
    until = told.until or (known.until if known else None)
    return StreamStanding(now, good, until, told.error, told.detail)


def _to_json(one: StreamStanding) -> dict[str, object]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(one).items()
    }


def _from_json(stored: dict[str, str | None]) -> StreamStanding:
    def time(name: str) -> datetime | None:
        value = stored[name]
        return datetime.fromisoformat(value) if value else None

    at = time("at")
    if at is None:
        raise ValueError("a standing without a time")
    return StreamStanding(at, time("good"), time("until"), stored["error"], stored["detail"] or "")


def _key(key: AccountKey) -> str:
    account = segment(key.name or "account")
    return f"standing/{segment(key.tenant)}/{segment(key.source)}/{account}.json"
