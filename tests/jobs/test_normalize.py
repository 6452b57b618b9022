"""A folder of raw logs becomes events; whatever is in it, every record is accounted for."""

import gzip
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from okta_records import event, line, lines

from conf.errors import AntipodeError, UsageError
from conf.settings import Settings
from enrichment.counts import Counts
from jobs.normalize import Target, normalize
from lake.lake import Lake

NOW = datetime(2026, 11, 20, tzinfo=UTC)
Run = Callable[..., Counts]


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    (folder / "okta").mkdir(parents=True)
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return Target(str(tmp_path / "lake"), "acme", NOW, Settings(data_dir=tmp_path / "data"))


@pytest.fixture
def run(raw: Path, target: Target) -> Run:
    def once(**options: Any) -> Counts:
        counts = normalize(raw, target, workers=1, **options)
        assert counts.read == counts.mapped + counts.duplicates + counts.quarantined
        assert counts.quarantined == counts.reasons.total()
        return counts

    return once


def events(target: Target) -> list[dict[str, Any]]:
    return Lake(target.uri, target.settings).table("events").arrow().to_pylist()


def quarantine(target: Target) -> list[dict[str, Any]]:
    return Lake(target.uri, target.settings).table("quarantine").arrow().to_pylist()


def test_every_line_becomes_an_event_once(raw: Path, target: Target, run: Run) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 500))
    counts = run()
    assert (counts.read, counts.mapped, counts.events) == (500, 500, 500)
    rows = events(target)
    assert {row["metadata"]["uid"] for row in rows} == {f"event-{n:06}" for n in range(500)}
    assert {row["person"] for row in rows} == {f"user{n}@example.com" for n in range(5)}
    assert all(row["src_endpoint"]["name"].startswith("81.2.69.") for row in rows)


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


def test_worker_processes_give_the_same_as_one(raw: Path, target: Target, run: Run) -> None:
    for number in range(6):
        (raw / "okta" / f"{number}.ndjson").write_bytes(lines(40 * number, 50))
    counts = normalize(raw, target, workers=2)
    assert (counts.read, counts.mapped, counts.duplicates) == (300, 250, 50)
    assert len({row["metadata"]["uid"] for row in events(target)}) == len(events(target)) == 250


BIG = 50 * 1024 * 1024


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        (b"not json\n", "not_json"),
        (b'"text"\n', "not_an_object"),
        (b"[1, 2]\n", "not_an_object"),
        (b"null\n", "not_an_object"),
        (line(1)[:-10] + b"\n", "not_json"),
        (line(1).replace(b"user1", b"\xff\xfe"), "invalid_utf8"),
        (line(1).replace(b"user1", b"a\x00b"), "not_json"),
        (line(1, eventType=5), "wrong_type"),
        (line(1, client="81.2.69.1"), "wrong_type"),
        (line(1, target=[{"id": 7}]), "wrong_type"),
        (line(1, published=...), "missing_time"),
        (line(1, published=""), "missing_time"),
        (line(1, published="redacted"), "unreadable_time"),
        (line(1, published="1970-01-01T00:00:00Z"), "time_out_of_range"),
        (line(1, published="1999-12-31T23:59:59Z"), "time_out_of_range"),
        (line(1, published="2026-11-22T00:00:00Z"), "time_out_of_range"),
        (line(1, eventType=...), "missing_action"),
        (line(1, actor=..., client=...), "missing_actor_and_address"),
        (b"x" * BIG + b"\n", "not_json"),
    ],
)
def test_what_cannot_be_an_event_is_quarantined_with_its_reason(
    raw: Path, target: Target, run: Run, record: bytes, reason: str
) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(lines(100, 3) + record + lines(103, 3))
    counts = run()
    assert (counts.read, counts.mapped, dict(counts.reasons)) == (7, 6, {reason: 1})
    (row,) = quarantine(target)
    assert (row["reason"], row["line"], row["source"]) == (reason, 3, "okta")
    assert record.strip().startswith(row["record"].strip()[: 1 << 20])
    assert row["detail"]


@pytest.mark.parametrize(
    "changed",
    [
        {"uuid": ...},
        {"uuid": ""},
        {"uuid": None},
        {"outcome": ...},
        {"outcome": None},
        {"client": ...},
        {"actor": None},
        {"unknown": {"deep": [1, {"deeper": None}]}},
        {"published": "2026-10-01 10:20:30"},
        {"published": "2026-10-01T10:20:30.123456789Z"},
        {"published": 1790850030123},
        {"client": {"ipAddress": "[2001:db8::1]:443"}},
        {"client": {"ipAddress": "::ffff:81.2.69.1"}},
        {"client": {"ipAddress": "10.1.2.3"}},
        {"client": {"ipAddress": "host.example.com"}},
        {"client": {"ipAddress": "AWS Internal"}},
    ],
)
def test_what_lacks_only_what_it_may_lack_is_mapped(
    raw: Path, run: Run, changed: dict[str, Any]
) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(line(1, **changed))
    assert run().mapped == 1


def test_times_are_utc_to_the_microsecond_and_a_missing_zone_is_marked(
    raw: Path, target: Target, run: Run
) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(
        line(1, published="2026-10-01 10:20:30.5")
        + line(2, published="2026-10-01T10:20:30.123456789Z")
        + line(3, published="2026-10-01T12:20:31+02:00")
    )
    run()
    found = [(row["time"], row["time_zone_assumed"]) for row in events(target)]
    day = datetime(2026, 10, 1, 10, 20, 30, tzinfo=UTC)
    assert found == [
        (day.replace(microsecond=123456), False),
        (day.replace(microsecond=500000), True),
        (day.replace(second=31), False),
    ]


