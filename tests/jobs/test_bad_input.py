"""Bad input is normal: each record has its reason, nothing is lost, the rest goes on."""

import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import zstandard
from lake_tables import events, quarantine
from okta_records import event, line, lines

from conf.errors import AntipodeError, UsageError
from conf.settings import Settings
from enrichment.counts import Counts
from jobs.normalize import Target, normalize

NOW = datetime(2026, 11, 20, tzinfo=UTC)
Run = Callable[..., Counts]
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
        (line(1, outcome="SUCCESS"), "wrong_type"),
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
        {"client": ""},
        {"target": {}},
        {"target": [{"id": 7}]},
        {"displayMessage": ["a"]},
        {"actor": {"id": "17", "alternateId": "ana@example.com", "displayName": 5}},
        {"published": 1790850030.5},
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


def test_nesting_beyond_any_stack_does_no_harm_and_is_told(
    raw: Path, target: Target, run: Run
) -> None:
    deep = b"[" * 10_000 + b"]" * 10_000
    with_deep = line(1).replace(b'{"uuid"', b'{"deep": ' + deep + b', "uuid"')
    (raw / "okta" / "a.ndjson").write_bytes(with_deep + deep + b"\n" + lines(2, 1))
    counts = run()
    assert (counts.mapped, counts.quarantined) == (2, 1)
    (row,) = quarantine(target)
    assert (row["reason"], "nested too deep" in row["detail"]) == ("not_json", True)


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
    assert "'acme_portal'; name the folder as one of box, " in quarantine(target)[0]["detail"]


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
