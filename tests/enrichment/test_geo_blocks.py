"""The small geo database that ships with Antipode."""

import ipaddress
from collections import Counter
from importlib import resources
from pathlib import Path

import pyarrow as pa
import pytest
from geo_databases import flat, owner, write_mmdb

from conf.settings import Settings
from enrichment.geo_blocks import blocks
from enrichment.network_kind import KINDS

LARGE = ["US", "CN", "IN", "BR", "NG", "VN", "GB", "DE", "FR", "JP", "KR", "RU", "ZA", "EG", "KE"]
LARGE += ["ID", "MX", "AR", "CA", "AU", "TR", "IT", "ES", "PL"]


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    nothing_brought = tmp_path_factory.mktemp("data")
    return blocks(Settings(geo_city_db="", geo_asn_db="", data_dir=nothing_brought))


def test_it_takes_at_most_three_megabytes() -> None:
    sizes = [
        entry.stat().st_size
        for entry in Path(str(resources.files("enrichment.data"))).iterdir()
        if entry.suffix == ".mmdb"
    ]
    assert len(sizes) == 2
    assert sum(sizes) <= 3_000_000


def test_its_sources_are_attributed() -> None:
    text = resources.files("enrichment.data").joinpath("ATTRIBUTION.md").read_text("utf-8")
    for owed in ("https://db-ip.com", "Route Views", "Number Resource", "Attribution 4.0"):
        assert owed in text


def test_it_has_thousands_of_blocks_of_both_families_in_order(shipped: pa.Table) -> None:
    networks = [ipaddress.ip_network(text) for text in shipped["network"].to_pylist()]
    versions = Counter(network.version for network in networks)
    assert versions[4] > 5_000
    assert versions[6] > 1_000
    assert networks == sorted(set(networks), key=lambda network: (network.version, network))


def test_every_block_has_a_place_and_an_owner(shipped: pa.Table) -> None:
    for name in ("country", "latitude", "longitude", "radius_km", "precision", "number"):
        assert shipped[name].null_count == 0, name


@pytest.mark.parametrize("country", LARGE)
def test_a_large_country_has_cities_and_every_kind_of_network(
    shipped: pa.Table, country: str
) -> None:
    here = [row for row in shipped.to_pylist() if row["country"] == country]
    assert len({row["city"] for row in here}) >= 5
    assert {row["kind"] for row in here} >= set(KINDS) - {"vpn", "relay"}
    assert len({row["number"] for row in here if row["kind"] == "isp"}) >= 3


def test_it_covers_the_world(shipped: pa.Table) -> None:
    assert len(set(shipped["country"].to_pylist())) >= 200
    assert len({(row["country"], row["city"]) for row in shipped.to_pylist()}) >= 1_000


@pytest.mark.parametrize(
    ("country", "city"),
    [
        ("US", "Boston"),
        ("US", "Washington D.C."),
        ("CA", "Ottawa"),
        ("AU", "Canberra"),
        ("BR", "Brasilia"),
        ("CH", "Bern"),
        ("TR", "Ankara"),
        ("NG", "Abuja"),
        ("NG", "Lagos"),
        ("VN", "Hanoi"),
        ("PK", "Islamabad"),
        ("NZ", "Wellington"),
        ("MA", "Rabat"),
        ("KE", "Nairobi"),
        ("IE", "Dublin"),
    ],
)
def test_capitals_and_large_cities_are_there(shipped: pa.Table, country: str, city: str) -> None:
    assert any(row["country"] == country and row["city"] == city for row in shipped.to_pylist())


def test_some_blocks_are_imprecise(shipped: pa.Table) -> None:
    found = Counter(shipped["precision"].to_pylist())
    assert found["country"] > 100
    assert found["region"] > 100
    assert found["city"] > 5_000


def test_the_databases_in_use_say_where_the_blocks_are(tmp_path: Path) -> None:
    settings = Settings(
        geo_city_db=str(write_mmdb(tmp_path / "city.mmdb", {"41.203.75.0/24": flat("GH")})),
        geo_asn_db=str(
            write_mmdb(tmp_path / "asn.mmdb", {"41.203.75.0/24": owner(7, "Seven Telecom")})
        ),
    )
    placed = [row for row in blocks(settings).to_pylist() if row["country"]]
    assert [(row["network"], row["country"], row["number"], row["kind"]) for row in placed] == [
        ("41.203.75.0/24", "GH", 7, "isp")
    ]
