"""Writes a month down: the raw logs of each provider, and the truth beside them."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from conf import plugins
from conf.errors import UsageError
from models.simulator import render, uses
from models.simulator.month import Lived
from models.simulator.render import ProviderLog

FOUR = ("okta", "m365", "google_workspace", "cloudtrail")


def check(out: Path, sources: Sequence[str]) -> None:
    """Raise UsageError when a source is unknown, or when `out` holds anything.

    Old logs would mix with the new.
    """
    known = plugins.names(render)
    for source in sources:
        if source not in known:
            raise UsageError(f"sources: unknown {source!r}; give some of {', '.join(known)}")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"out: {str(out)!r} is not empty: name a new folder")


def write(
    lived: Lived,
    out: Path,
    events: int,
    seed: int,
    sources: Sequence[str] = FOUR,
    progress: Callable[[int], None] = lambda written: None,
) -> dict[str, int]:
    """Write `events` records under `out`/<source>/, and the truth to `out`.truth.ndjson.

    Returns how many records each source got. `progress` is told the records written so far.
    Raises UsageError as `check` does, and when the plan needs more events.
    """
    check(out, sources)
    fewest = lived.diary.fixed() + len(lived.accounts)
    if events < fewest:
        raise UsageError(f"events: {events} are too few for this plan: ask for at least {fewest}")
    logs: dict[str, ProviderLog] = {
        source: plugins.load(render, source).Log(lived.company) for source in sources
    }
    for source in logs:
        (out / source).mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    of = (lived.accounts, lived.diary, logs)
    drawn = uses.draw_events(*of, events, rng)
    written: Counter[str] = Counter()
    found: dict[int, list[str]] = defaultdict(list)
    for day, rows in uses.by_day(lived.company, *of, drawn, rng):
        lines: dict[str, list[str]] = {source: [] for source in logs}
        by_ordinal = [(log, lines[source].append) for source, log in logs.items()]
        for ordinal, attack, use in rows:
            log, append = by_ordinal[ordinal]
            append(log.line(use))
            if attack >= 0:
                found[attack].extend(log.uids(use))
        for source, log in logs.items():
            written[source] += len(lines[source])
            if lines[source]:
                for name, body in log.files(day, lines[source]):
                    (out / source / name).write_bytes(body)
        progress(sum(written.values()))
    _write_truth(lived, out, found)
    _write_noise(lived, out, drawn)
    return dict(written)


def _write_truth(lived: Lived, out: Path, found: Mapping[int, list[str]]) -> None:
    with truth_file(out).open("w", encoding="utf-8") as file:
        for ordinal, attack in enumerate(lived.attacks):
            line = {
                "attack": attack.name,
                "kind": attack.kind,
                "user": attack.person.email,
                "event_uids": found[ordinal],
            }
            file.write(json.dumps(line) + "\n")


def _write_noise(lived: Lived, out: Path, drawn: uses.Events) -> None:
    """Write which honest peculiarity each address of each account stands for."""
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for ordinal in np.unique(drawn.session).tolist():
        session = lived.diary.sessions[ordinal]
        if session.label:
            account = lived.accounts[session.person].email
            known[session.label, account].add(session.address.text)
    with noise_file(out).open("w", encoding="utf-8") as file:
        for (label, account), addresses in sorted(known.items()):
            line = {"noise": label, "user": account, "ips": sorted(addresses)}
            file.write(json.dumps(line) + "\n")


def truth_file(out: Path) -> Path:
    """Return the path of the truth that belongs to the logs in `out`."""
    return out.with_name(out.name + ".truth.ndjson")


def noise_file(out: Path) -> Path:
    """Return the path of the honest peculiarities that belong to the logs in `out`."""
    return out.with_name(out.name + ".noise.ndjson")
