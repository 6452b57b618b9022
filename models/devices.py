"""Devices: whether the use of a place was made by what the person uses elsewhere.

Device here means the user agent without its numbers. How much a strange one says is learned: where
people's agents change all the time, it says little.
"""

from dataclasses import dataclass
from math import log

import numpy as np

from models.company import Company
from models.learned import APART_LEAST_KM
from models.places import Integers
from models.sphere import Floats

# Until the company says otherwise, 1 in 10 of people's other places is used by a strange device.
PRIOR_STRANGE, PRIOR_PLACES = 0.1, 20.0
MIMICRY = 0.2  # attackers who take care to look like their victim
ALIKE = 0.5  # of the others: how far their devices are those of the company
MOST = 0.5  # share of the events from which a place counts as used by strange devices


@dataclass(frozen=True)
class Device:
    """What is known of the devices of one case."""

    strange: float | None  # share of the events by devices not used elsewhere; None: not known
    common: float  # share of the company's events by devices such as the person's
    chance: float  # of a strange device at an honest place, as the company has it


class DeviceBook:
    """The company's devices."""

    def __init__(self, known: Company) -> None:
        self._known = known
        devices = known.devices
        number = int(devices.device.max(initial=-1)) + 1
        events = np.bincount(devices.device, weights=devices.events, minlength=number)
        self._share: Floats = events / max(1.0, float(events.sum()))
        self._place = known.addresses.place[devices.address]
        self.chance = self._chance()

    def _chance(self) -> float:
        """Learn the share of (person, place) pairs, far from home, with strange devices."""
        devices, strange, places = self._known.devices, 0, 0
        bounds = np.searchsorted(devices.person, np.arange(len(self._known.people) + 1))
        for low, high in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
            place, device = self._place[low:high], devices.device[low:high]
            events = devices.events[low:high]
            distinct, index = np.unique(place, return_inverse=True)
            if len(distinct) < 2:
                continue
            main = int(np.bincount(index, weights=events).argmax())
            apart = self._known.places.apart_km(int(distinct[main]), distinct)
            for other in np.flatnonzero(apart >= APART_LEAST_KM).tolist():
                here = index == other
                new = ~np.isin(device[here], device[~here])
                strange += int(events[here][new].sum() > MOST * events[here].sum())
                places += 1
        return float((strange + PRIOR_STRANGE * PRIOR_PLACES) / (places + PRIOR_PLACES))

    def at(self, person: int, places: list[int]) -> Device:
        """Compare the devices at a person's places with those at the others."""
        devices = self._known.devices
        low, high = np.searchsorted(devices.person, [person, person + 1]).tolist()
        here = np.isin(self._place[low:high], places)
        device, events = devices.device[low:high], devices.events[low:high]
        usual: Integers = np.unique(device[~here])
        common = float(self._share[usual].sum())
        if not here.any() or not len(usual):
            return Device(None, common, self.chance)
        new = ~np.isin(device[here], usual)
        return Device(float(events[here][new].sum() / events[here].sum()), common, self.chance)


def log_device(device: Device, attack: bool) -> float:
    """Return the log-likelihood of the devices under an attack, or under an honest use."""
    if device.strange is None:
        return 0.0
    known = MIMICRY + (1 - MIMICRY) * ALIKE * device.common
    chance = min(0.95, max(0.02, 1 - known)) if attack else min(0.95, max(0.02, device.chance))
    return device.strange * log(chance) + (1 - device.strange) * log(1 - chance)
