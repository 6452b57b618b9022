"""What a company's logs teach once more, without what was flagged in them.

Attacks are learned from as well: by one who uses ten accounts over one carrier, that carrier gets
known for jumps, and each of the ten looks misplaced; a strange device at each makes strange devices
common. So after the first judgement both are learned again, every use weighed by the chance that
it was honest, and those are judged again for whom it makes a difference.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import log
from typing import TYPE_CHECKING

import numpy as np

from models.columns import Floats, Integers
from models.context import Context
from models.devices import Device
from models.others import Others
from models.runs import indexed
from models.suspicion import SUSPECT_LEAST

if TYPE_CHECKING:
    from models.judge import Verdict

Verdicts = Mapping[int, Sequence["Verdict"]]

NEWS = 0.02  # of a share of jumps, or of the log of a chance, that is worth another judgement
UNMOVED = -8.0  # log-odds that no news of devices or networks brings to the threshold


def without_attacks(context: Context, by_person: Verdicts, threshold: float) -> Context:
    """Learn strange devices and networks' jumps again, as far as they were honest."""
    attacked = {
        (number, place)
        for number, verdicts in by_person.items()
        for verdict in verdicts
        if verdict.score >= threshold
        for place in verdict.case.places
    }
    learned = context.learned.trusting(trust(context, by_person))
    return replace(
        context,
        devices=context.devices.without(attacked),
        learned=learned,
        others=Others.of(context.known, learned),
    )


def trust(context: Context, by_person: Verdicts) -> tuple[Floats, Floats]:
    """Return the chance that a person's use of a network is honest at all, and that a jump is.

    An entry each a pair of `by_network`; of several uses the most honest counts.
    """
    learned, seen = context.learned, context.known.presences
    using, jumping = np.ones(len(learned.by_network.users)), learned.by_network.jumps.astype(float)
    for number, verdicts in by_person.items():
        if not any(verdict.score >= SUSPECT_LEAST for verdict in verdicts):
            continue
        low, high = np.searchsorted(seen.person, [number, number + 1]).tolist()
        honest = np.ones(high - low)
        for verdict in verdicts:
            honest[verdict.case.presences - low] = 1.0 - verdict.score
        networks, index = indexed(learned.network[seen.address[low:high]])
        pairs = learned.by_network.rows(networks, np.full(len(networks), number))  # each was used
        using[pairs] = greatest(index, honest, len(pairs))
        jumping[pairs] = greatest(index, honest * learned.jumping[low:high], len(pairs))
    return using, jumping


def greatest(index: Integers, values: Floats, number: int) -> Floats:
    """Return the greatest of the values of each index below `number`; 0 where there is none."""
    found = np.zeros(number)
    np.maximum.at(found, index, values)
    return found


def concerned(context: Context, again: Context, by_person: Verdicts) -> list[int]:
    """Return the people of whom a case may be judged otherwise after what was learned `again`."""
    before, after = context.learned.jump_share_of_network, again.learned.jump_share_of_network
    changed = np.abs(after - before) > NEWS
    network = context.learned.network[context.known.presences.address]
    return [
        number
        for number, verdicts in by_person.items()
        if any(
            verdict.log_odds > UNMOVED
            and (
                changed[network[verdict.case.presences]].any()
                or news_of(verdict.case.device, again.devices.again(verdict.case.device))
            )
            for verdict in verdicts
        )
    ]


def news_of(device: Device, again: Device) -> bool:
    """Say whether what is new to the person comes with another chance by now."""
    return any(
        abs(log(again.chances[kind] / device.chances[kind])) > NEWS for kind in device.new_kinds
    )
