"""Which networks are at fault for jumps: a greedy set cover.

See models/learned.py for what a jump is, and models/groundwork.py for what a hop is.
"""

import numpy as np

from models.columns import Booleans, Floats, Integers
from models.runs import distinct

NOT_PHYSICAL = 0.5  # an address with a greater share says nothing about where its user is
HOPS_LEAST = 0.2  # of a network's hops must be jumps for it to be at fault: not so of an office
PRIOR_PEOPLE = 4.0  # who jump as the kind of network has it, beside the people seen


def smoothed(hits: Integers | Floats, number: Integers | Floats, prior: Floats | float) -> Floats:
    """Return the share of hits, drawn to `prior` as by PRIOR_PEOPLE more people."""
    return np.asarray((hits + PRIOR_PEOPLE * prior) / (number + PRIOR_PEOPLE))


def placeless(
    person: Integers,
    one: Integers,
    other: Integers,
    users: Integers,
    prior: Floats,
    reliance: Floats,
    hops: Floats,
) -> Booleans:
    """Say of each network whether it is at fault for most of its users' jumps.

    A jump is between two networks and only one need be at fault: that one is taken first which
    explains the most people, weighed by the share of its users who jump and by the share of its
    hops that are jumps (`hops`); what it explains is then held against no other. An end is excused
    where most users of the other jump and more of the other's hops are jumps: the many who jump
    between their office and several carriers say nothing against the office. Such as are hardly
    ever places (`prior`: VPNs) are never excused. Of two that explain as much, it is the one on
    which its users rely less (`reliance`: its share of their active hours).
    """
    span = int(person.max(initial=0)) + 1
    each = distinct((one * len(users) + other) * span + person)  # how often nobody asks
    one, other, person = each // span // len(users), each // span % len(users), each % span
    fault = np.zeros(len(users), np.bool_)
    left = np.ones(len(person), np.bool_)
    everything = np.concatenate([one * span + person, other * span + person])
    suspect = smoothed(_people(everything, span, len(users)), users, prior) > NOT_PHYSICAL
    hidden = prior > NOT_PHYSICAL
    first = hidden[one] | ~(suspect[other] & (hops[other] > hops[one]))
    second = hidden[other] | ~(suspect[one] & (hops[one] > hops[other]))
    while left.any():
        pairs = np.concatenate(
            [
                one[left & first] * span + person[left & first],
                other[left & second] * span + person[left & second],
            ]
        )
        jumping = _people(pairs, span, len(users))
        share = smoothed(jumping, users, prior)
        worth = share * jumping * (1.0 - 0.5 * reliance) * hops
        worth[fault | (share <= NOT_PHYSICAL) | (hops < HOPS_LEAST)] = 0.0
        worst = int(worth.argmax())
        if worth[worst] == 0.0:
            break
        fault[worst] = True
        left &= (one != worst) & (other != worst)
    return fault


def _people(pairs: Integers, span: int, networks: int) -> Integers:
    """Count the people of each network, given as network * span + person, any number of times."""
    return np.bincount(distinct(pairs) // span, minlength=networks)
