"""What is simulated goes through the mappers whole, and the truth speaks of what comes out."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from conf import plugins
from conf.settings import Settings
from jobs.evaluate import evaluate
from jobs.normalize import Target, normalize
from jobs.simulate import simulate
from lake.lake import Lake
from models.simulator import render, write

EVENTS = 8_000
CLOCK = datetime(2026, 4, 11, tzinfo=UTC)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(geo_city_db="", geo_asn_db="", data_dir=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Path:
    """A folder with `raw` and `lake`: three weeks of every provider."""
    folder = tmp_path_factory.mktemp("simulated")
    sources = plugins.names(render)
    simulate(folder / "raw", 80, EVENTS, 21, 3, date(2026, 4, 10), settings, sources=sources)
    for source in sources:  # few files, for a test
        lines = sorted((folder / "raw" / source).iterdir())
        if lines[0].suffix == ".ndjson":
            whole = b"".join(path.read_bytes() for path in lines)
            for path in lines:
                path.unlink()
            (folder / "raw" / source / "all.ndjson").write_bytes(whole)
    counts = normalize(
        folder / "raw", Target(str(folder / "lake"), "acme", CLOCK, settings), workers=1
    )
    assert (counts.read, counts.mapped, dict(counts.reasons)) == (EVENTS, EVENTS, {})
    return folder


def test_the_ids_of_the_truth_are_those_of_the_events_of_its_users(
    folder: Path, settings: Settings
) -> None:
    events = Lake(str(folder / "lake"), settings).table("events").arrow(["metadata", "person"])
    owner = {
        metadata["uid"]: person
        for metadata, person in zip(
            events["metadata"].to_pylist(), events["person"].to_pylist(), strict=True
        )
    }
    truth = [json.loads(line) for line in write.truth_file(folder / "raw").read_text().splitlines()]
    for line in truth:
        assert {owner[uid] for uid in line["event_uids"]} == {line["user"]}, line["kind"]


def test_people_have_one_name_at_every_provider(folder: Path, settings: Settings) -> None:
    events = Lake(str(folder / "lake"), settings).table("events").arrow(["person", "source"])
    people = {p for p in events["person"].to_pylist() if "@" in p}
    assert len(people) <= 80 + 2  # and the service accounts


def test_a_lake_without_anomalies_has_found_nothing(folder: Path, settings: Settings) -> None:
    report = evaluate(str(folder / "lake"), write.truth_file(folder / "raw"), settings, "acme")
    assert (report["flagged"], report["attacks_found"]) == (0, 0)
    assert report["attacks"] == 23
    assert report["days"] == 21
    assert 80 <= report["users"] <= 84
    assert report["users"] < report["user_days"] <= report["users"] * 21
