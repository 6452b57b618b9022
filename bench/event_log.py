"""What Spark's event log tells of a run: stages and tasks, what they read, shuffled and held."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

# One plain file for each application, to be read without Spark.
SETTINGS = {
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
    "spark.eventLog.rolling.enabled": "false",
}
NANOSECONDS = 1e9


@dataclass
class Work:
    """Sums over the tasks of an application; the peak is the greatest of any task."""

    stages: int = 0
    tasks: int = 0
    processor_seconds: float = 0.0
    read_bytes: int = 0
    read_rows: int = 0
    shuffled_bytes: int = 0
    shuffled_rows: int = 0
    spilled_bytes: int = 0
    peak_bytes: int = 0  # of execution memory, in one task

    def add(self, metrics: dict[str, Any]) -> None:
        """Add the metrics of one task."""
        read, written = metrics["Input Metrics"], metrics["Shuffle Write Metrics"]
        self.tasks += 1
        self.processor_seconds += metrics["Executor CPU Time"] / NANOSECONDS
        self.read_bytes += read["Bytes Read"]
        self.read_rows += read["Records Read"]
        self.shuffled_bytes += written["Shuffle Bytes Written"]
        self.shuffled_rows += written["Shuffle Records Written"]
        self.spilled_bytes += metrics["Disk Bytes Spilled"]
        self.peak_bytes = max(self.peak_bytes, metrics["Peak Execution Memory"])

    def row(self) -> dict[str, float]:
        """Return the sums by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


def work(lines: Iterable[str]) -> Work:
    """Sum up an event log, a JSON object a line."""
    found = Work()
    for line in lines:
        event = json.loads(line)
        if event["Event"] == "SparkListenerStageCompleted":
            found.stages += 1
        elif event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
            found.add(event["Task Metrics"])
    return found


def of_folder(folder: Path) -> Work:
    """Sum up the one event log in a folder."""
    (file,) = folder.iterdir()
    with file.open(encoding="utf-8") as lines:
        return work(lines)
