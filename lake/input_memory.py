"""What was taken from a bucket before: neither read again nor, where days are named, listed again.

One object of the lake for each tenant and input. Of files without a day in their key all are
remembered, by a hash of key and etag; of the others those of the last week, and before that only
where the week begins. Forgetting costs work, never events: these are known by their own ids.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

from conf.errors import Conflict
from lake.input_days import dated
from lake.input_files import Bucket, Found
from lake.objects import Objects, segment

LATE_DAYS = 7  # a file may appear among those of a day that long after the group's newest
_HASH_BYTES = 12


@dataclass
class _Group:
    """Files whose keys begin alike and go on with a day."""

    newest: date = date.min
    taken: dict[date, set[bytes]] = field(default_factory=dict)

    @property
    def begin(self) -> date:
        """Return the day before which nothing is looked at."""
        return max(self.newest, date.min + timedelta(days=LATE_DAYS)) - timedelta(days=LATE_DAYS)


class Memory:
    """What was taken of one input."""

    def __init__(self, objects: Objects, tenant: str, uri: str) -> None:
        """Read what the lake remembers of the input at `uri` for a tenant."""
        name = hashlib.blake2b(uri.encode(), digest_size=16).hexdigest()
        self._objects, self._key = objects, f"inputs/{segment(tenant)}/{name}.json"
        self._uri = uri
        self._undated: set[bytes] = set()
        self._groups: dict[str, _Group] = {}
        self._read()

    @property
    def knows_any(self) -> bool:
        """Whether any file was ever taken."""
        return bool(self._undated or self._groups)

    def holds(self, found: Found) -> bool:
        """Tell whether this content of this file was taken."""
        if place := dated(found.key):
            group = self._groups.get(place.group, _Group())
            return _hash(found) in group.taken.get(place.day, ())
        return _hash(found) in self._undated

    def add(self, found: Found) -> None:
        """Note that a file was taken."""
        if place := dated(found.key):
            group = self._groups.setdefault(place.group, _Group())
            group.taken.setdefault(place.day, set()).add(_hash(found))
        else:
            self._undated.add(_hash(found))

    def skip(self, key: str) -> str | None:
        """Return where to go on listing when `key` is of a day that is looked at no more."""
        place = dated(key)
        if place is None or place.group not in self._groups:
            return None
        begin = self._groups[place.group].begin
        return place.at(begin) if place.day < begin else None

    def complete(self, today: date) -> None:
        """Note that everything up to now was taken: from now on the last days only are looked at.

        `today` bounds what is believed of the days in keys.
        """
        for group in self._groups.values():
            believed = [day for day in group.taken if day <= today]
            group.newest = max([group.newest, *believed])
            group.taken = {day: taken for day, taken in group.taken.items() if day >= group.begin}

    def save(self) -> None:
        """Write down what is remembered, with what others noted meanwhile."""
        while True:
            etag = self._read()
            with suppress(Conflict):
                self._objects.put_if(self._key, self._text(), etag)
                return

    def _read(self) -> str | None:
        """Add what the lake holds to what is known; return its etag."""
        try:
            found = self._objects.get(self._key)
            state = json.loads(found.data)
            self._undated |= _hashes(state["undated"])
            for name, kept in state["groups"].items():
                group = self._groups.setdefault(name, _Group())
                group.newest = max(group.newest, date.fromisoformat(kept["newest"]))
                for day, hashes in kept["taken"].items():
                    taken = group.taken.setdefault(date.fromisoformat(day), set())
                    taken |= _hashes(hashes)
        except KeyError:
            return None
        return found.etag

    def _text(self) -> bytes:
        groups = {
            name: {
                "newest": group.newest.isoformat(),
                "taken": {
                    day.isoformat(): _joined(taken)
                    for day, taken in sorted(group.taken.items())
                    if day >= group.begin
                },
            }
            for name, group in sorted(self._groups.items())
        }
        state = {"uri": self._uri, "undated": _joined(self._undated), "groups": groups}
        return json.dumps(state, indent=1).encode()


def new_files(bucket: Bucket, memory: Memory) -> Iterator[Found]:
    """Yield the files that were not taken yet, in the order of their keys.

    One call lists up to 1,000 files, whole pages of them; days that are looked at no more are
    jumped over, which costs one call for each group.
    """
    after, more = "", True
    while more:
        page, more = bucket.page(after)
        for found in page:
            if begin := memory.skip(found.key):
                after, more = begin, True
                break
            after = found.key
            if not memory.holds(found):
                yield found


def _hash(found: Found) -> bytes:
    text = f"{found.key}\0{found.etag}".encode()
    return hashlib.blake2b(text, digest_size=_HASH_BYTES).digest()


def _joined(hashes: set[bytes]) -> str:
    return base64.b64encode(b"".join(sorted(hashes))).decode()


def _hashes(text: str) -> set[bytes]:
    data = base64.b64decode(text)
    return {data[at : at + _HASH_BYTES] for at in range(0, len(data), _HASH_BYTES)}
