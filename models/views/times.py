"""When and how much: days, intensity, hours of the day, and how near in time to use elsewhere."""

import numpy as np

from models.active_hours import DAY, HOUR
from models.columns import Booleans, Floats, Integers
from models.pairs import Pairs
from models.runs import begins

USUAL_HOURS = 20.0  # of the company's day, beside the person's own
SLOTS = 48  # hours of the day, on working days and others


def columns(pairs: Pairs) -> Floats:
    """Return logs: of days, events an active hour less those elsewhere, how usual the hours are.

    And of the hours to the nearer and to the farther use elsewhere.
    """
    seen = pairs.context.known.presences
    before, after = waits(seen.person, pairs.row, seen.first, seen.last)
    return np.stack(
        [
            np.log(pairs.days),
            intensity(pairs),
            pairs.mean(hours_usual(pairs)),
            pairs.mean(np.log1p(np.minimum(before, after))),
            pairs.mean(np.log1p(np.maximum(before, after))),
        ],
        axis=1,
    )


def intensity(pairs: Pairs) -> Floats:
    """Return the log of the events an active hour, less the same of the person elsewhere."""
    events = np.bincount(pairs.row, pairs.context.known.presences.events, len(pairs))
    people = len(pairs.context.known.people)
    of_person = np.bincount(pairs.person, events, people)[pairs.person] - events
    hours = np.bincount(pairs.person, pairs.hours, people)[pairs.person] - pairs.hours
    return np.asarray(
        np.log((events + 1) / (pairs.hours + 1)) - np.log((of_person + 1) / (hours + 1))
    )


def hours_usual(pairs: Pairs) -> Floats:
    """Return for each presence the log of how usual its hour is to the person elsewhere."""
    context = pairs.context
    seen = context.known.presences
    slot = context.kinds_of_day[seen.day] * 24 + seen.first % DAY // HOUR
    company = (np.bincount(slot, minlength=SLOTS) + 1.0) / (len(slot) + SLOTS)
    same = _as_many(seen.person * SLOTS + slot) - _as_many(pairs.row * SLOTS + slot)
    others = _as_many(seen.person) - _as_many(pairs.row)
    return np.asarray(np.log((same + USUAL_HOURS * company[slot]) / (others + USUAL_HOURS)))


def _as_many(keys: Integers) -> Integers:
    """Return how many entries have each one's key: `counted`, for keys that leave few gaps."""
    return np.bincount(keys)[keys]


def waits(
    person: Integers, row: Integers, first: Integers, last: Integers
) -> tuple[Floats, Floats]:
    """Return the hours from the person's use elsewhere before each presence, and to that after it.

    Presences are sorted by person, then start. Where there is none it is a month.
    """
    stays = begins(person * (int(row.max(initial=0)) + 1) + row)
    stay = np.repeat(np.arange(len(stays)), np.diff([*stays, len(row)]))
    before, after = stays[stay] - 1, np.append(stays[1:], len(row))[stay]
    has_before = (before >= 0) & (person[before] == person)
    after_or_last = np.minimum(after, len(row) - 1)
    has_after = (after < len(row)) & (person[after_or_last] == person)
    return (
        _hours(first - last[before], has_before),
        _hours(first[after_or_last] - last, has_after),
    )


def _hours(seconds: Integers, known: Booleans) -> Floats:
    return np.where(known, np.maximum(0, seconds) / HOUR, 30.0 * DAY / HOUR)
