"""A geo update that fails: the former databases stay in use and nothing is left behind."""

import gzip
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from geo_databases import nested, owner, well_known_owners, well_known_places
from geo_stage import NOW, Stage

from conf.errors import Damaged, MissingDependency, UsageError
from enrichment.geo_download import DownloadError


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as stage:
        stage.publish_dbip()
        stage.update()
        yield stage
        assert stage.city() == "Ikeja"
        assert stage.folders() == [f"dbip-{NOW:%Y%m%dT%H%M%S}"]


def fails(stage: Stage, error: type[Exception], why: str) -> None:
    with pytest.raises(error, match=why):
        stage.update(now=NOW + timedelta(days=1))


def test_half_a_body(stage: Stage) -> None:
    stage.provider.cut_short = True
    fails(stage, DownloadError, "dbip-city-lite.*could not be brought")


def test_a_truncated_archive(stage: Stage) -> None:
    stage.publish_dbip(city=gzip.compress(stage.city_database)[:-20])
    fails(stage, Damaged, r"dbip-city-lite\.mmdb\.gz: damaged download")


def test_a_changed_byte(stage: Stage) -> None:
    packed = bytearray(gzip.compress(stage.city_database))
    packed[len(packed) // 2] ^= 0xFF
    stage.publish_dbip(city=bytes(packed))
    fails(stage, Damaged, r"dbip-city-lite\.mmdb\.gz: damaged download")


def test_a_page_instead_of_an_archive(stage: Stage) -> None:
    stage.publish_dbip(network=b"<html>Sorry</html>")
    fails(stage, Damaged, r"dbip-asn-lite\.mmdb\.gz: damaged download")


def test_an_archive_of_something_else(stage: Stage) -> None:
    stage.publish_dbip(city=gzip.compress(os.urandom(9_000)))
    fails(stage, Damaged, r"city-dbip-city-lite\.mmdb: not a readable MMDB")


def test_a_truncated_database(stage: Stage) -> None:
    stage.publish_dbip(city=gzip.compress(stage.city_database[:-30]))
    fails(stage, Damaged, r"city-dbip-city-lite\.mmdb: not a readable MMDB")


def test_a_database_of_the_other_kind(stage: Stage) -> None:
    stage.publish_dbip(network=gzip.compress(stage.city_database))
    fails(stage, Damaged, "is no network database")


def test_places_that_are_wrong_about_well_known_addresses(stage: Stage) -> None:
    wrong = {network: nested("AQ") for network in well_known_places()}
    stage.publish_dbip(city=gzip.compress(stage.made({**stage.places, **wrong})))
    fails(stage, Damaged, r"8\.8\.8\.8: AQ instead of US")


def test_owners_that_are_wrong_about_well_known_addresses(stage: Stage) -> None:
    wrong = {network: owner(64_500, "Elsewhere") for network in well_known_owners()}
    stage.publish_dbip(network=gzip.compress(stage.made(wrong)))
    fails(stage, Damaged, r"8\.8\.8\.8: 64500 instead of 15169")


def test_a_month_that_nobody_published(stage: Stage) -> None:
    with pytest.raises(DownloadError, match=r"dbip-city-lite-2031-04.*no such file"):
        stage.update(now=datetime(2031, 5, 2, tzinfo=UTC))


@pytest.mark.parametrize(("status", "why"), [(429, "tomorrow"), (410, "status 410")])
def test_a_provider_that_refuses(stage: Stage, status: int, why: str) -> None:
    stage.provider.status = status
    fails(stage, DownloadError, why)


def test_an_unknown_provider(stage: Stage) -> None:
    with pytest.raises(UsageError, match="'other'; those known are dbip, maxmind, npm"):
        stage.update("other")


def test_a_program_that_is_missing(stage: Stage) -> None:
    with pytest.raises(MissingDependency, match="npm: there is no such program; install npm"):
        stage.update("npm")
