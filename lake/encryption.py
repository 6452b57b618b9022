"""Encrypts raw objects, after they are compressed, before they leave the process.

Envelope encryption: each tenant and day has data keys of its own, which stand in the head of every
object that is under them, themselves encrypted under the tenant's key. Who has no key sees nothing
but the head: tenant, source, day, the object's name and the key's.
"""

from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, BinaryIO

from conf.errors import AntipodeError
from conf.settings import Settings
from lake.key_ring import OFF, KeyRing
from lake.objects import Objects
from lake.raw_names import RawName, parse

if TYPE_CHECKING:
    from lake.message import Context, Messages


class Encryption:
    """What encrypts and decrypts the raw objects of a lake."""

    def __init__(self, objects: Objects, settings: Settings) -> None:
        """Use the keys that the settings and the lake's registers name."""
        self.key_ring = KeyRing(objects, settings)
        self._uri = objects.uri

    @property
    def writes(self) -> bool:
        """Whether new objects are encrypted."""
        return self.key_ring.kind != OFF

    def prepare(self) -> None:
        """Load the library now if objects are to be encrypted: it stalls the process a second."""
        if self.writes:
            _ = self._messages

    def encrypt(self, key: str, body: bytes, now: datetime) -> bytes:
        """Return what to store under a raw object's key. Raises AntipodeError without a key."""
        name = _name(key)
        under = self.key_ring.for_writing(name.stream.tenant, now)
        return self._messages.encrypt(body, _context(name) | {"key": under.id})

    def decrypt(self, key: str, stored: bytes) -> BinaryIO:
        """Return what decrypts a raw object as it is read, frame by frame.

        Raises AntipodeError, here or while reading: no key, the wrong one, or the object is not
        what was written under its name; KeyDestroyed when the key was destroyed.
        """
        what, expected = f"{self._uri}/{key}", _context(_name(key))

        def check(head: "Context") -> None:
            if any(head.get(name) != value for name, value in expected.items()):
                raise AntipodeError(
                    f"{what} holds another object, which was written as {head.get('object')} of "
                    f"tenant {head.get('tenant')}. Restore it."
                )
            self.key_ring.for_reading(head["tenant"], head["key"], what)

        return self._messages.open(stored, what, check)

    @cached_property
    def _messages(self) -> "Messages":
        from lake.message import Messages  # takes more than a second to load

        return Messages(self._keyring)

    def _keyring(self, context: "Context") -> Any:
        return self.key_ring.keyring(context["tenant"], context["key"])


def _context(name: RawName) -> "Context":
    return {
        "tenant": name.stream.tenant,
        "source": name.stream.source,
        "day": name.day,
        "object": name.key,
    }


def _name(key: str) -> RawName:
    if name := parse(key):
        return name
    raise ValueError(f"{key!r} is no raw object's key")
