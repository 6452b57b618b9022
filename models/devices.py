"""Devices: whether the use of a place was made by what is the person's own.

Device here means the user agent without its numbers; the person's own are those of dwellings
(models/dwellings.py). The next device is drawn as from a Dirichlet process: one of those known, or
a new one with the chance `turnover / (turnover + events of the person's own)`. The turnover is
learned: where people's agents change all the time, or where little is seen of them, a strange one
says little. A new one is most often such as colleagues have (another program of the provider's, a
new phone); one that nobody has says more.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise
from math import log

import numpy as np

from models.company import Company
from models.dwellings import Dwellings
from models.learned import APART_LEAST_KM
from models.places import Booleans, Integers
from models.runs import among, distinct
from models.sphere import Floats

# Until the company says otherwise, 1 in 20 of people's other places is used by a strange device.
PRIOR_STRANGE, PRIOR_PLACES = 0.05, 20.0
FEW_EVENTS, PRIOR_STRANGERS = 4, 3.0  # as many of either as the turnover says, to begin with
MIMICRY = 0.15  # attackers who take care to look like their victim
FURTHER_MIMICRY = 0.15  # and do so by another of the victim's devices as well
ALIKE = 0.5  # of the others: how far their devices are those of the company
MOST = 0.5  # share of the events from which a place counts as used by strange devices
EVEN = 1 / 50  # share of each of the devices there are in the world
PRIOR_PEOPLE = 10.0  # of the even spread, beside the company's people
TURNOVERS = np.geomspace(0.05, 2000.0, 64)
WHIFF = 0.1  # share of the events at which a device counts by half
OBSERVATIONS = 2.0
CHANCE_LEAST, CHANCE_MOST = 0.002, 0.95


@dataclass(frozen=True)
class Use:
    """One device at the place of a case."""

    share: float  # of the place's events
    own: float  # chance of just this device among those of the person's own
    common: float  # the same among the colleagues' devices


@dataclass(frozen=True)
class Device:
    """What is known of the devices of one case."""

    uses: tuple[Use, ...]  # none: not known, or of no device is known that it is the person's own
    chance: float  # that an honest use is by a device that is not the person's own

    @property
    def strange(self) -> float | None:
        """Share of the events by devices that are not the person's own; None: not known."""
        return sum(use.share for use in self.uses if use.own == 0) if self.uses else None


@dataclass(frozen=True)
class FarPlaces:
    """One entry for each (person, place far from the main one)."""

    person: Integers
    place: Integers
    strange: Booleans  # mostly used by devices that are not the person's own
    elsewhere: Floats  # events of the person's own devices
    events: Floats  # at the place

    def only(self, kept: Booleans) -> "FarPlaces":
        columns = (getattr(self, field.name)[kept] for field in fields(self))
        return FarPlaces(*columns)


def turnover(far: FarPlaces) -> float:
    """Return the turnover with which as many places have strange devices as there are such."""
    strange = PRIOR_STRANGE * PRIOR_PLACES + float(far.strange.sum())
    usual = float(np.median(far.elsewhere)) if len(far.person) else 100.0
    expected = [
        (t / (t + far.elsewhere)).sum() + PRIOR_PLACES * t / (t + usual) for t in TURNOVERS.tolist()
    ]
    return float(np.interp(strange, expected, TURNOVERS))


def by_events(far: FarPlaces, turned: float) -> tuple[float, float]:
    """Return how many times as often as by the turnover a place of few events is used so.

    And one of more: a program that hardly ever asks makes a visit of one event its own.
    """
    few, times = far.events <= FEW_EVENTS, []
    for which in (few, ~few):
        expected = (turned / (turned + far.elsewhere[which])).sum()
        times.append((far.strange[which].sum() + PRIOR_STRANGERS) / (expected + PRIOR_STRANGERS))
    return float(times[0]), float(times[1])


