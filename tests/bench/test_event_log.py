"""Spark's event log is summed up over the tasks that ended, whatever else it tells."""

import json
import subprocess
import sys
from pathlib import Path

from bench.event_log import of_folder, work

COUNT = """
import sys
from pathlib import Path
from bench.event_log import SETTINGS
from jobs.runner import session
with session(options=SETTINGS | {"spark.eventLog.dir": Path(sys.argv[1]).as_uri()}) as spark:
    assert spark.range(1000).repartition(2).count() == 1000
"""


def task(shuffled: int, peak: int, nanoseconds: int = 0) -> str:
    metrics = {
        "Executor CPU Time": nanoseconds,
        "Peak Execution Memory": peak,
        "Disk Bytes Spilled": 3,
        "Input Metrics": {"Bytes Read": 100, "Records Read": 10},
        "Shuffle Write Metrics": {"Shuffle Bytes Written": shuffled, "Shuffle Records Written": 1},
    }
    return json.dumps({"Event": "SparkListenerTaskEnd", "Task Metrics": metrics})


def test_tasks_are_summed_and_the_greatest_peak_is_kept() -> None:
    stage = json.dumps({"Event": "SparkListenerStageCompleted"})
    found = work([task(5, 70, 1_500_000_000), task(7, 30, 500_000_000), stage])
    assert (found.stages, found.tasks) == (1, 2)
    assert (found.shuffled_bytes, found.shuffled_rows, found.read_bytes) == (12, 2, 200)
    assert (found.processor_seconds, found.spilled_bytes, found.peak_bytes) == (2.0, 6, 70)


def test_other_events_and_tasks_without_metrics_count_for_nothing() -> None:
    other = [{"Event": "SparkListenerApplicationEnd"}, {"Event": "SparkListenerTaskEnd"}]
    assert work(map(json.dumps, other)).row() == work([]).row()


def test_spark_writes_what_is_read_here(tmp_path: Path) -> None:
    # In a process of its own: the log belongs to a session, and another test's may be running.
    subprocess.run([sys.executable, "-c", COUNT, str(tmp_path)], check=True, timeout=300)
    found = of_folder(tmp_path)
    assert found.stages >= 2
    assert found.shuffled_rows >= 1000
