"""Devices: whether the use of a place was made by what is the person's own.

Device here means the user agent without its numbers; the person's own are those of dwellings
(models/dwellings.py). How often honest people use others is learned, of each kind of device by
itself (models/turnover.py): a telephone comes out of the pocket where the laptop stays in the bag,
and tools run on machines that nobody sits at, while people seldom sign in at a computer that is not
their own. A new device is most often such as colleagues have (another program of the provider's, a
new phone); one that nobody has says more. Who imitates a device often gets its version wrong: one
of the person's own in a version that is not is looked at like a strange one.
"""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import log

import numpy as np

from models.columns import Booleans, Integers
from models.company import Company
from models.dwellings import Dwellings
from models.learned import APART_LEAST_KM
from models.network_kinds import RENTED
from models.runs import among, distinct, indexed
from models.turnover import NEW_VERSION, FarPlaces, Turnovers
from models.user_agents import KINDS, TOOL

# What attackers come with: computer, telephone, tool. A telephone is unhandy, but can be forged.
STRANGERS = (0.6, 0.1, 0.3)
MIMICRY = 0.15  # attackers who take care to look like their victim
FURTHER_MIMICRY = 0.15  # and do so by another of the victim's devices as well
ALIKE = 0.5  # of the others: how far their devices are those of the company
OTHER_VERSION = 0.6  # of these, and by chance the person's, are in another version
MOST = 0.5  # share of the events from which a place counts as used by such
EVEN = 1 / 20  # share of each of the devices of one kind that there are in the world
PRIOR_PEOPLE = 10.0  # of the even spread, beside the company's people
WHIFF = 0.1  # share of the events at which a device counts by half
OBSERVATIONS = 2.0


@dataclass(frozen=True)
class Use:
    """One device at the place of a case."""

    share: float  # of the place's events
    own: float  # chance of just this device among those of the person's own
    common: float  # the same among the colleagues' devices of its kind
    kind: int
    updated: bool = False  # one of the person's own, in a version that is not


@dataclass(frozen=True)
class Device:
    """What is known of the devices of one case."""

    uses: tuple[Use, ...]  # none: not known, or of no device is known that it is the person's own
    chances: tuple[float, ...]  # that an honest use is by a new device of each kind, or version
    own_events: float = 0.0  # by the person's own devices elsewhere; the chances depend on these
    events: float = 0.0  # at the place
    rented: bool = False  # most of these from rented machines

    @property
    def new_kinds(self) -> set[int]:
        """Return the kinds of what is new to the person here, NEW_VERSION among them."""
        strange = {use.kind for use in self.uses if not use.own}
        updated = {NEW_VERSION for use in self.uses if use.own and use.updated}
        return strange | updated


