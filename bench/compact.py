"""What upkeep costs: a month in small files, merged as `antipode maintain` does it.

There is no Spark in it: pyarrow reads, sorts and writes the rows of one partition after another,
and delta-rs commits. `bench.scale` measures it, in a process of its own.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bench.detect_company import DAYS, FIRST
from bench.meter import Meter
from conf.settings import Settings
from lake.files import LiveFile
from lake.lake import Lake
from lake.maintain import compact, maintain
from lake.tables import Table

MIB = 2**20
MICRO = 1e-6
AFTERWARDS = datetime.combine(FIRST, datetime.min.time(), UTC) + timedelta(days=DAYS)
COLUMNS = {
    "events": "{:,}",
    "files": "{:,}",
    "into": "{:,}",
    "wall_s": "{:.1f}",
    "processor_s": "{:.1f}",
    "us_an_event": "{:.2f}",
    "memory_MiB": "{:,.0f}",
    "read_MiB": "{:,.1f}",
    "written_MiB": "{:,.1f}",
    "bytes_before": "{:.0f}",
    "bytes_after": "{:.0f}",
    "again_s": "{:.1f}",
}


@dataclass(frozen=True)
class Share:
    """Every `of`th day of a table: what one of as many processes merges."""

    table: Table
    number: int
    of: int

    def files(self, last_date: date) -> list[LiveFile]:
        """Return the live files of these days."""
        found = self.table.files(last_date=last_date)
        return [
            file for file in found if file.partition["date"].toordinal() % self.of == self.number
        ]

    def rewrite(self, merged: Sequence[LiveFile]) -> bool:
        """Merge files as the table does."""
        return self.table.rewrite(merged)


def measure(uri: str) -> dict[str, float]:
    """Tidy a lake twice; return what the first time took, and the seconds of the second."""
    opened = Lake(uri, Settings())
    before = _live(opened)
    meter, spent, began = Meter(every=0.02), time.process_time(), time.monotonic()
    done = maintain(opened, AFTERWARDS)
    wall, processor = time.monotonic() - began, time.process_time() - spent
    meter.stop()
    after = _live(opened)
    began = time.monotonic()
    nothing = maintain(Lake(uri, Settings()), AFTERWARDS)
    again = time.monotonic() - began
    events = sum(file.rows for file in after.values())
    if nothing.merged or events != sum(file.rows for file in before.values()):
        raise AssertionError(f"{uri}: not merged at once, or not the same rows: {nothing}")
    return {
        "events": events,
        "files": done.merged,
        "into": done.into,
        "wall_s": wall,
        "processor_s": processor,
        "us_an_event": processor / events / MICRO,
        "memory_MiB": meter.most_bytes / MIB,
        "read_MiB": _bytes(before, after) / MIB,
        "written_MiB": _bytes(after, before) / MIB,
        "bytes_before": _bytes(before, {}) / events,
        "bytes_after": _bytes(after, {}) / events,
        "again_s": again,
    }


def merge_share(uri: str, number: int, of: int) -> dict[str, float]:
    """Merge the events of every `of`th day; return what that took."""
    spent, began = time.process_time(), time.monotonic()
    merged, into = compact(
        Share(Lake(uri, Settings()).table("events"), number, of), AFTERWARDS.date()
    )
    wall, processor = time.monotonic() - began, time.process_time() - spent
    return {"files": merged, "into": into, "wall_s": wall, "processor_s": processor}


def together(shares: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Return what processes took that merged a table side by side."""
    sums = {name: sum(share[name] for share in shares) for name in ("files", "into", "processor_s")}
    return sums | {"wall_s": max(share["wall_s"] for share in shares)}


def _live(lake: Lake) -> dict[str, LiveFile]:
    return {file.key: file for file in lake.table("events").files()}


def _bytes(files: Mapping[str, LiveFile], but: Mapping[str, LiveFile]) -> int:
    """Return the bytes of those that are not among the others."""
    return sum(file.size for key, file in files.items() if key not in but)