class DeviceBook:
    """The company's devices."""

    def __init__(self, known: Company, dwellings: Dwellings, acts: Booleans) -> None:
        """Use the company's devices; `acts`: those of them that are programs at work."""
        self._known, self._acts = known, acts
        devices = known.devices
        self._place = known.addresses.place[devices.address]
        self._dwelt = dwellings.hold(devices.person, self._place)
        number = int(devices.device.max(initial=-1)) + 1
        pairs = np.unique(devices.person * (number + 1) + devices.device)
        self._people: Floats = np.bincount(pairs % (number + 1), minlength=number).astype(float)
        self._pairs = len(pairs)
        self._far = self._far_places()
        self._learn(self._far)

    def _learn(self, far: FarPlaces) -> None:
        self.turnover = turnover(far)
        self.of_few, self.of_more = by_events(far, self.turnover)

    @cached_property
    def strangers(self) -> Booleans:
        """Say of each presence whether its address was used by none of the person's own devices.

        Not so where devices are not known.
        """
        devices, seen = self._known.devices, self._known.presences
        number = int(devices.device.max(initial=-1)) + 1
        key = devices.person * number + devices.device
        own = among(key, key[self._dwelt])
        told = np.bincount(devices.person[self._dwelt], minlength=len(self._known.people)) > 0
        span = len(self._known.addresses.ip)
        pair, used = devices.person * span + devices.address, seen.person * span + seen.address
        return among(used, pair[told[devices.person]]) & ~among(used, pair[own])

    def without(self, visits: Iterable[tuple[int, int]]) -> "DeviceBook":
        """Return the book as learned without visits (person, place) that were an attacker's."""
        left = set(visits)
        pairs = zip(self._far.person.tolist(), self._far.place.tolist(), strict=True)
        kept = np.array([pair not in left for pair in pairs], np.bool_)
        book = copy(self)
        book._learn(self._far.only(kept))
        return book

    def _far_places(self) -> "FarPlaces":
        """Return people's places far from their main one."""
        devices, found = self._known.devices, []
        bounds = np.searchsorted(devices.person, np.arange(len(self._known.people) + 1))
        for person, (low, high) in enumerate(pairwise(bounds.tolist())):
            rows = low + np.flatnonzero(~self._acts[low:high])
            place, events, dwelt = self._place[rows], devices.events[rows], self._dwelt[rows]
            each, index = np.unique(place, return_inverse=True)
            if len(each) < 2:
                continue
            main = int(np.bincount(index, weights=events).argmax())
            apart = self._known.places.apart_km(int(each[main]), each)
            for other in np.flatnonzero(apart >= APART_LEAST_KM).tolist():
                here, device = index == other, devices.device[rows]
                own = owns(here, dwelt)
                new = ~among(device[here], device[own])
                strange = events[here][new].sum() > MOST * events[here].sum()
                seen = events[own].sum(), events[here].sum()
                found.append((person, each[other], strange, *seen))
        columns = np.array(found, np.int64).reshape(-1, 5).T
        return FarPlaces(columns[0], columns[1], columns[2] > 0, *columns[3:].astype(float))

    def at(self, person: int, places: list[int]) -> Device:
        """Compare the devices at a person's places with those at the others."""
        devices = self._known.devices
        low, high = np.searchsorted(devices.person, [person, person + 1]).tolist()
        here = np.isin(self._place[low:high], places)
        device, events = devices.device[low:high], devices.events[low:high]
        elsewhere = owns(here, self._dwelt[low:high])
        usual = distinct(device[elsewhere])
        seen = float(events[elsewhere].sum())
        times = self.of_few if events[here].sum() <= FEW_EVENTS else self.of_more
        chance = times * self.turnover / (self.turnover + seen)
        chance = min(CHANCE_MOST, max(CHANCE_LEAST, chance))
        if not here.any() or not len(usual):
            return Device((), chance)
        used, index = np.unique(device[here], return_inverse=True)
        share = np.bincount(index, weights=events[here]) / events[here].sum()
        own = among(used, usual) / len(usual)
        # The person is left out: each device used was counted once for the person.
        common = (self._people[used] - 1 + PRIOR_PEOPLE * EVEN) / (self._pairs + PRIOR_PEOPLE)
        rows = zip(share.tolist(), own.tolist(), common.tolist(), strict=True)
        return Device(tuple(Use(*row) for row in rows), chance)


def owns(here: Booleans, dwelt: Booleans) -> Booleans:
    """Say which of a person's uses show what is the person's own, beside those `here`.

    Those where the person dwells; all others if nothing is known of these.
    """
    own = ~here & dwelt
    return own if own.any() else ~here


def log_device(device: Device, attack: bool, familiar: float = 1.0) -> float:
    """Return the log-likelihood of the devices under an attack, or under an honest use.

    Each device that is more than a whiff of the use counts once, all together at most
    OBSERVATIONS times. `familiar` scales the chance of a new device; that is paid once, for one new
    telephone brings several new agents.
    """
    new = familiar * device.chance
    total = stranger = strange = weight = 0.0
    for use in device.uses:
        part = use.share / (use.share + WHIFF)
        weight += part
        common = 0.8 * use.common + 0.2 * EVEN
        total += part * log((1 - new) * use.own + new * common if use.own else common)
        strange += 0.0 if use.own else part
        stranger += part * log(ALIKE * use.common + (1 - ALIKE) * EVEN)
    if not weight:
        return 0.0
    scale = min(1.0, OBSERVATIONS / weight)
    total += min(1.0 / scale, strange) * log(new)
    if not attack:
        return scale * total
    mimicry = log(MIMICRY) + max(0.0, weight - strange - 1.0) * log(FURTHER_MIMICRY)
    return float(np.logaddexp(mimicry + scale * total, log(1 - MIMICRY) + scale * stranger))