class DeviceBook:
    """The company's devices."""

    def __init__(self, known: Company, dwellings: Dwellings, acts: Booleans) -> None:
        """Use the company's devices; `acts`: those of them that are programs at work."""
        self._known, self._acts = known, acts
        devices = known.devices
        self._place = known.addresses.place[devices.address]
        self._rented = known.addresses.of(RENTED)[devices.address]
        self._dwelt = dwellings.hold(devices.person, self._place)
        number = len(devices.kind)
        pairs = np.unique(devices.person * (number + 1) + devices.device)
        had = pairs % (number + 1)
        people = np.bincount(had, minlength=number)
        # The person is left out: each device used was counted once for the person.
        of_kind = np.bincount(devices.kind[had], minlength=KINDS)[devices.kind]
        self._common = (people - 1 + PRIOR_PEOPLE * EVEN) / (of_kind + PRIOR_PEOPLE)
        self._far = self._far_places(dwellings)
        self.turnovers = Turnovers.of(self._far)

    @cached_property
    def strangers(self) -> Booleans:
        """Say of each cell whether its address was used by none of the person's own devices.

        Not so where devices are not known.
        """
        devices, cells = self._known.devices, self._known.cells
        number = len(devices.kind)
        key = devices.person * number + devices.device
        own = among(key, key[self._dwelt])
        told = np.bincount(devices.person[self._dwelt], minlength=len(self._known.people)) > 0
        span = len(self._known.addresses.ip)
        pair, used = devices.person * span + devices.address, cells.person * span + cells.address
        return among(used, pair[told[devices.person]]) & ~among(used, pair[own])

    def without(self, visits: Iterable[tuple[int, int]]) -> "DeviceBook":
        """Return the book as learned without visits (person, place) that were an attacker's."""
        left = set(visits)
        pairs = zip(self._far.person.tolist(), self._far.place.tolist(), strict=True)
        kept = np.array([pair not in left for pair in pairs], np.bool_)
        book = copy(self)
        book.turnovers = Turnovers.of(self._far.only(kept))
        return book

    def _far_places(self, dwellings: Dwellings) -> FarPlaces:
        """Return people's places far from their main one."""
        devices, found = self._known.devices, []
        bounds = np.searchsorted(devices.person, np.arange(len(self._known.people) + 1))
        for person, (low, high) in enumerate(pairwise(bounds.tolist())):
            rows = low + np.flatnonzero(~self._acts[low:high])
            place, events, dwelt = self._place[rows], devices.events[rows], self._dwelt[rows]
            each, index = indexed(place)
            apart = self._known.places.apart_km(int(dwellings.main[person]), each)
            for other in np.flatnonzero(apart >= APART_LEAST_KM).tolist():
                here = index == other
                own = owns(here, dwelt)
                if not own.any():
                    continue
                kind = self._stranger(rows[here], rows[own])
                seen = events[own].sum(), events[here].sum(), self._on_machines(rows[here])
                found.append((person, each[other], kind, *seen))
        whose, where, kinds, owned, used, rented = np.array(found, np.int64).reshape(-1, 6).T
        number = owned.astype(float), used.astype(float)
        return FarPlaces(whose, where, kinds, *number, rented > 0)

    def _on_machines(self, rows: Integers) -> bool:
        """Say whether most of the events are from rented machines."""
        events = self._known.devices.events[rows]
        return bool(events[self._rented[rows]].sum() > MOST * events.sum())

    def _stranger(self, here: Integers, own: Integers) -> int:
        """Return the kind of what makes most of the events `here`, or -1 if it is the person's."""
        devices = self._known.devices
        events, device = devices.events[here], devices.device[here]
        strange = ~among(device, devices.device[own])
        new = strange | self._other_version(here, own)
        if events[new].sum() <= MOST * events.sum():
            return -1
        kinds = np.where(strange, devices.kind[device], NEW_VERSION)[new]
        return int(np.bincount(kinds, weights=events[new]).argmax())

    def _other_version(self, here: Integers, own: Integers) -> Booleans:
        """Say which uses `here` are in a version that is none of the person's `own`.

        A rented machine has a copy of its own of each tool: its version tells nothing.
        """
        devices = self._known.devices
        copied = self._rented[here] & (devices.kind[devices.device[here]] == TOOL)
        other: Booleans = ~copied & ~among(devices.version[here], devices.version[own])
        return other

    def at(self, person: int, places: list[int]) -> Device:
        """Compare the devices at a person's places with those at the others."""
        devices = self._known.devices
        low, high = np.searchsorted(devices.person, [person, person + 1]).tolist()
        rows = np.arange(low, high)
        here = among(self._place[rows], places)
        elsewhere, rows = rows[owns(here, self._dwelt[rows])], rows[here]
        usual, events = distinct(devices.device[elsewhere]), devices.events[rows]
        own_events, rented = float(devices.events[elsewhere].sum()), self._on_machines(rows)
        known = own_events, float(events.sum()), rented
        new = self.turnovers.chances(*known)
        if not len(rows) or not len(usual):
            return Device((), new, *known)
        device = devices.device[rows]
        updated = among(device, usual) & self._other_version(rows, elsewhere)
        used, index = indexed(device * 2 + updated)
        share = np.bincount(index, weights=events) / events.sum()
        device, updated = used // 2, used % 2 > 0
        chance = among(device, usual) / len(usual)
        columns = share, chance, self._common[device], devices.kind[device], updated
        uses = zip(*(column.tolist() for column in columns), strict=True)
        return Device(tuple(Use(*use) for use in uses), new, *known)

    def again(self, device: Device) -> Device:
        """Return a case's devices with the chances that the book has learned."""
        chances = self.turnovers.chances(device.own_events, device.events, device.rented)
        return replace(device, chances=chances)


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
    telephone brings several new agents, and so is what kind of device an attacker has.
    """
    new = [familiar * chance for chance in device.chances]
    total = stranger = strange = weight = told = paid = drawn = 0.0
    for use in device.uses:
        part = use.share / (use.share + WHIFF)
        weight += part
        common = 0.8 * use.common + 0.2 * EVEN
        if not use.own:
            total += part * log(common)
            strange += part
        else:
            total += part * log((1 - sum(new)) * use.own + new[use.kind] * common)
        if use.updated or not use.own:
            told += part
            paid += part * log(new[NEW_VERSION if use.own else use.kind])
        stranger += part * log(ALIKE * use.common + (1 - ALIKE) * EVEN)
        drawn += part * log(STRANGERS[use.kind])
        if use.own:
            drawn += part * log(OTHER_VERSION if use.updated else 1 - OTHER_VERSION)
    if not weight:
        return 0.0
    scale = min(1.0, OBSERVATIONS / weight)
    total += paid * min(1.0, 1.0 / (scale * told)) if told else 0.0
    if not attack:
        return scale * total
    stranger += drawn * min(1.0, 1.0 / (scale * weight))
    mimicry = log(MIMICRY) + max(0.0, weight - strange - 1.0) * log(FURTHER_MIMICRY)
    return float(np.logaddexp(mimicry + scale * total, log(1 - MIMICRY) + scale * stranger))
