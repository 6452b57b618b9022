"""What Spark's event log tells of a run: its stages, and what tasks read, shuffled and held."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# One plain file for each application, to be read without Spark.
SETTINGS = {
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
    "spark.eventLog.rolling.enabled": "false",
}


@dataclass
class Work:
    """Sums over the tasks of an application; the peak is the greatest of any task."""

    stages: int = 0
    read_bytes: int = 0
    shuffled_bytes: int = 0
    peak_bytes: int = 0  # of execution memory, in one task

    def add(self, metrics: dict[str, Any]) -> None:
        """Add the metrics of one task."""
        self.read_bytes += metrics["Input Metrics"]["Bytes Read"]
        self.shuffled_bytes += metrics["Shuffle Write Metrics"]["Shuffle Bytes Written"]
        self.peak_bytes = max(self.peak_bytes, metrics["Peak Execution Memory"])


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
