"""The control of a running simulator: its clock, faults and settings, and what was served.

All answers are JSON; lists of events are NDJSON, an event a line.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, fields
from typing import Any

from provider_simulator.clock import SECOND, iso_milliseconds, parsed
from provider_simulator.exchange import Answer, Refused, json_answer
from provider_simulator.faults import Rule
from provider_simulator.provider import known
from provider_simulator.timeline import LatePeriod, Slice
from provider_simulator.world import Settings, World

Query = Mapping[str, str]
SETTABLE = {"events_per_day", "latency", "limits", "token_seconds"}


def answer(world: World, method: str, path: str, query: Query, body: bytes) -> Answer:
    """Answer a call to `/_control/<path>`."""
    words = path.strip("/").split("/")
    endpoint = ENDPOINTS.get((method, words[0]))
    if endpoint is None:
        return json_answer({"error": f"{method} {path}: no such endpoint"}, 404)
    try:
        given = json.loads(body or b"{}")
        return endpoint(world, words[1:], query, given)
    except (KeyError, ValueError, TypeError, Refused) as error:
        return json_answer({"error": f"{type(error).__name__}: {error}"}, 400)


def _summary(world: World, _words: list[str], _query: Query, _given: Any) -> Answer:
    answers: dict[str, dict[str, int]] = {}
    for (provider, status), count in sorted(world.ledger.answers.items()):
        answers.setdefault(provider, {})[str(status)] = count
    return json_answer(
        {
            "now": iso_milliseconds(world.clock.now()),
            "origin": iso_milliseconds(world.origin),
            "seed": world.seed,
            "faults": sum(world.faults.counts.values()),
            "faults_by_kind": dict(world.faults.counts),
            "served": world.ledger.served,
            "repeated": world.ledger.repeated,
            "answers": answers,
            "logs": [list(log) for log in world.ledger.logs()],
        }
    )


def _set_clock(world: World, _words: list[str], _query: Query, given: Any) -> Answer:
    """`now` (ISO 8601) sets it, `advance` (seconds) puts it forward, `running` lets it go on."""
    now = parsed(given["now"]) if "now" in given else world.clock.now()
    now += round(float(given.get("advance", 0)) * SECOND)
    world.clock.set(now, running=bool(given.get("running", world.clock.running)))
    return json_answer({"now": iso_milliseconds(world.clock.now())})


def _set(world: World, _words: list[str], _query: Query, given: Any) -> Answer:
    if unknown := set(given) - SETTABLE:
        raise ValueError(f"no settings: {', '.join(sorted(unknown))}")
    for name, value in given.items():
        setattr(world.settings, name, value)
    world.logs.cache_clear()
    shown = {field.name: getattr(world.settings, field.name) for field in fields(Settings)}
    return json_answer({name: shown[name] for name in sorted(SETTABLE)})


def _add_fault(world: World, _words: list[str], _query: Query, given: Any) -> Answer:
    if given.get("fault") in ("late", "clock_off"):
        return _set_state(world, given)
    own = {"fault", "provider", "tenant", "kind", "probability", "count", "skip", "seed"}
    settings = {name: value for name, value in given.items() if name not in own}
    rule = Rule(settings=settings, **{name: given[name] for name in own & set(given)})
    return json_answer(asdict(world.faults.add(rule)))


def _set_state(world: World, given: Any) -> Answer:
    """Faults that are a state: events come late from now on, a provider's clock is off."""
    provider = given.get("provider") or ""
    if given["fault"] == "clock_off":
        world.settings.clock_off[provider] = round(float(given.get("seconds", 300)) * SECOND)
    else:
        delay = round(float(given.get("seconds", 3 * 86_400)) * SECOND)
        # What happened up to now may have been seen already: it stays as it is.
        since = world.now(provider) + 1
        until = since + round(float(given.get("for_seconds", 1e9)) * SECOND)
        period = LatePeriod(since, until, float(given.get("share", 0.05)), delay)
        world.settings.late.setdefault(provider, []).append(period)
        world.logs.cache_clear()
    world.faults.counts[given["fault"]] += 1
    return json_answer({"fault": given["fault"], "provider": provider})


def _faults(world: World, _words: list[str], _query: Query, _given: Any) -> Answer:
    return json_answer([asdict(rule) for rule in world.faults.rules])


def _remove_faults(world: World, words: list[str], _query: Query, _given: Any) -> Answer:
    world.faults.remove(int(words[0]) if words else None)
    return json_answer({})


def _reset(world: World, _words: list[str], _query: Query, _given: Any) -> Answer:
    world.reset()
    return json_answer({})


def _credentials(world: World, words: list[str], query: Query, _given: Any) -> Answer:
    provider, tenant = known()[words[0]], words[1]
    base = f"{query['base']}/{provider.name}/{tenant}"
    return json_answer(provider.credentials(world.account(provider, tenant), base))


def _truth(world: World, words: list[str], query: Query, _given: Any) -> Answer:
    """The events of a log that are published by `until` and happened at or after `since`."""
    until = parsed(query["until"]) if "until" in query else world.now(words[0])
    since = parsed(query["since"]) if "since" in query else None
    logs = _logs(world, words)
    found = (
        line
        for provider, tenant, stream in logs
        for line in _lines(
            world,
            (provider, tenant, stream),
            world.logs(provider, tenant, stream).timeline.existing(until, since),
        )
    )
    return _ndjson(found)


def _served(world: World, words: list[str], _query: Query, _given: Any) -> Answer:
    """The events of a log that were served at least once."""
    found = (
        line
        for log in _logs(world, words)
        for line in _lines(world, log, _slice(world, log, world.ledger.numbers(log)))
    )
    return _ndjson(found)


def _logs(world: World, words: list[str]) -> list[tuple[str, str, str]]:
    provider, tenant = known()[words[0]], words[1]
    streams = words[2:] or list(provider.streams)
    return [(provider.name, tenant, stream) for stream in streams]


def _slice(world: World, log: tuple[str, str, str], numbers: list[int]) -> Slice:
    if not numbers:
        return Slice([], [], [], more=False)
    timeline = world.logs(*log).timeline
    times = timeline.times(0, numbers[-1] + 1)
    published = timeline.published(0, numbers[-1] + 1, times)
    return Slice(numbers, times[numbers].tolist(), published[numbers].tolist(), more=False)


def _lines(world: World, log: tuple[str, str, str], events: Slice) -> Iterator[str]:
    of_records = world.logs(*log).uids(events)
    for uids, time, published in zip(of_records, events.times, events.published, strict=True):
        moments = {"time": iso_milliseconds(time), "published": iso_milliseconds(published)}
        for uid in uids:
            yield json.dumps({"uid": uid, "stream": log[2], **moments}) + "\n"


def _ndjson(lines: Iterator[str]) -> Answer:
    return Answer(body="".join(lines).encode(), content_type="application/x-ndjson")


Endpoint = Callable[[World, list[str], Query, Any], Answer]
ENDPOINTS: dict[tuple[str, str], Endpoint] = {
    ("GET", ""): _summary,
    ("POST", "clock"): _set_clock,
    ("POST", "settings"): _set,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _remove_faults,
    ("POST", "reset"): _reset,
    ("GET", "credentials"): _credentials,
    ("GET", "truth"): _truth,
    ("GET", "served"): _served,
}
