"""A process is killed between every two writes; then what was to be done is done again.

At no moment does a reader see half of anything, and at the end nothing is lost and nothing is
there twice.
"""

import multiprocessing
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from failpoints import KILLED, run_until
from lake_rows import DAY, event, events, uids

from conf.settings import Settings
from lake import raw
from lake.lake import Lake
from lake.maintain import maintain
from lake.raw import compress
from lake.streams import Stream

STREAM = Stream("acme", "okta", "log")
BATCHES = 2
EVENTS = 4  # of each batch, on two days
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def collect_and_ingest(uri: str) -> None:
    """Bring some raw objects, and take each to a table, as a collector and an ingest do."""
    raw.KEPT_SETTLED = 1  # so that entries move to manifests, too
    lake = Lake(uri, Settings())
    for page in range(BATCHES):
        after = {"page": page - 1} if page else None
        if lake.raw.position(STREAM) == after:
            body = compress(b"%d\n" % page)
            lake.raw.append(STREAM, body, "ndjson", NOW, position={"page": page}, after=after)
        _drain(lake)


def _drain(lake: Lake) -> None:
    table = lake.table("events")
    for entry in lake.raw.pending(STREAM):
        if (table.transaction(STREAM.application) or 0) < entry.sequence:
            written = table.write_files(_rows(lake, entry.key, "okta_v1"))
            table.commit(written, STREAM.application, entry.sequence, table.version())
        lake.raw.settle(STREAM, entry.sequence)


def _rows(lake: Lake, key: str, mapper: str) -> pa.Table:
    page = int(lake.raw.read(key))
    return events(
        [
            event(f"{page}-{n}", DAY + timedelta(hours=12 * n), raw_object=key, mapper=mapper)
            for n in range(EVENTS)
        ]
    )


def replay(uri: str) -> None:
    """Map every raw object anew, one commit each."""
    lake = Lake(uri, Settings())
    table = lake.table("events")
    for entry in lake.raw.entries(STREAM):
        if (table.transaction("replay") or 0) < entry.sequence:
            written = table.write_files(_rows(lake, entry.key, "okta_v2"))
            where = {"tenant": ["acme"], "raw_object": [entry.key]}
            table.replace(written, where, "replay", entry.sequence, table.version())


def tidy(uri: str) -> None:
    """Merge small files and sweep everything that nobody needs, at once."""
    maintain(Lake(uri, Settings()), NOW + timedelta(days=3), keep_removed=timedelta(0))


def check(uri: str) -> Lake:
    """Check what must hold at any moment; return the lake."""
    lake = Lake(uri, Settings())
    found = uids(lake.table("events").arrow())
    assert len(found) == len(set(found)), "an event is there twice"
    pages = {uid.split("-")[0] for uid in found}
    assert len(found) == EVENTS * len(pages), "a batch is there in part"
    counting = [lake.raw.read(key) for key in lake.raw.all_objects("acme")]
    assert counting == [b"%d\n" % page for page in range(len(counting))]
    assert len(pages) <= len(counting)
    return lake


def check_complete(uri: str, mapper: str) -> None:
    """Check that everything is there, once, and that nothing else is left after tidying."""
    lake = check(uri)
    expected = sorted(f"{page}-{n}" for page in range(BATCHES) for n in range(EVENTS))
    assert sorted(uids(lake.table("events").arrow())) == expected
    assert set(lake.table("events").arrow()["mapper"].to_pylist()) == {mapper}
    assert lake.raw.pending(STREAM) == ()
    assert lake.raw.position(STREAM) == {"page": BATCHES - 1}
    tidy(uri)
    lake = check(uri)
    assert sorted(uids(lake.table("events").arrow())) == expected
    stored = {key for key in lake.objects.list("events/") if key.endswith(".parquet")}
    stored = {key for key in stored if "_delta_log" not in key}
    assert stored == {f"events/{file.key}" for file in lake.table("events").files()}
    assert set(lake.objects.list("raw/")) == set(lake.raw.all_objects("acme"))


def _killed_everywhere(
    tmp_path: Path, start: Path | None, operation: Callable[[str], None], mapper: str
) -> int:
    """Kill `operation` at every moment, each on a fresh lake, and do it again; return how many."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["lake.maintain", "failpoints", "lake_rows"])
    point = 0
    while True:
        point += 1
        uri = str(tmp_path / f"killed at {point}")
        if start:
            shutil.copytree(start, uri)
        child = context.Process(target=run_until, args=(point, operation, uri))
        child.start()
        child.join()
        assert child.exitcode in (0, KILLED)
        check(uri)
        operation(uri)
        check_complete(uri, mapper)
        shutil.rmtree(uri)
        if child.exitcode == 0:
            return point - 1


def _filled(tmp_path: Path) -> Path:
    collect_and_ingest(str(tmp_path / "filled"))
    return tmp_path / "filled"


def test_killed_while_collecting_and_ingesting(tmp_path: Path) -> None:
    assert _killed_everywhere(tmp_path, None, collect_and_ingest, "okta_v1") >= 24


def test_killed_while_replaying(tmp_path: Path) -> None:
    assert _killed_everywhere(tmp_path, _filled(tmp_path), replay, "okta_v2") >= 10


def test_killed_while_tidying(tmp_path: Path) -> None:
    start = _filled(tmp_path)
    lake = Lake(str(start), Settings())
    lake.table("events").write_files(events([event("never committed")]))
    lake.objects.put(next(lake.raw.all_objects("acme")).replace("-log.", "-gone."), b"")
    assert _killed_everywhere(tmp_path, start, tidy, "okta_v1") >= 10
