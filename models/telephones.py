"""Which use comes over a telephone's network: it may be far from where the telephone is.

A telephone that roams comes out at home. A carrier is known by its name, or by what it is used for:
many people do a little over it, and nobody much; or by how one person uses it: a little on many
days, from another address each time. Many carriers have lines at home and telephones under one
number, so the addresses on which the person is settled are left out.
"""

import numpy as np

from models.columns import Booleans, Integers
from models.company import Company
from models.learned import Learned
from models.network_kinds import ACCESS, TELEPHONES
from models.runs import among, distinct, indexed

ASIDE = 0.15  # share of its users' active hours up to which a network is nobody's line
PEOPLE_LEAST = 5
DAYS_LEAST, HOURS_MOST = 3, 4.0  # of one person: days on which it is used, active hours a day
A_LITTLE, A_SHARE = 2.0, 0.5  # active hours a day, share of the person's active hours
# Addresses a day. What is used more than a little may be a line whose address changes each night.
ADDRESSES_LEAST, ADDRESSES_OF_MORE = 0.7, 1.2


def over_telephones(known: Company, learned: Learned) -> Booleans:
    """Say of each presence whether it is over a telephone's network."""
    address = known.presences.address
    named, access = known.addresses.of(TELEPHONES), known.addresses.of(ACCESS)
    aside = (learned.reliance < ASIDE) & (learned.by_network.people >= PEOPLE_LEAST)
    alike = aside[learned.network][address] | used_like_one(known, learned)
    return np.asarray(named[address] | (access[address] & alike))


def used_like_one(known: Company, learned: Learned) -> Booleans:
    """Say of each presence whether its person uses the network as one uses a telephone's."""
    seen = known.presences
    span = learned.by_network.things
    changing = np.flatnonzero(~over_settled(known, learned))
    person, address = seen.person[changing], seen.address[changing]
    pair = person * span + learned.network[address]
    every, index = indexed(pair)
    hours = np.bincount(index, minlength=len(every))
    days = _each(every, pair, seen.day[changing])
    addresses = _each(every, pair, learned.ip[address])
    share = hours / np.bincount(seen.person)[every // span]
    a_little = (share < A_SHARE) & (hours < A_LITTLE * days)
    changes = np.where(a_little, ADDRESSES_LEAST, ADDRESSES_OF_MORE)
    alike = (days >= DAYS_LEAST) & (hours < HOURS_MOST * days) & (addresses >= changes * days)
    result = np.zeros(len(seen.person), np.bool_)
    result[changing] = alike[index]
    return result


def over_settled(known: Company, learned: Learned) -> Booleans:
    """Say of each presence whether its person is settled on the address."""
    seen, by_address = known.presences, learned.by_address
    span = len(known.people) + 1
    settled = by_address.users[by_address.settled]
    pair = learned.ip[seen.address] * span + seen.person
    return among(pair, settled[:, 0] * span + settled[:, 1])


def _each(every: Integers, pair: Integers, thing: Integers) -> Integers:
    """Count the different things of each pair."""
    span = int(thing.max(initial=0)) + 1
    found = distinct(pair * span + thing) // span
    return np.bincount(np.searchsorted(every, found), minlength=len(every))
