"""Many processes at one table: writers lose nothing, readers see only whole batches."""

import multiprocessing
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from lake_rows import hourly, uids

from conf.errors import Conflict
from conf.settings import Settings
from lake.lake import Lake
from lake.maintain import compact

LATER = datetime(2026, 3, 1, tzinfo=UTC)


def _write_many(uri: str, writer: int, count: int) -> None:
    table = Lake(uri, Settings()).table("events")
    application = f"acme/okta/{writer}"
    for sequence in range(1, count + 1):
        written = table.write_files(hourly(1, name=f"w{writer}-{sequence}-"))
        while True:
            try:
                table.commit(written, application, sequence, table.version())
            except Conflict:
                continue
            break


def test_four_processes_write_at_once_and_nothing_is_lost(lake: Lake) -> None:
    table = lake.table("events")
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_many, args=(lake.uri, w, 5)) for w in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0] * 4
    expected = sorted(f"w{writer}-{n}-0" for writer in range(4) for n in range(1, 6))
    assert sorted(uids(table.arrow())) == expected
    assert [table.transaction(f"acme/okta/{writer}") for writer in range(4)] == [5] * 4


def _write(uri: str, writer: int, batches: int) -> None:
    table = Lake(uri, Settings()).table("events")
    for batch in range(1, batches + 1):
        written = table.write_files(hourly(5, name=f"w{writer}-{batch}-"))
        while True:
            with suppress(Conflict):
                table.commit(written, f"writer {writer}", batch, table.version())
                break


def _tidy(uri: str, rounds: int) -> None:
    table = Lake(uri, Settings()).table("events")
    for _ in range(rounds):
        compact(table, before=LATER.date())
        table.sweep(timedelta(days=7))


def test_readers_see_whole_batches_while_others_write_merge_and_sweep(lake: Lake) -> None:
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_write, args=(lake.uri, writer, 8)) for writer in range(2)]
    others.append(context.Process(target=_tidy, args=(lake.uri, 10)))
    for process in others:
        process.start()
    table = lake.table("events")
    while any(process.is_alive() for process in others):
        found = Counter(uid.rsplit("-", 1)[0] for uid in uids(table.arrow()))
        assert set(found.values()) <= {5}
        others[0].join(0.1)
    assert [process.exitcode for process in others] == [0] * 3
    assert Counter(uid.rsplit("-", 1)[0] for uid in uids(table.arrow())) == {
        f"w{writer}-{batch}": 5 for writer in range(2) for batch in range(1, 9)
    }
