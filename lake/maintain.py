"""What keeps a lake small and quick: merging small files, sweeping what nobody needs any more.

Safe at any moment, beside any readers and writers, and when killed at any point.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lake.files import ROWS_PER_FILE, LiveFile
from lake.folder import FolderObjects
from lake.lake import Lake
from lake.tables import Table

SMALL = ROWS_PER_FILE // 2  # rows; a file with more is left as it is
KEEP_REMOVED = timedelta(days=7)  # how long a table can be read as it was
KEEP_UNFINISHED = timedelta(days=1)  # raw objects and temporary files of writers that died


@dataclass(frozen=True)
class Maintained:
    """What was done: files merged into how many, and what was removed."""

    merged: int
    into: int
    table_files: int
    raw_objects: int
    temporary_files: int


def maintain(lake: Lake, now: datetime, keep_removed: timedelta = KEEP_REMOVED) -> Maintained:
    """Merge the small files of past days, and remove what nobody needs any more."""
    merged = into = swept = 0
    for table in lake.tables():
        if table.version() == -1:
            continue
        from_files, to_files = compact(table, before=now.date())
        merged, into = merged + from_files, into + to_files
        swept += table.sweep(keep_removed)
        table.tidy()
    temporary = 0
    if isinstance(lake.objects, FolderObjects):
        temporary = lake.objects.sweep_temporary(now - KEEP_UNFINISHED)
    return Maintained(merged, into, swept, lake.raw.sweep(now, KEEP_UNFINISHED), temporary)


def compact(table: Table, before: date) -> tuple[int, int]:
    """Merge small files of each partition of the days before `before`.

    Returns how many files were merged, and into how many.
    """
    merged = into = 0
    for group in _groups(table.files(last_date=before - timedelta(days=1))):
        if table.rewrite(group):
            merged, into = merged + len(group), into + 1
    return merged, into


def _groups(live: list[LiveFile]) -> Iterator[list[LiveFile]]:
    """Yield small files of one partition, together no more rows than one file takes."""
    group: list[LiveFile] = []
    for file in live:
        if file.rows > SMALL:
            continue
        other = bool(group) and group[0].partition != file.partition
        if other or sum(each.rows for each in group) + file.rows > ROWS_PER_FILE:
            if len(group) > 1:
                yield group
            group = []
        group.append(file)
    if len(group) > 1:
        yield group
