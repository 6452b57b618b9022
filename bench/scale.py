"""How detection grows: with events, with people, and what Spark moves for it.

    python -m bench.scale 400000:500 4000000:5000 [40000000:50000] [4000000:500]

For each EVENTS:PEOPLE a company's month is made (kept for the next time), detection runs in a
process of its own, and a line is printed: seconds on the clock and of the processor, memory, and
from Spark's event log the stages, and the bytes read, shuffled and held. The last two of the
example have people in common with others and ten times the events: what is shuffled must grow with
the people's active hours and not with the events.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench import event_log
from bench.detect import DAYS, FIRST, Meter
from bench.detect_company import write
from jobs.detect import detect
from jobs.runner import read_events, session
from models.stages import Stages

MIB = 2**20
COLUMNS = {
    "events": "{:,}",
    "people": "{:,}",
    "active_hours": "{:,}",
    "wall_s": "{:.0f}",
    "processor_s": "{:.0f}",
    "cells_s": "{:.0f}",
    "driver_s": "{:.0f}",
    "memory_MiB": "{:,.0f}",
    "stages": "{}",
    "read_MiB": "{:,.0f}",
    "shuffled_MiB": "{:,.1f}",
    "shuffled_bytes_an_hour": "{:.1f}",
    "task_peak_MiB": "{:,.0f}",
}


def measure(folder: Path) -> dict[str, float]:
    """Detect in a folder of events; return what it took."""
    meter, stages, began = Meter(), Stages(), time.monotonic()
    with tempfile.TemporaryDirectory() as logs:
        options = event_log.SETTINGS | {"spark.eventLog.dir": Path(logs).as_uri()}
        with session(stages=stages, options=options) as spark:
            files = [str(path) for path in sorted(folder.glob("*.parquet"))]
            events = read_events(spark, files, str(folder))
            found = detect(events, "bench", FIRST + timedelta(days=DAYS), DAYS, stages=stages)
        wall, processor = time.monotonic() - began, meter.seconds()
        spark_work = event_log.of_folder(Path(logs))
    meter.stop()
    hours = found.health["active_hours"]
    on_the_driver = ("learn", "explain", "evidence")
    return {
        "people": found.health["people"],
        "active_hours": hours,
        "wall_s": wall,
        "processor_s": processor,
        "cells_s": stages.seconds["cells"],
        "driver_s": sum(stages.seconds[name] for name in on_the_driver),
        "memory_MiB": meter.most_bytes / MIB,
        "stages": spark_work.stages,
        "read_MiB": spark_work.read_bytes / MIB,
        "shuffled_MiB": spark_work.shuffled_bytes / MIB,
        "shuffled_bytes_an_hour": spark_work.shuffled_bytes / hours,
        "task_peak_MiB": spark_work.peak_bytes / MIB,
    }


def company(folder: Path, events: int, people: int) -> Path:
    """Return the folder of a company's events, making them if they are not there yet."""
    found = folder / f"scale-{events}-{people}"
    if not found.with_suffix(".truth.ndjson").exists():
        write(found, people, events, DAYS, seed=1, attacks=max(7, people * 14 // 1000))
    return found


def main() -> None:
    """Measure each size and print a line for it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", default=["400000:500", "4000000:5000", "4000000:500"])
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "antipode-bench"
    )
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measure(asked.one)))
        return
    print("  ".join(COLUMNS))
    for size in asked.sizes:
        events, people = map(int, size.split(":"))
        command = [sys.executable, "-m", "bench.scale", "--one"]
        command.append(str(company(asked.folder, events, people)))
        # A process each: what one has compiled and holds would count for the next.
        ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        row = json.loads(ran.stdout.splitlines()[-1]) | {"events": events}
        print("  ".join(form.format(row[name]) for name, form in COLUMNS.items()), flush=True)


if __name__ == "__main__":
    main()
