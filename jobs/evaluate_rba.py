"""Measures the detection on the RBA data set: its logins as events, its takeovers as the truth.

The whole file is looked at in windows of `days` days, one after the other. Whatever any of them
flags counts; an account that was taken over is one attack.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from conf.settings import Settings
from enrichment import rba_logins
from jobs import detect, evaluate
from jobs.runner import session
from lake.lake import Lake
from models import evaluation
from models.stages import Stages
from models.truth import Noise, Truth

TENANT = "rba"
KIND = "account_takeover"
NOISE = "attack_address"  # a login that the data set calls an attacker's, at an account not taken
Say = Callable[[str], None]


def evaluate_rba(
    path: Path,
    settings: Settings,
    lake_uri: str | None = None,
    days: int = 30,
    master: str | None = None,
    say: Say = lambda line: None,
) -> dict[str, Any]:
    """Return the report of `models.evaluation`, and what was read.

    `lake_uri`: the lake that the logins are kept in; without one they go to a folder that is
    removed afterwards. What is in the lake already is not written again.
    """
    rba_logins.check(path)
    if lake_uri is None:
        with TemporaryDirectory(prefix="antipode-rba-") as folder:
            return evaluate_rba(path, settings, str(Path(folder) / "lake"), days, master, say)
    stages = Stages()
    lake = Lake(lake_uri, settings)
    with stages.stage("read"):
        logins = take_in(lake, path, say)
    windows = [as_of for as_of in ends(lake, days) if _holds_events(lake, as_of, days)]
    with session(master, stages), stages.stage("detect"):
        for as_of in windows:
            detect.run(lake_uri, settings, TENANT, days, as_of, master, say=say)
    found = evaluate.outcome(lake, truth(path), tenant=TENANT)
    users = sorted({row["user"] for row in found.false_rows})
    noise = [Noise(NOISE, user, frozenset(ips)) for user, ips in _attacked(path, users)]
    report = evaluation.pooled([replace(found, noise=noise)])
    return {"read": logins, "windows": len(windows), **report, "seconds": stages.seconds}


def take_in(lake: Lake, path: Path, say: Say = lambda line: None) -> int:
    """Write the logins to `events`, a commit a batch; return how many the file has.

    Killed and run again, it goes on where it was: each batch is one transaction.
    """
    table = lake.table("events")
    application = f"{TENANT}/{path.name}/{path.stat().st_size}"
    taken = table.transaction(application)
    logins = 0
    for number, rows in enumerate(rba_logins.events(path, TENANT), 1):
        logins += rows.num_rows
        if taken is None or number > taken:
            version = table.version()
            table.commit(table.write_files(rows), application, number, version)
            say(f"{logins:,} logins read")
    return logins


def truth(path: Path) -> list[Truth]:
    """Return the takeovers, an attack an account."""
    return [
        Truth(f"takeover of {user}", KIND, user, frozenset(uids))
        for user, uids in rba_logins.taken_over(path)
    ]


def ends(lake: Lake, days: int) -> list[date]:
    """Return the days before which the windows end, so that together they cover every event."""
    held = [file.partition["date"] for file in lake.table("events").files(TENANT)]
    first, last = min(held), max(held)
    windows = (last - first).days // days + 1
    return [first + timedelta(days=days * (number + 1)) for number in range(windows)]


def _holds_events(lake: Lake, as_of: date, days: int) -> bool:
    first = as_of - timedelta(days=days)
    return bool(lake.table("events").files(TENANT, first, as_of - timedelta(days=1)))


def _attacked(path: Path, users: list[str]) -> list[tuple[str, list[str]]]:
    return rba_logins.attack_addresses(path, users) if users else []
