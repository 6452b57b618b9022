"""Bringing full geo databases, and changing over to them."""

import gzip
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from geo_databases import nested, well_known_places, write_mmdb
from geo_stage import NOW, Stage

from conf.errors import Damaged
from enrichment.geo_update import builds_in_use, update


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as stage:
        yield stage


def test_the_databases_brought_are_in_use_afterwards(stage: Stage) -> None:
    assert builds_in_use(stage.settings).city.startswith("Antipode-Small-City")
    stage.publish_dbip()
    builds = stage.update()
    assert builds.city.startswith("DBIP-City-Lite 20")
    assert builds.network.startswith("DBIP-ASN-Lite 20")
    assert builds == builds_in_use(stage.settings)
    assert stage.city() == "Ikeja"


def test_before_a_month_is_published_the_last_one_is_brought(stage: Stage) -> None:
    stage.publish_dbip("2025-12")
    stage.update(now=datetime(2026, 1, 1, tzinfo=UTC))
    assert stage.provider.asked == [
        "/dbip-city-lite-2026-01.mmdb.gz",
        "/dbip-city-lite-2025-12.mmdb.gz",
        "/dbip-asn-lite-2026-01.mmdb.gz",
        "/dbip-asn-lite-2025-12.mmdb.gz",
    ]


def test_progress_is_told_to_the_end(stage: Stage) -> None:
    stage.publish_dbip()
    told: dict[str, tuple[int, int | None]] = {}

    def progress(name: str, received: int, expected: int | None) -> None:
        assert received > told.get(name, (0, None))[0]
        told[name] = (received, expected)

    stage.update(progress=progress)
    assert set(told) == {"dbip-city-lite.mmdb.gz", "dbip-asn-lite.mmdb.gz"}
    assert all(received == expected for received, expected in told.values())


def test_databases_that_the_settings_name_go_before(stage: Stage, tmp_path: Path) -> None:
    stage.publish_dbip()
    named = write_mmdb(tmp_path / "mine.mmdb", {"1.0.0.0/24": nested("AU")}, "Mine-City")
    mine = stage.settings.model_copy(update={"geo_city_db": str(named)})
    builds = update(mine, now=NOW, origins=stage.origins)
    assert builds.city.startswith("Mine-City")
    assert builds.network.startswith("DBIP-ASN-Lite")


def test_one_well_known_address_may_have_moved(stage: Stage) -> None:
    moved = {**well_known_places(), "8.8.8.8/32": nested("CA", "Quebec", "Montreal")}
    stage.publish_dbip(city=gzip.compress(stage.made(moved)))
    stage.update()
    assert stage.city("8.8.8.8") == "Montreal"


def test_the_former_databases_are_kept_and_older_ones_removed(stage: Stage) -> None:
    stage.publish_dbip()
    for minute in range(3):
        stage.update(now=NOW + timedelta(minutes=minute))
    assert stage.folders() == ["dbip-20260618T120100", "dbip-20260618T120200"]
    assert (stage.home / "current").read_text(encoding="utf-8") == "dbip-20260618T120200\n"


def test_two_updates_in_one_second_do_not_meet(stage: Stage) -> None:
    stage.publish_dbip()
    stage.update()
    stage.update()
    assert len(stage.folders()) == 2


def test_what_a_killed_update_left_is_swept_a_day_later(stage: Stage) -> None:
    stage.publish_dbip()
    for name, age in (("incoming-old", timedelta(days=2)), ("incoming-new", timedelta(hours=1))):
        folder = stage.home / name
        folder.mkdir(parents=True)
        (folder / "city.mmdb.gz").write_bytes(b"half")
        moment = (NOW - age).timestamp()
        os.utime(folder, (moment, moment))
    stage.update()
    assert stage.folders() == ["dbip-20260618T120000", "incoming-new"]


class TestSize:
    """A database that shrank by more than half is not believed."""

    @pytest.fixture(autouse=True)
    def large(self, stage: Stage) -> None:
        many = {f"102.{i}.0.0/16": nested("NG", f"Region {i}", f"City {i}") for i in range(200)}
        stage.publish_dbip(city=gzip.compress(stage.made({**well_known_places(), **many})))
        stage.update()
        stage.publish_dbip()

    def test_the_former_stays_in_use(self, stage: Stage) -> None:
        with pytest.raises(Damaged, match="less than half of the former"):
            stage.update(now=NOW + timedelta(days=1))
        assert stage.city() == "City 89"

    def test_only_databases_of_one_provider_are_compared(self, stage: Stage) -> None:
        former = stage.home / "dbip-20260618T120000"
        former.rename(stage.home / "maxmind-20260601T000000")
        (stage.home / "current").write_text("maxmind-20260601T000000\n", encoding="utf-8")
        stage.update()
        assert stage.folders() == ["dbip-20260618T120000", "maxmind-20260601T000000"]
        assert stage.city() == "Ikeja"
