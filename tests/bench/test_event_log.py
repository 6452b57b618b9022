"""Spark's event log is summed up over the tasks that ended, whatever else it tells."""

import json
import subprocess
import sys
from pathlib import Path

from bench.event_log import Work, of_folder, work

COUNT = """
import sys
from pathlib import Path
from bench.event_log import SETTINGS
from jobs.runner import session
with session(options=SETTINGS | {"spark.eventLog.dir": Path(sys.argv[1]).as_uri()}) as spark:
    assert spark.range(1000).repartition(2).count() == 1000
"""


def task(shuffled: int, peak: int) -> str:
    metrics = {
        "Peak Execution Memory": peak,
        "Input Metrics": {"Bytes Read": 100},
        "Shuffle Write Metrics": {"Shuffle Bytes Written": shuffled},
    }
    return json.dumps({"Event": "SparkListenerTaskEnd", "Task Metrics": metrics})


def test_tasks_are_summed_and_the_greatest_peak_is_kept() -> None:
    stage = json.dumps({"Event": "SparkListenerStageCompleted"})
    assert work([task(5, 70), task(7, 30), stage]) == Work(
        stages=1, read_bytes=200, shuffled_bytes=12, peak_bytes=70
    )


def test_other_events_and_tasks_without_metrics_count_for_nothing() -> None:
    other = [{"Event": "SparkListenerApplicationEnd"}, {"Event": "SparkListenerTaskEnd"}]
    assert work(map(json.dumps, other)) == Work()


def test_spark_writes_what_is_read_here(tmp_path: Path) -> None:
    # In a process of its own: the log belongs to a session, and another test's may be running.
    subprocess.run([sys.executable, "-c", COUNT, str(tmp_path)], check=True, timeout=300)
    found = of_folder(tmp_path)
    assert found.stages >= 2
    assert found.shuffled_bytes > 0
