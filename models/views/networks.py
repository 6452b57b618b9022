"""Over what: kinds of network, who else uses them, and with whose devices."""

import numpy as np

from models.columns import Booleans, Floats, Integers
from models.pairs import Pairs
from models.runs import counted
from models.turnover import NEW_VERSION, USUAL_EVENTS


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
    """Return how surprising the devices are that the person uses nowhere else, an entry a pair.

    The mean over the events, in nats: by the kind of the device, or a new version of an own one.
    And the mean log of how many people have the device.
    """
    known = pairs.context.known
    used = known.devices
    row = pairs.rows_of(used.person, known.addresses.place[used.address])
    events = used.events.astype(float)
    chances = pairs.context.devices.turnovers.chances(USUAL_EVENTS, USUAL_EVENTS, rented=False)
    surprise = -np.log(np.array(chances))
    new, updated = (
        only_here(used.person, row, what, events) for what in (used.device, used.version)
    )
    told = np.where(new, surprise[used.kind[used.device]], updated * surprise[NEW_VERSION])
    span = int(used.device.max(initial=0)) + 1
    people = np.bincount(np.unique(used.person * span + used.device) % span, minlength=span)
    total = np.maximum(np.bincount(row, events, len(pairs)), 1)
    strange = np.bincount(row, events * told, len(pairs)) / total
    common = np.bincount(row, events * np.log(people[used.device]), len(pairs)) / total
    return strange, common


def only_here(person: Integers, row: Integers, what: Integers, events: Floats) -> Booleans:
    """Say of each use whether the person uses it at this place only."""
    span = int(what.max(initial=0)) + 1
    return np.asarray(counted(person * span + what, events) <= counted(row * span + what, events))
