"""Use that nothing links to the rest of its user's: neither a device nor a block of addresses.

People's devices and lines hang together: the laptop is used at home and in the office, the
telephone at home and on the way. One who broke in brings a device of their own, over lines of their
own. So each person's devices and blocks of addresses are drawn as a graph, joined where the one was
used over the other. A part of it that is brief, light and joined to nothing else may be a
stranger's, wherever it lies: in the next town as well. Alone that decides nothing, for people
borrow machines; it makes the part be looked at by itself.

A device is a user agent without its numbers. One that most have links nothing: what the provider's
own programs say, or the browser that the company gives to all.
"""

import numpy as np

from models.columns import Booleans, Floats, Integers
from models.company import Company
from models.runs import distinct

COMMON = 0.7  # share of the people who have a device from which it tells nobody from another
LIGHT = 0.2  # of the person's events
BRIEF_DAYS = 5


def strangers(known: Company) -> Booleans:
    """Say of each address whether all its use may be strangers'."""
    devices, seen, prefix = known.devices, known.presences, known.addresses.prefix
    result = np.zeros(len(prefix), np.bool_)
    if not len(devices.person):
        return result
    span = int(prefix.max()) + 1
    pair, block = np.unique(devices.person * span + prefix[devices.address], return_inverse=True)
    own, share_of_people = _devices(known)
    tells = share_of_people[devices.device] < COMMON
    part = parts(block[tells], own[tells], len(pair))
    told = np.bincount(block[tells], minlength=len(pair)) > 0
    events = np.bincount(part[block], weights=devices.events, minlength=len(pair))[part]
    everything = np.bincount(devices.person, weights=devices.events, minlength=len(known.people))
    light = told & (events < LIGHT * everything[pair // span])
    used = seen.person * span + prefix[seen.address]
    at = np.minimum(pair.searchsorted(used), len(pair) - 1)
    known_pair = pair[at] == used
    days = _days(part[at[known_pair]], seen.day[known_pair], len(pair))[part]
    strange = known_pair & (light & (days <= BRIEF_DAYS))[at]
    result[seen.address[strange]] = True
    result[seen.address[~strange]] = False
    return result


def parts(block: Integers, device: Integers, blocks: int) -> Integers:
    """Return for each block the least block that it is joined to; entries of the two are edges."""
    label = np.arange(blocks)
    while True:
        of_device = np.full(int(device.max(initial=0)) + 1, blocks)
        np.minimum.at(of_device, device, label[block])
        joined = label.copy()
        np.minimum.at(joined, block, of_device[device])
        if (joined == label).all():
            return label
        label = joined


def _devices(known: Company) -> tuple[Integers, Floats]:
    """Number each person's devices (a row of the company's), and say how many have each device."""
    devices = known.devices
    span = int(devices.device.max()) + 1
    each, own = np.unique(devices.person * span + devices.device, return_inverse=True)
    people = np.bincount(each % span, minlength=span)
    return own.astype(np.int64), people / len(known.people)


def _days(part: Integers, day: Integers, number: int) -> Integers:
    """Count the active days of each part."""
    span = int(day.max(initial=0)) + 1
    return np.bincount(distinct(part * span + day) // span, minlength=number)
