"""Where detection spends its time: 0.4, 4 or 40 million events, by stage.

    python -m bench.detect --events 4000000

Makes the company first (beside the folder given, kept for the next time), then runs detection as
`antipode detect` does, and prints for each stage the wall-clock seconds and the seconds of
processor time of the whole process tree: on a busy machine the latter is what can be compared.
The companies grow with the events, 800 events a person.
"""

import argparse
import json
import time
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir

from bench.detect_company import DAYS, FIRST, made
from bench.meter import BothClocks, Meter
from jobs.detect import detect
from jobs.runner import read_events, session

EVENTS_A_PERSON = 800


def measure(folder: Path, truth: Path, number: int, master: str | None) -> None:
    """Run detection on a company of so many events; print what it took and what it found."""
    meter = Meter()
    stages = BothClocks(meter)
    before = meter.seconds()
    started = time.monotonic()
    with session(master, stages, number) as spark:
        events = read_events(spark, [str(p) for p in sorted(folder.glob("*.parquet"))], str(folder))
        found = detect(events, "bench", FIRST + timedelta(days=DAYS), DAYS, stages=stages)
        print(f"{'stage':<28}{'wall s':>9}{'processor s':>13}")
        for name, seconds in stages.seconds.items():
            print(f"{name:<28}{seconds:>9.1f}{stages.processor.seconds[name]:>13.1f}")
        total = time.monotonic() - started
        print(f"{'all':<28}{total:>9.1f}{meter.seconds() - before:>13.1f}")
    meter.stop()
    print(f"memory of the process tree: {meter.most_bytes / 2**20:,.0f} MiB at most")
    print(json.dumps(found.health))
    rows = [(row["user"], set(row["event_uids"])) for row in found.rows.to_pylist()]
    planted = [json.loads(line) for line in truth.read_text().splitlines()]
    hits = [
        any(user == attack["user"] and uids & set(attack["event_uids"]) for user, uids in rows)
        for attack in planted
    ]
    true = [
        any(user == attack["user"] and uids & set(attack["event_uids"]) for attack in planted)
        for user, uids in rows
    ]
    print(f"attacks found: {sum(hits)} of {len(hits)}; false: {len(true) - sum(true)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=400_000)
    parser.add_argument("--master", help="Spark's master; this machine's cores by default")
    parser.add_argument("--folder", type=Path, default=Path(gettempdir()) / "antipode-bench")
    options = parser.parse_args()
    folder = options.folder / f"detect-{options.events}"
    truth = made(folder, max(50, options.events // EVENTS_A_PERSON), options.events)
    measure(folder, truth, options.events, options.master)


if __name__ == "__main__":
    main()