def test_nesting_beyond_any_stack_does_no_harm(raw: Path, run: Run) -> None:
    deep = b"[" * 10_000 + b"]" * 10_000
    with_deep = line(1).replace(b'{"uuid"', b'{"deep": ' + deep + b', "uuid"')
    (raw / "okta" / "a.ndjson").write_bytes(with_deep + deep + b"\n" + lines(2, 1))
    counts = run()
    assert (counts.mapped, counts.quarantined) == (2, 1)


def test_a_long_line_that_is_an_event_is_mapped(raw: Path, run: Run) -> None:
    long = line(1).replace(b'{"uuid"', b'{"filler": "' + b"x" * BIG + b'", "uuid"')
    (raw / "okta" / "a.ndjson").write_bytes(lines(2, 2) + long + lines(4, 2))
    assert run().mapped == 5


def test_byte_order_mark_and_line_ends_of_windows_and_blank_lines_are_no_records(
    raw: Path, run: Run
) -> None:
    text = b"\xef\xbb\xbf" + lines(0, 3).replace(b"\n", b"\r\n") + b"\r\n\n  \n" + line(3)[:-1]
    (raw / "okta" / "a.ndjson").write_bytes(text)
    counts = run()
    assert (counts.read, counts.mapped) == (4, 4)


@pytest.mark.parametrize(
    ("name", "compress"),
    [("a.ndjson.gz", gzip.compress), ("a.ndjson.zst", zstandard.ZstdCompressor().compress)],
)
def test_a_truncated_file_gives_what_could_be_read_and_one_bad_record(
    raw: Path, target: Target, run: Run, name: str, compress: Callable[[bytes], bytes]
) -> None:
    whole = compress(lines(0, 3000))
    (raw / "okta" / name).write_bytes(whole[: len(whole) * 2 // 3])
    counts = run()
    assert dict(counts.reasons) == {"truncated": 1}
    assert counts.mapped == counts.read - 1 == len(events(target))
    again = run()
    assert again.duplicates == again.read == counts.read


@pytest.mark.parametrize(
    ("name", "compress"),
    [("a.ndjson.gz", gzip.compress), ("a.ndjson.zst", zstandard.ZstdCompressor().compress)],
)
def test_a_compressed_file_is_read(
    raw: Path, run: Run, name: str, compress: Callable[[bytes], bytes]
) -> None:
    (raw / "okta" / name).write_bytes(compress(lines(0, 300)))
    assert run().mapped == 300


def test_an_array_an_object_and_an_envelope_are_records(raw: Path, run: Run) -> None:
    (raw / "okta" / "a.json").write_text(json.dumps([event(n) for n in range(4)], indent=1))
    (raw / "okta" / "b.json").write_text(json.dumps(event(4), indent=1))
    assert run().mapped == 5


def test_an_unknown_source_is_quarantined_record_by_record(
    raw: Path, target: Target, run: Run
) -> None:
    (raw / "acme_portal").mkdir()
    (raw / "acme_portal" / "a.ndjson").write_bytes(lines(0, 3))
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 2))
    counts = run()
    assert (counts.mapped, dict(counts.reasons)) == (2, {"unknown_source": 3})
    assert {row["source"] for row in quarantine(target)} == {"acme_portal"}


def test_an_empty_file_holds_nothing(raw: Path, run: Run) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(b"")
    (raw / "okta" / "b.ndjson.gz").write_bytes(b"")
    assert run().read == 0


def test_a_file_that_cannot_be_read_is_one_record_and_the_rest_goes_on(
    raw: Path, target: Target, run: Run
) -> None:
    (raw / "okta" / "a.ndjson").symlink_to(raw / "nowhere")
    (raw / "okta" / "b.ndjson").write_bytes(lines(0, 2))
    counts = run()
    assert (counts.mapped, dict(counts.reasons)) == (2, {"unreadable_file": 1})
    assert quarantine(target)[0]["record"].endswith(b"a.ndjson")


def test_a_file_of_an_unknown_form_is_named(raw: Path, target: Target, run: Run) -> None:
    (raw / "okta" / "notes.xml").write_bytes(b"<a/>")
    assert dict(run().reasons) == {"unknown_form": 1}


def test_a_folder_without_logs_is_refused(raw: Path, run: Run) -> None:
    with pytest.raises(UsageError, match="no log files"):
        run()
    with pytest.raises(UsageError, match="no such folder"):
        normalize(raw / "missing", Target("x", "acme", NOW, Settings()), workers=1)


@pytest.mark.parametrize("content", [b"", b"no database", b"\xab\xcd\xefMaxMind.com" + b"\0" * 9])
def test_a_damaged_database_is_told_before_anything_is_stored(
    raw: Path, target: Target, tmp_path: Path, content: bytes
) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 2))
    broken = tmp_path / "broken.mmdb"
    broken.write_bytes(content)
    settings = Settings(geo_city_db=str(broken), data_dir=tmp_path / "data")
    with pytest.raises(AntipodeError, match=r"broken\.mmdb"):
        normalize(raw, Target(target.uri, "acme", NOW, settings), workers=1)
    assert not (tmp_path / "lake").exists()


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
