"""All sessions of all people, as columns: who was online when, over which address."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from models.simulator.world import Address

LAPTOP, PHONE, PROGRAM, STRANGER = range(4)  # what is used; a stranger's own machine
SIGNED_IN, TOKEN, FAILED, BACKGROUND = range(4)  # first a sign-in; no sign-in; only failures; sync
BY_WEIGHT = -1


@dataclass(frozen=True, slots=True)
class Session:
    """One stretch of use over one address. Times are seconds after the start of the month."""

    person: int
    start: float
    end: float
    address: Address
    device: int = LAPTOP
    weight: float = 1.0  # share of the company's events, relative to other sessions
    label: str = ""  # what is peculiar about it, such as "trip"
    mode: int = SIGNED_IN
    count: int = BY_WEIGHT  # exactly so many events
    only: str = ""  # the one source that sees it
    attack: int = -1  # ordinal of the attack that it belongs to


@dataclass
class Diary:
    """The sessions within the month."""

    seconds: float  # length of the month
    sessions: list[Session] = field(default_factory=list)

    def add(self, session: Session) -> None:
        """Write down a session, cut to the month; one outside it is left out."""
        start, end = max(0.0, session.start), min(self.seconds - 1.0, session.end)
        if end <= start:
            return
        if (start, end) == (session.start, session.end):
            self.sessions.append(session)
            return
        weight = session.weight * (end - start) / (session.end - session.start)
        self.sessions.append(
            Session(
                session.person, start, end, session.address, session.device, weight, session.label,
                session.mode, session.count, session.only, session.attack,
            )
        )  # fmt: skip

    def fixed(self) -> int:
        """Return the events of the sessions whose number of events is given."""
        return sum(s.count for s in self.sessions if s.count > 0)

    def counts(self, events: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Return how many events each session has, `events` in all.

        People work in bursts: sessions of the same weight differ widely.
        """
        counts = np.array([s.count for s in self.sessions], dtype=np.int64)
        free = counts == BY_WEIGHT
        weights = np.array([s.weight for s in self.sessions])[free]
        weights = weights * rng.lognormal(0.0, 0.8, len(weights))
        left = events - int(counts[~free].sum())
        counts[free] = rng.multinomial(left, weights / weights.sum())
        return counts
