"""When an attacker is online: at once, for weeks, in turns with the owner, or while it is quiet."""

import random
from dataclasses import dataclass

from models.simulator.company import Company
from models.simulator.diary import Session
from models.simulator.kinds import Kind
from models.simulator.lines import DAY
from models.simulator.people import Person
from models.simulator.travel import HOUR, Trip

QUIET_HOURS = 3.0  # before and after
Span = tuple[float, float]


@dataclass(frozen=True)
class Owner:
    """Whose account is used, and when the owner was online."""

    company: Company
    person: Person
    sessions: list[Session]

    def days_within(self, start: float, end: float) -> float:
        """Return how many days of the span lie in the month."""
        return (min(end, self.company.days * DAY) - max(start, 0.0)) / DAY

    def longest_trip(self) -> Trip | None:
        """Return the trip of which most lies in the month."""
        trips = self.person.trips
        return max(trips, key=lambda t: self.days_within(t.arrives, t.returns), default=None)


def moments(kind: Kind, owner: Owner, total: int, draw: random.Random) -> list[Span]:
    """Return the attacker's sessions, ascending, at most `total`, all within the month."""
    low, high = _window(kind, owner)
    own = [s for s in owner.sessions if low <= s.start and s.end <= high] or owner.sessions
    number = min(total, draw.randint(5, 12))
    if kind.when == "slow":
        starts = sorted(draw.uniform(low + 0.05 * (high - low), high - HOUR) for _ in range(number))
        return [(start, start + 0.75 * HOUR) for start in starts]
    if kind.when == "alternating":
        met = sorted(draw.sample(own, min(number, len(own))), key=lambda s: s.start)
        return [(s.end + 600, s.end + 600 + HOUR) for s in met]
    length = 300.0 if kind.when == "once" else draw.uniform(0.5, 2.0) * HOUR
    if kind.when == "active_burst":
        busiest = sorted(own, key=lambda s: s.weight)[len(own) // 2 :]
        session = draw.choice(busiest)
        start = draw.uniform(session.start, session.end)
    elif kind.when in ("away", "once"):
        start = _quiet(own, low, high - length, length, draw)
    else:
        start = draw.uniform(low, high - length)
    return [(start, start + length)]


def _window(kind: Kind, owner: Owner) -> Span:
    """Return from when to when the attack may happen."""
    person, end = owner.person, owner.company.days * DAY - 2 * HOUR
    trip = owner.longest_trip()
    if kind.victim == "traveller" and trip:
        return max(HOUR, trip.arrives), min(end, trip.returns)
    if kind.victim == "on_leave":
        return (person.leave[0] + 1) * DAY, min(end, person.leave[1] * DAY)
    if kind.victim == "leaver":
        return person.present[1] * DAY + 12 * HOUR, end
    return person.present[0] * DAY + DAY, min(person.present[1] * DAY, end)


def _quiet(
    own: list[Session], low: float, high: float, length: float, draw: random.Random
) -> float:
    """Return a start around which the owner is not online, if one is found."""
    margin = QUIET_HOURS * HOUR
    start = draw.uniform(low, high)
    for _ in range(200):
        if all(s.end + margin < start or start + length + margin < s.start for s in own):
            break
        start = draw.uniform(low, high)
    return start
