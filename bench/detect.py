"""Where detection spends its time: 0.4, 4 or 40 million events, by stage.

    python -m bench.detect --events 4000000

Makes the company first (beside the folder given, kept for the next time), then runs detection as
`antipode detect` does, and prints for each stage the wall-clock seconds and the seconds of
processor time of the whole process tree: on a busy machine the latter is what can be compared.
The companies grow with the events, 800 events a person.
"""

import argparse
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from tempfile import gettempdir

import psutil

from bench.detect_company import write
from jobs.detect import detect
from jobs.runner import read_events, session
from models.stages import Stages

DAYS = 30
FIRST = date(2026, 1, 5)
EVENTS_A_PERSON = 800


class Meter:
    """Processor time and greatest memory of this process and its children.

    `every`: seconds between two looks at the memory.
    """

    def __init__(self, every: float = 0.5) -> None:
        self.process = psutil.Process()
        self.most_bytes, self.every = 0, every
        self._stop = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def tree(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def seconds(self) -> float:
        """Return the processor time used so far."""
        return self._sum(lambda process: sum(process.cpu_times()[:2]))

    def _sum(self, measure: Callable[[psutil.Process], float]) -> float:
        total = 0.0
        for process in self.tree():
            try:
                total += measure(process)
            except psutil.NoSuchProcess:
                continue
        return total

    def _watch(self) -> None:
        while not self._stop.wait(self.every):
            now = self._sum(lambda process: process.memory_info().rss)
            self.most_bytes = max(self.most_bytes, int(now))

    def stop(self) -> None:
        self._stop.set()


class BothClocks(Stages):
    """Stages that also know the processor time."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self.processor = Stages(clock=meter.seconds)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        with super().stage(name), self.processor.stage(name):
            yield


def company(folder: Path, events: int) -> Path:
    """Return the truth of a company in `folder`, making it if it is not there yet."""
    truth = folder.with_suffix(".truth.ndjson")
    if not truth.exists():
        people = max(50, events // EVENTS_A_PERSON)
        write(folder, people, events, DAYS, seed=1, attacks=max(7, people * 14 // 1000))
    return truth


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
    measure(folder, company(folder, options.events), options.events, options.master)


if __name__ == "__main__":
    main()
