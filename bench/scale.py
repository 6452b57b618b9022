"""How detection and upkeep grow: with events, with people, and what is moved for it.

    python -m bench.scale 400000:500 4000000:5000 [40000000:50000] [4000000:500]

For each EVENTS:PEOPLE a company's month is made (kept for the next time) and worked on, each time
in a process of its own. `--only detect` or `--only compact` does half of it.

Detection: seconds on the clock and of the processor (in all, for the cells, and for what is the
driver's), memory, and from Spark's event log the stages, and the bytes read, shuffled and held. The
last two of the example have people in common with others and ten times the events: what is shuffled
must grow with the people's active hours and not with the events.

Upkeep: the same events lie in a lake, in `--commits` commits a day (24) of a file each, and are
merged: files, seconds, memory, what was read and written, the bytes of an event before and after,
and the seconds of a second run, which finds nothing to do. `--days 3` merges the month's first
three alone: a day is merged by itself, so that a few tell what a large one takes. With
`--side-by-side N` so many processes merge one table, each its share of the days.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from bench import compact, event_log
from bench.compact_lake import lake, untidied
from bench.detect_company import DAYS, FIRST, made
from bench.meter import BothClocks, Meter
from jobs.detect import detect
from jobs.runner import read_events, session

MIB = 2**20
COLUMNS = {
    "events": "{:,}",
    "people": "{:,}",
    "active_hours": "{:,}",
    "wall_s": "{:.0f}",
    "processor_s": "{:.0f}",
    "cells_s": "{:.0f}",
    "cells_cpu_s": "{:.0f}",
    "driver_s": "{:.0f}",
    "driver_cpu_s": "{:.0f}",
    "memory_MiB": "{:,.0f}",
    "stages": "{}",
    "read_MiB": "{:,.0f}",
    "shuffled_MiB": "{:,.1f}",
    "shuffled_bytes_an_hour": "{:.1f}",
    "task_peak_MiB": "{:,.0f}",
}


def measure(folder: Path) -> dict[str, float]:
    """Detect in a folder of events; return what it took."""
    meter, began = Meter(), time.monotonic()
    stages = BothClocks(meter)
    with tempfile.TemporaryDirectory() as logs:
        options = event_log.SETTINGS | {"spark.eventLog.dir": Path(logs).as_uri()}
        files = [str(path) for path in sorted(folder.glob("*.parquet"))]
        number = sum(pq.read_metadata(file).num_rows for file in files)
        with session(stages=stages, events=number, options=options) as spark:
            events = read_events(spark, files, str(folder))
            found = detect(events, "bench", FIRST + timedelta(days=DAYS), DAYS, stages=stages)
        wall, processor = time.monotonic() - began, meter.seconds()
        spark_work = event_log.of_folder(Path(logs))
    meter.stop()
    hours = found.health["active_hours"]
    on_the_driver = ("learn", "explain", "evidence")
    processor_of = stages.processor.seconds
    return {
        "people": found.health["people"],
        "active_hours": hours,
        "wall_s": wall,
        "processor_s": processor,
        "cells_s": stages.seconds["cells"],
        "cells_cpu_s": processor_of["cells"],
        "driver_s": sum(stages.seconds[name] for name in on_the_driver),
        "driver_cpu_s": sum(processor_of[name] for name in on_the_driver),
        "memory_MiB": meter.most_bytes / MIB,
        "stages": spark_work.stages,
        "read_MiB": spark_work.read_bytes / MIB,
        "shuffled_MiB": spark_work.shuffled_bytes / MIB,
        "shuffled_bytes_an_hour": spark_work.shuffled_bytes / hours,
        "task_peak_MiB": spark_work.peak_bytes / MIB,
    }


def in_processes(*works: list[str]) -> list[dict[str, Any]]:
    """Do each piece of work in a process of its own, side by side; return what they printed.

    What one has compiled and holds would count for the next.
    """
    command = [sys.executable, "-m", "bench.scale", "--work"]
    started = [subprocess.Popen([*command, *work], stdout=subprocess.PIPE) for work in works]
    said = [process.communicate()[0] for process in started]
    if any(process.returncode for process in started):
        raise SystemExit(f"failed: {works}")
    return [json.loads(each.splitlines()[-1]) for each in said]


def work(name: str, place: str, *share: str) -> dict[str, float]:
    """Do a piece of work in this process."""
    if name == "detect":
        return measure(Path(place))
    return compact.merge_share(place, *map(int, share)) if share else compact.measure(place)


def upkeep(company: Path, asked: argparse.Namespace) -> dict[str, Any]:
    """Merge the lake of a company; in several processes if asked to."""
    copy = untidied(lake(asked.folder, company, asked.commits, asked.days))
    if asked.side_by_side == 1:
        return in_processes(["compact", str(copy)])[0]
    shares = [
        ["compact", str(copy), str(number), str(asked.side_by_side)]
        for number in range(asked.side_by_side)
    ]
    return compact.together(in_processes(*shares))


def show(columns: Mapping[str, str], row: Mapping[str, Any]) -> None:
    """Print a line; a column that the row lacks is left out."""
    print("  ".join(form.format(row[name]) for name, form in columns.items() if name in row))


def main() -> None:
    """Measure each size and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", default=["400000:500", "4000000:5000", "4000000:500"])
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "antipode-bench"
    )
    parser.add_argument("--only", choices=["detect", "compact"], help="half of it")
    parser.add_argument("--commits", type=int, default=24, help="a day, of a lake to be merged")
    parser.add_argument("--days", type=int, default=DAYS, help="of the month that are merged")
    parser.add_argument("--side-by-side", type=int, default=1, help="processes that merge a table")
    parser.add_argument("--work", nargs="+", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        print(json.dumps(work(*asked.work)))
        return
    for what, columns in {"detect": COLUMNS, "compact": compact.COLUMNS}.items():
        if asked.only in (None, what):
            print(what, *columns, sep="  ")
            for size in asked.sizes:
                events, people = map(int, size.split(":"))
                place = asked.folder / f"scale-{events}-{people}"
                made(place, people, events)
                if what == "detect":
                    row = in_processes(["detect", str(place)])[0] | {"events": events}
                else:
                    row = upkeep(place, asked)
                show(columns, row)
                sys.stdout.flush()


if __name__ == "__main__":
    main()
