"""A folder of raw logs becomes events; whatever is in it, every record is accounted for."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from lake_tables import events, quarantine
from okta_records import lines

from conf.errors import AntipodeError
from enrichment.counts import Counts
from jobs.normalize import Target, normalize
from schemas.mapper import Mapped, Mapper

NOW = datetime(2026, 11, 20, tzinfo=UTC)
Run = Callable[..., Counts]


def test_every_line_becomes_an_event_once(raw: Path, target: Target, run: Run) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 500))
    counts = run()
    assert (counts.read, counts.mapped, counts.events) == (500, 500, 500)
    rows = events(target)
    assert {row["metadata"]["uid"] for row in rows} == {f"event-{n:06}" for n in range(500)}
    assert {row["person"] for row in rows} == {f"user{n}@example.com" for n in range(5)}
    assert all(row["src_endpoint"]["name"].startswith("81.2.69.") for row in rows)


@pytest.mark.parametrize("lost", ["events", "refused"])
def test_a_record_that_the_mapper_lost_is_told_and_not_taken_for_a_duplicate(
    raw: Path, run: Run, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 5) + b"not json\n")
    mapped = Mapper.map

    def forgetful(self: Mapper, records: pa.Table) -> Mapped:
        found = mapped(self, records)
        getattr(found, lost).clear()
        return found

    monkeypatch.setattr(Mapper, "map", forgetful)
    with pytest.raises(AntipodeError, match=r"^raw/source=okta/.*: 6 records read, but"):
        run()


def test_the_same_input_again_gives_the_same_table(raw: Path, target: Target, run: Run) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 50) + b"not json\n")
    first = run()
    before = events(target), quarantine(target)
    again = run()
    assert (first.mapped, first.quarantined) == (50, 1)
    assert (again.read, again.duplicates) == (51, 51)
    assert (events(target), quarantine(target)) == before


def test_an_event_in_two_files_and_twice_in_one_is_stored_once(
    raw: Path, target: Target, run: Run
) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 50) + lines(10, 5))
    (raw / "okta" / "b.ndjson").write_bytes(lines(40, 20))
    counts = run()
    assert (counts.read, counts.mapped, counts.duplicates) == (75, 60, 15)
    assert len(events(target)) == 60


def test_a_file_that_has_grown_adds_what_is_new(raw: Path, target: Target, run: Run) -> None:
    file = raw / "okta" / "a.ndjson"
    file.write_bytes(lines(0, 30))
    run()
    file.write_bytes(lines(0, 42))
    counts = run()
    assert (counts.mapped, counts.duplicates) == (12, 30)


def test_worker_processes_give_the_same_as_one_and_end_without_a_word(
    raw: Path, target: Target, run: Run, capfd: pytest.CaptureFixture[str]
) -> None:
    for number in range(6):
        (raw / "okta" / f"{number}.ndjson").write_bytes(lines(40 * number, 50))
    counts = normalize(raw, target, workers=2)
    assert capfd.readouterr().err == ""
    assert (counts.read, counts.mapped, counts.duplicates) == (300, 250, 50)
    assert len({row["metadata"]["uid"] for row in events(target)}) == len(events(target)) == 250


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from conf.settings import Settings
from jobs.normalize import Target, normalize
raw, lake, data = sys.argv[1:]
target = Target(lake, "acme", datetime(2026, 11, 20, tzinfo=UTC), Settings(data_dir=Path(data)))
print("ready", flush=True)
normalize(Path(raw), target, workers=1)
"""


def test_a_run_killed_at_any_moment_is_mended_by_the_next(
    raw: Path, target: Target, run: Run, tmp_path: Path
) -> None:
    for number in range(8):
        body = lines(200 * number, 250) + b"not json %d\n" % number
        (raw / "okta" / f"{number}.ndjson").write_bytes(body)
    moments = random.Random(7)
    command = [sys.executable, "-c", KILLED, str(raw), target.uri, str(tmp_path / "data")]
    for _ in range(6):
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=dict(os.environ)) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(moments.uniform(0.0, 1.5))
            process.send_signal(signal.SIGKILL)
    counts = run()
    assert counts.read >= 2008
    uids = [row["metadata"]["uid"] for row in events(target)]
    assert sorted(uids) == [f"event-{number:06}" for number in range(1650)]
    assert sorted(row["record"] for row in quarantine(target)) == [
        b"not json %d\n" % number for number in range(8)
    ]
