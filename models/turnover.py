"""How often honest people use devices that are new to them, learned of each kind by itself.

The next device is drawn as from a Dirichlet process: one of those known, or a new one of a kind
with the chance `turnover / (turnover + events of the person's own)`. Each kind's turnover is such
that as many of the places far from people's main ones are used by strange devices of it as are.
Rented machines are looked at by themselves: what runs there was never at home. A device of the
person's own in a version that is not is a kind of its own: updates come, but seldom on the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from models.columns import Booleans, Floats, Integers
from models.user_agents import KINDS

# Until the company says otherwise: so many of people's other places, and of rented machines, are
# used by a strange computer, telephone and tool, and by another version of their own.
PRIOR_SEEN, PRIOR_RENTED = (0.01, 0.03, 0.01, 0.03), (0.02, 0.01, 0.1, 0.03)
NEW_VERSION = KINDS  # beside the kinds of strange devices
PRIOR_PLACES = 20.0
FEW_EVENTS, PRIOR_STRANGERS = 4, 3.0  # as many of either as the turnover says, to begin with
TURNOVERS = np.geomspace(0.01, 2000.0, 80)
USUAL_EVENTS = 100.0  # of a person, where nobody has two places
CHANCE_LEAST, CHANCE_MOST = 0.001, 0.95  # of a kind; of all together


@dataclass(frozen=True)
class FarPlaces:
    """One entry for each (person, place far from the main one)."""

    person: Integers
    place: Integers
    stranger: Integers  # kind of what most events are by, if it is new to the person; else -1
    elsewhere: Floats  # events of the person's own devices
    events: Floats  # at the place
    rented: Booleans  # most of these from rented machines

    def only(self, kept: Booleans) -> "FarPlaces":
        columns = (getattr(self, field.name)[kept] for field in fields(self))
        return FarPlaces(*columns)


@dataclass(frozen=True)
class Turnover:
    """Of one kind of device."""

    turned: float  # events
    of_few: float  # how many times as often as `turned` says at places of few events
    of_more: float  # and at others: a program that hardly ever asks has visits of one event

    def chance(self, own_events: float, events: float) -> float:
        """Return the chance that a place of so many events is used by a new device."""
        times = self.of_few if events <= FEW_EVENTS else self.of_more
        return max(CHANCE_LEAST, times * self.turned / (self.turned + own_events))


@dataclass(frozen=True)
class Turnovers:
    """Of each kind, then of new versions: where people are, and on rented machines."""

    seen: tuple[Turnover, ...]
    rented: tuple[Turnover, ...]

    @classmethod
    def of(cls, far: FarPlaces) -> "Turnovers":
        """Learn them of a company's places."""
        seen, rented = far.only(~far.rented), far.only(far.rented)
        return cls(of_each_kind(seen, PRIOR_SEEN), of_each_kind(rented, PRIOR_RENTED))

    def chances(self, own_events: float, events: float, rented: bool) -> tuple[float, ...]:
        """Return the chance of each kind; something is left for what is the person's own."""
        kinds = self.rented if rented else self.seen
        each = [kind.chance(own_events, events) for kind in kinds]
        scale = min(1.0, CHANCE_MOST / sum(each))
        return tuple(scale * chance for chance in each)


def of_each_kind(far: FarPlaces, priors: Sequence[float]) -> tuple[Turnover, ...]:
    """Return the turnover of each kind, and of new versions."""
    return tuple(turnover(far, kind, prior) for kind, prior in enumerate(priors))


def turnover(far: FarPlaces, kind: int, prior: float) -> Turnover:
    """Return the turnover with which as many places have strange devices of a kind as there are.

    `prior`: the share of places with such, to begin with.
    """
    stranger = far.stranger == kind
    strange = prior * PRIOR_PLACES + float(stranger.sum())
    usual = float(np.median(far.elsewhere)) if len(far.person) else USUAL_EVENTS
    expected = [
        (t / (t + far.elsewhere)).sum() + PRIOR_PLACES * t / (t + usual) for t in TURNOVERS.tolist()
    ]
    turned = float(np.interp(strange, expected, TURNOVERS))
    few, times = far.events <= FEW_EVENTS, []
    for which in (few, ~few):
        as_usual = (turned / (turned + far.elsewhere[which])).sum()
        times.append((stranger[which].sum() + PRIOR_STRANGERS) / (as_usual + PRIOR_STRANGERS))
    return Turnover(turned, float(times[0]), float(times[1]))
