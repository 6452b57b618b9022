"""Sessions become single events: at what moment, at which provider, which action."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from models.simulator.company import Company
from models.simulator.diary import BACKGROUND, FAILED, SIGNED_IN, Diary
from models.simulator.people import Person
from models.simulator.render import Action, ProviderLog, Use

BURST_SECONDS = 900.0  # people act in bursts, about so far apart
FAILED_SIGN_INS = 0.04  # share of a person's own sign-ins that fail first

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Events:
    """All events of the month as columns, in order of time."""

    second: Floats  # after the start of the month
    session: Integers  # ordinal in the diary
    log: Integers  # ordinal of the provider
    action: Integers  # ordinal among the provider's actions
    failed: NDArray[np.bool_]


def draw_events(
    people: list[Person],
    diary: Diary,
    logs: Mapping[str, ProviderLog],
    events: int,
    rng: np.random.Generator,
) -> Events:
    """Return exactly `events` events, spread over the sessions."""
    counts = diary.counts(events, rng)
    session = np.repeat(np.arange(len(counts)), counts)
    ordinal = np.arange(len(session)) - np.repeat(np.cumsum(counts) - counts, counts)
    second = _moments(diary, session, ordinal, rng)
    mode = np.array([s.mode for s in diary.sessions], dtype=np.int64)[session]
    log = _logs(people, diary, logs, session, mode, rng)
    service = np.array([p.service for p in people])
    person = np.array([s.person for s in diary.sessions], dtype=np.int64)[session]
    kind = np.where(mode == BACKGROUND, 1, np.where(service[person], 2, 0))
    action = _actions(logs, log, kind, rng)
    signs_in = (mode == FAILED) | ((mode == SIGNED_IN) & (ordinal == 0))
    action[signs_in] = 0
    mistyped = signs_in & (mode == SIGNED_IN) & (rng.random(len(session)) < FAILED_SIGN_INS)
    # The only event of an attacker is the one that succeeded.
    attack = np.array([s.attack >= 0 for s in diary.sessions])[session]
    failed = (mode == FAILED) | (mistyped & ~attack)
    order = np.argsort(second, kind="stable")
    return Events(second[order], session[order], log[order], action[order], failed[order])


def _moments(
    diary: Diary, session: Integers, ordinal: Integers, rng: np.random.Generator
) -> Floats:
    start = np.array([s.start for s in diary.sessions])[session]
    length = np.array([s.end - s.start for s in diary.sessions])[session]
    bursts = np.maximum(1.0, np.floor(length / BURST_SECONDS))
    within = rng.random(len(session)) ** 3  # most of a burst lies at its beginning
    share = (np.floor(rng.random(len(session)) * bursts) + within) / bursts
    share[ordinal == 0] = 0.0
    second: Floats = start + share * length
    return second


def _logs(
    people: list[Person],
    diary: Diary,
    logs: Mapping[str, ProviderLog],
    session: Integers,
    mode: Integers,
    rng: np.random.Generator,
) -> Integers:
    names = list(logs)
    by_person = np.array([_shares(person.role, logs) for person in people])
    by_person /= by_person.sum(axis=1, keepdims=True)
    person = np.array([s.person for s in diary.sessions], dtype=np.int64)[session]
    draws = rng.random(len(session))
    chosen = _choose(np.cumsum(by_person, axis=1), person, draws)
    guessable = np.array([float(log.guessable) for log in logs.values()])
    if guessable.any():
        guessed = _choose(
            np.cumsum(guessable / guessable.sum())[None, :], np.zeros_like(person), draws
        )
        chosen = np.where(mode == FAILED, guessed, chosen)
    only = np.array([names.index(s.only) if s.only in names else -1 for s in diary.sessions])
    return np.where(only[session] >= 0, only[session], chosen)


def _shares(role: str, logs: Mapping[str, ProviderLog]) -> list[float]:
    shares = [log.shares.get(role, log.shares.get("", 0.0)) for log in logs.values()]
    return shares if sum(shares) else [1.0] * len(shares)


def _choose(cumulative: Floats, row: Integers, draws: Floats) -> Integers:
    """Return for each draw in [0, 1) the column of its row of `cumulative` that it falls in."""
    column = np.zeros(len(draws), dtype=np.int64)
    for step in range(cumulative.shape[1] - 1):
        column += draws >= cumulative[row, step]
    return column


def _actions(
    logs: Mapping[str, ProviderLog], log: Integers, kind: Integers, rng: np.random.Generator
) -> Integers:
    action = np.zeros(len(log), dtype=np.int64)
    draws = rng.random(len(log))
    for number, provider in enumerate(logs.values()):
        weights = np.array([(a.people, a.sync, a.program) for a in provider.actions]).T
        empty = weights.sum(axis=1) == 0
        weights[empty] = weights[0]
        cumulative = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
        here = log == number
        action[here] = _choose(cumulative, kind[here], draws[here])
    return action


def by_day(
    company: Company,
    people: list[Person],
    diary: Diary,
    logs: Mapping[str, ProviderLog],
    events: Events,
    rng: np.random.Generator,
) -> Iterator[tuple[date, list[tuple[int, int, Use]]]]:
    """Yield each day with its events, as (provider's ordinal, attack or -1, use)."""
    actions = [provider.actions for provider in logs.values()]
    edges = np.searchsorted(events.second, np.arange(company.days + 1) * 86_400.0)
    midnight = np.datetime64(company.first_day, "ms")
    for number in range(company.days):
        part = slice(edges[number], edges[number + 1])
        times = midnight + (events.second[part] * 1000).astype("timedelta64[ms]")
        texts = np.datetime_as_string(times, unit="ms").tolist()
        digits = rng.bytes(16 * len(texts)).hex()
        columns = zip(
            texts,
            events.session[part].tolist(),
            events.log[part].tolist(),
            events.action[part].tolist(),
            events.failed[part].tolist(),
            strict=True,
        )
        yield (
            company.first_day + timedelta(days=number),
            [
                _use(people, diary, actions, row, digits[32 * n : 32 * n + 32])
                for n, row in enumerate(columns)
            ],
        )


def _use(
    people: list[Person],
    diary: Diary,
    actions: list[tuple[Action, ...]],
    row: tuple[str, int, int, int, bool],
    digits: str,
) -> tuple[int, int, Use]:
    time, ordinal, log, action, failed = row
    session = diary.sessions[ordinal]
    use = Use(
        time, people[session.person], session.address, session.device, actions[log][action],
        failed, digits, ordinal,
    )  # fmt: skip
    return log, session.attack, use
