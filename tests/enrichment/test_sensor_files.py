"""Files of network sensors get into `raw/` as they are."""

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest

from enrichment import sensor_files
from enrichment.inbox import InboxFile
from enrichment.sensor_files import SensorFiles
from lake import records
from lake.folder import FolderObjects
from lake.raw import Raw, form_of
from lake.streams import Stream

NOW = datetime(2026, 1, 2, tzinfo=UTC)
ZEEK = b"#separator \\x09\n#fields\tts\tuid\tid.orig_h\n" + b"".join(
    b"1767312000.%06d\tC%d\t192.0.2.1\n" % (number, number) for number in range(100)
)
FLOW = b"version account-id interface-id srcaddr dstaddr\n" + b"".join(
    b"2 123456789012 eni-%d 192.0.2.1 198.51.100.2\n" % number for number in range(100)
)
EVE = b'{"event_type":"flow","src_ip":"192.0.2.1"}\n' * 3


@pytest.fixture
def raw(tmp_path: Path) -> Raw:
    return Raw(FolderObjects(tmp_path / "lake"))


def _file(tmp_path: Path, source: str, name: str, data: bytes) -> InboxFile:
    path = tmp_path / source / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return InboxFile(path, source, records.form(name), len(data))


def _stored(raw: Raw, source: str) -> list[tuple[str, bytes]]:
    entries = raw.pending(Stream("acme", source, "files-0"))
    return [(form_of(entry.key), raw.read(entry.key)) for entry in entries]


@pytest.mark.parametrize(
    ("source", "name", "form", "data"),
    [
        ("zeek", "conn.log", "log", ZEEK),
        ("zeek", "conn.log.gz", "log", ZEEK),
        ("vpc_flow", "flow.log.gz", "log", FLOW),
        ("suricata", "eve.json", "ndjson", EVE),
        ("vpc_flow", "flow.log.parquet", "parquet", b"PAR1\x00\n\n\xff\nPAR1"),
    ],
)
def test_a_file_is_stored_byte_for_byte_and_waits_pending(
    raw: Raw, tmp_path: Path, source: str, name: str, form: str, data: bytes
) -> None:
    stored = gzip.compress(data) if name.endswith(".gz") else data
    assert SensorFiles(raw, "acme", 0, NOW).store(_file(tmp_path, source, name, stored))
    assert _stored(raw, source) == [(form, data)]


@pytest.mark.parametrize(("source", "text", "head"), [("zeek", ZEEK, 2), ("vpc_flow", FLOW, 1)])
def test_a_large_file_is_cut_at_lines_under_its_head_each(
    raw: Raw,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    text: bytes,
    head: int,
) -> None:
    monkeypatch.setattr(sensor_files, "PART_BYTES", 1000)
    monkeypatch.setattr(
        sensor_files,
        "decode",
        lambda stream, name: iter(lambda: stream.read(700), b""),
    )
    assert SensorFiles(raw, "acme", 0, NOW).store(_file(tmp_path, source, "x.log", text))
    parts = [data.splitlines(keepends=True) for _, data in _stored(raw, source)]
    lines = text.splitlines(keepends=True)
    assert len(parts) > 2
    assert all(part[:head] == lines[:head] for part in parts)
    assert [line for part in parts for line in part[head:]] == lines[head:]


def test_the_same_content_is_stored_once(raw: Raw, tmp_path: Path) -> None:
    files = SensorFiles(raw, "acme", 0, NOW)
    assert files.store(_file(tmp_path, "zeek", "a.log", ZEEK))
    assert not files.store(_file(tmp_path, "zeek", "b.log", ZEEK))
    assert len(_stored(raw, "zeek")) == 1


def test_of_a_damaged_file_what_can_be_read_is_stored_and_said(
    raw: Raw, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    data = gzip.compress(ZEEK)[:-8]
    assert SensorFiles(raw, "acme", 0, NOW).store(_file(tmp_path, "zeek", "a.log.gz", data))
    assert _stored(raw, "zeek") == [("log", ZEEK)]
    assert "a.log.gz: truncated gzip" in caplog.text


def test_an_empty_file_is_nothing(raw: Raw, tmp_path: Path) -> None:
    assert not SensorFiles(raw, "acme", 0, NOW).store(_file(tmp_path, "zeek", "a.log", b""))
    assert _stored(raw, "zeek") == []
