"""Over what: kinds of network, who else uses them, and with whose devices."""

import numpy as np

from models.pairs import Pairs
from models.runs import counted
from models.sphere import Floats


def columns(pairs: Pairs) -> Floats:
    """Return shares of the use: by networks that hide where one is, by strange devices.

    And logs of how many people use the network, and of how many have the device.
    """
    learned, address = pairs.context.learned, pairs.context.known.presences.address
    strange, common = devices(pairs)
    people = learned.by_network.people[learned.network[address]]
    hidden = learned.hides[address].astype(float)
    return np.stack([pairs.mean(hidden), pairs.mean(np.log(people)), strange, common], axis=1)


def devices(pairs: Pairs) -> tuple[Floats, Floats]:
    """Return the share of events by devices that the person uses nowhere else, an entry a pair.

    And the mean log of how many people have the device.
    """
    known = pairs.context.known
    used = known.devices
    span = int(used.device.max(initial=0)) + 1
    row = pairs.rows_of(used.person, known.addresses.place[used.address])
    events = used.events.astype(float)
    own = used.person * span + used.device
    new = counted(own, events) <= counted(row * span + used.device, events)
    people = np.bincount(np.unique(own) % span, minlength=span)
    total = np.maximum(np.bincount(row, events, len(pairs)), 1)
    strange = np.bincount(row, events * new, len(pairs)) / total
    common = np.bincount(row, events * np.log(people[used.device]), len(pairs)) / total
    return strange, common
