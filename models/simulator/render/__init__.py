"""How a provider writes down what happened: one file a provider, named as the source is.

Each file holds a class `Log` that does what the protocol `ProviderLog` says. The records are
written after the providers' own documentation of their logs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol, TypeVar

from models.simulator.company import Company
from models.simulator.people import Person
from models.simulator.world import Address

T = TypeVar("T")


@dataclass(frozen=True)
class Action:
    """One kind of record. The first of a log's actions is the sign-in.

    `people`, `sync`, `program`: how often it is written for people at work, for a device that
    syncs by itself, and for an account of a program; relative to the log's other actions.
    """

    name: str
    people: float = 0.0
    sync: float = 0.0
    program: float = 0.0


@dataclass(slots=True)
class Use:
    """One event to be written down."""

    time: str  # ISO 8601 in UTC with milliseconds, without zone
    person: Person
    address: Address
    device: int  # see diary: LAPTOP, PHONE, PROGRAM, STRANGER
    action: Action
    failed: bool
    digits: str  # 32 random hexadecimal digits
    session: int  # the same for all events of a session

    @property
    def uuid(self) -> str:
        """A version 4 UUID made of the digits."""
        d = self.digits
        return f"{d[:8]}-{d[8:12]}-4{d[13:16]}-a{d[17:20]}-{d[20:]}"

    @property
    def number(self) -> int:
        """A number from 0 to 2^48 - 1, made of the digits."""
        return int(self.digits[:12], 16)

    def pick(self, things: Sequence[T]) -> T:
        """Return one of the things, decided by the digits."""
        return things[self.number % len(things)]


class ProviderLog(Protocol):
    """Writes the records of one provider for one company."""

    actions: ClassVar[tuple[Action, ...]]
    shares: ClassVar[Mapping[str, float]]  # by role; "" for the others: how much it is used
    guessable: ClassVar[bool]  # whether strangers try passwords at it

    def __init__(self, company: Company) -> None: ...

    def line(self, use: Use) -> str:
        """Return the record as one line of JSON."""
        ...

    def uids(self, use: Use) -> list[str]:
        """Return the `metadata.uid` of each event that comes of the record."""
        ...

    def files(self, day: date, lines: list[str]) -> Iterator[tuple[str, bytes]]:
        """Return the files that hold the lines of one day, as (name, bytes)."""
        ...


def ndjson(day: date, lines: list[str]) -> Iterator[tuple[str, bytes]]:
    """One file a day, a record a line."""
    yield f"{day:%Y-%m-%d}.ndjson", ("\n".join(lines) + "\n").encode()
