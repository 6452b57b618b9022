"""A line too large for a raw object is one quarantined record; all others are taken in."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from lake_tables import events, quarantine
from okta_records import lines

from enrichment import importing, oversize
from enrichment.counts import Counts
from jobs.normalize import Target
from jobs.replay import replay
from lake import raw as raw_objects
from lake.lake import Lake
from lake.raw import form_of

Run = Callable[..., Counts]
MOST = 100_000  # bytes of a raw object, compressed
NOISE = bytes(random.Random(1).choices(range(0x20, 0x7F), k=300_000))


@pytest.fixture(autouse=True)
def small_raw_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_objects, "MAX_BYTES", MOST)
    monkeypatch.setattr(oversize, "_ROOM", 1000)
    for module in (importing, oversize):
        monkeypatch.setattr(module, "RAW_BYTES", 80_000)


@pytest.mark.parametrize("name", ["a.ndjson", "a.ndjson.zst"])
def test_what_does_not_shrink_is_quarantined_and_the_rest_goes_on(
    raw: Path, target: Target, run: Run, name: str
) -> None:
    data = lines(0, 3) + NOISE + b"\n" + lines(3, 3)
    (raw / "okta" / name).write_bytes(zstandard.compress(data) if ".zst" in name else data)
    (raw / "okta" / "b.ndjson").write_bytes(lines(6, 2))
    counts = run()
    assert (counts.read, counts.mapped, dict(counts.reasons)) == (9, 8, {"too_large": 1})
    assert len(events(target)) == 8
    (row,) = quarantine(target)
    assert (row["reason"], row["record"]) == ("too_large", NOISE)
    assert row["detail"].startswith("300000 bytes, and over 100000 even compressed")


def test_its_bytes_are_kept(raw: Path, target: Target, run: Run) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(NOISE + b"\n")
    run()
    lake = Lake(target.uri, target.settings)
    keys = [key for key in lake.raw.all_objects("acme") if form_of(key) == "damaged"]
    assert b"".join(lake.raw.read(key).split(b"\n", 1)[1] for key in keys) == NOISE


def test_again_it_is_a_duplicate_and_a_replay_keeps_it(raw: Path, target: Target, run: Run) -> None:
    (raw / "okta" / "a.ndjson").write_bytes(lines(0, 3) + NOISE + b"\n")
    run()
    before = quarantine(target)
    (raw / "okta" / "a.ndjson").write_bytes(NOISE + b"\n" + lines(0, 4))
    again = run()
    assert (again.read, again.duplicates, again.mapped) == (5, 4, 1)
    replay(target, "okta")
    after = quarantine(target)
    assert [row["record_id"] for row in after] == [row["record_id"] for row in before]
    assert [row["reason"] for row in after] == ["too_large"]


def test_a_long_line_that_shrinks_is_an_event(raw: Path, run: Run) -> None:
    long = lines(0, 1).replace(b'{"uuid"', b'{"x": "' + b"y" * 300_000 + b'", "uuid"')
    (raw / "okta" / "a.ndjson").write_bytes(long + lines(1, 1))
    assert run().mapped == 2


def test_long_lines_that_only_together_are_too_large_are_all_events(raw: Path, run: Run) -> None:
    noise = [NOISE[at : at + 70_000].replace(b'"', b"'").replace(b"\\", b"/") for at in (0, 70_000)]
    data = b"".join(
        lines(number, 1).replace(b'{"uuid"', b'{"x": "' + part + b'", "uuid"')
        for number, part in enumerate(noise)
    )
    (raw / "okta" / "a.ndjson").write_bytes(data)
    assert run().mapped == 2
