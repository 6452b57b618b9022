"""The detection in full, and without one thing after the other.

Members and explanations are found as the detection finds them: a new file is a new line of the
table. Of what is learned beside them, and of the filters, each is a function that is replaced here
while the company is judged; the detection itself knows nothing of it.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import IntEnum
from math import inf
from types import ModuleType
from unittest.mock import patch

import numpy as np

from models import (
    context,
    detection,
    ensemble,
    intensity,
    judge,
    learned,
    patience,
    placeless,
    rarity,
    set_apart,
)
from models.case import Case
from models.columns import Booleans, Integers
from models.company import Company
from models.context import Context
from models.devices import Device, DeviceBook
from models.dwellings import Dwellings
from models.groundwork import Groundwork
from models.judge import Verdict
from models.learned import Learned
from models.network_kinds import TELEPHONES
from models.person import Person
from models.relearning import Verdicts
from models.suspicion import Suspicion, Use

Without = Callable[[], AbstractContextManager[object]]
Voting = Callable[[str], bool]

CLUSTERINGS = {"kmeans", "bisecting_kmeans", "gaussian_mixture"}  # those of MLlib


class Again(IntEnum):
    """From which step on a company must be gone through again."""

    SCORED = 0
    JUDGED = 1
    VOTED = 2  # places or networks change by it


@dataclass(frozen=True)
class Variant:
    """One line of the table: the detection with `voting` members, while `without` lasts."""

    name: str
    voting: Voting = lambda member: True
    without: Without = nullcontext
    again: Again = Again.SCORED


EVERYTHING = Variant("everything")


def variants(of: Sequence[str] = ()) -> list[Variant]:
    """Return the lines of the parts GROUPS names (all by default), everything first."""
    return [EVERYTHING, *(variant for name in of or GROUPS for variant in GROUPS[name]())]


def of_members() -> list[Variant]:
    """Return what takes members' votes away: all, each, the clusterings; and each alone."""
    names = ensemble.members()
    return [
        Variant("without votes", lambda member: False),
        *(Variant(f"without {name}", _but({name})) for name in names),
        Variant("without the clusterings", _but(CLUSTERINGS)),
        *(Variant(f"only {name}", _but(set(names) - {name})) for name in names),
    ]


def of_explanations() -> list[Variant]:
    """Return what takes each explanation away that an attack competes with."""
    every = judge.explanations()
    return [
        Variant(f"without {name}", without=_explained_but(every, name), again=Again.JUDGED)
        for name in every
        if name != judge.ATTACK
    ]


def of_filters() -> list[Variant]:
    """Return what takes away what is learned, or judged, beside explanations and members."""
    filters: dict[Again, dict[str, Without]] = {
        Again.SCORED: {
            "patience": lambda: patch.object(patience, "needed", nothing_more),
            "rarity": lambda: patch.object(rarity, "needed", as_usual),
        },
        Again.JUDGED: {
            "relearning": lambda: patch.object(judge, "without_attacks", as_it_was),
            "campaigns": lambda: patch.object(judge, "campaigns", no_campaign),
            "exits together": lambda: patch.object(judge, "of_exits", apart),
            "devices": lambda: patch.object(DeviceBook, "at", unknown_device),
            "dwellings": lambda: patch.object(Dwellings, "hold", anywhere),
            "colleagues' intensity": lambda: patch.object(intensity, "PRIOR_VISITS", inf),
            "telephones by their use": lambda: patch.object(context, "over_telephones", so_named),
            "own lines": lambda: patch.object(context, "over_own_lines", no_own_line),
        },
        Again.VOTED: {
            "carriers": lambda: patch.object(detection, "carriers", no_carrier),
            "use set apart": lambda: patch.object(detection, "kinds", nothing_apart),
            "strangers' lines": lambda: patch.object(set_apart, "strangers", no_stranger),
            "networks at fault": lambda: patch.object(placeless, "HOPS_LEAST", inf),
            "jumps": lambda: patch.object(learned, "touched", no_jump),
        },
    }
    return [
        Variant(f"without {name}", without=without, again=again)
        for again, named in filters.items()
        for name, without in named.items()
    ]


GROUPS: dict[str, Callable[[], list[Variant]]] = {
    "members": of_members,
    "explanations": of_explanations,
    "filters": of_filters,
}


def _but(left_out: set[str]) -> Voting:
    return lambda member: member not in left_out


def _explained_but(every: dict[str, ModuleType], left_out: str) -> Without:
    rest = {name: module for name, module in every.items() if name != left_out}
    return lambda: patch.object(judge, "explanations", lambda: rest)


def as_usual(known: Company, scores: Iterable[float]) -> float:
    """Flag as where attacks are usual."""
    return 0.0


def nothing_more(known: Company, verdict: Verdict) -> float:
    """Flag whatever begins or ends with the window as all else."""
    return 0.0


def as_it_was(known: Context, by_person: Verdicts, threshold: float) -> Context:
    """Learn nothing again: what was flagged stays among what a company teaches."""
    return known


def no_campaign(known: Company, by_person: Verdicts) -> dict[int, dict[int, Use]]:
    """Believe of no block that it serves an attacker for several accounts."""
    return {}


def apart(context: Context, person: Person, suspect: Suspicion) -> list[Case]:
    """Judge every private exit by itself."""
    return []


def unknown_device(book: DeviceBook, person: int, places: list[int]) -> Device:
    """Know nothing of devices."""
    return Device((), (0.05,))


def anywhere(dwellings: Dwellings, person: Integers, place: Integers) -> Booleans:
    """Take for a person's own whatever was seen at any other place."""
    return np.ones(len(person), np.bool_)


def so_named(known: Company, learned: Learned) -> Booleans:
    """Know telephones by the kind of their network only."""
    return np.asarray(known.addresses.of(TELEPHONES)[known.presences.address])


def no_own_line(known: Company, learned: Learned, telephones: Booleans) -> Booleans:
    """Know of no line that it is one person's own."""
    return np.zeros(len(known.presences.person), np.bool_)


def no_carrier(known: Company, learned: Learned) -> Booleans:
    """Believe the databases about every carrier's gateways."""
    return np.zeros(len(known.addresses.ip), np.bool_)


def nothing_apart(known: Company, learned: Learned) -> Integers:
    """Take VPNs, rented machines and strangers' lines for a part of the city where they lie."""
    return np.zeros(len(learned.ip), np.int64)


def no_stranger(known: Company) -> Booleans:
    """Tell no line as a stranger's."""
    return np.zeros(len(known.addresses.ip), np.bool_)


def no_jump(known: Company, ground: Groundwork) -> Booleans:
    """Hold no jump against anything: of a network only its kind is known."""
    return np.zeros(len(known.presences.person), np.bool_)
