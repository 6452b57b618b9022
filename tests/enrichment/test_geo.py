"""Places of addresses."""

import ipaddress
from pathlib import Path
from typing import Any

import pytest
from geo_databases import flat, nested, write_mmdb

from conf.settings import Settings
from enrichment import geo


def lookup(*paths: Path) -> geo.GeoLookup:
    return geo.open(Settings(geo_city_db=",".join(map(str, paths))))


def place(path: Path, address: str = "102.89.23.1") -> dict[str, Any]:
    row: dict[str, Any] = lookup(path)([address]).to_pylist()[0]
    return row


def database(tmp_path: Path, record: Any) -> Path:
    return write_mmdb(tmp_path / "city.mmdb", {"102.89.0.0/16": record})


NOWHERE = dict.fromkeys(geo.COLUMNS.names)


class TestGeoip2Layout:
    def test_gives_country_region_city_position_and_radius(self, tmp_path: Path) -> None:
        row = place(database(tmp_path, nested("NG", "Lagos", "Ikeja", accuracy_radius=20)))
        assert row.pop("database").startswith("GeoLite2-City ")
        assert row == {
            "country": "NG",
            "region": "Lagos",
            "city": "Ikeja",
            "latitude": 6.5,
            "longitude": 3.4,
            "radius_km": 20.0,
            "precision": "city",
        }

    def test_a_region_without_english_name_is_its_code(self, tmp_path: Path) -> None:
        record = nested("NG")
        record["subdivisions"] = [{"iso_code": "LA"}, {"iso_code": "XY", "names": {"en": "Inner"}}]
        row = place(database(tmp_path, record))
        assert (row["region"], row["precision"]) == ("LA", "region")

    def test_a_city_without_english_name_is_unknown(self, tmp_path: Path) -> None:
        record = nested("NG", "Lagos")
        record["city"] = {"names": {"de": "Stadt"}}
        row = place(database(tmp_path, record))
        assert (row["city"], row["precision"]) == (None, "region")

    def test_a_place_without_position_still_has_its_country(self, tmp_path: Path) -> None:
        path = write_mmdb(
            tmp_path / "city.mmdb",
            {"102.89.0.0/16": {"country": {"iso_code": "NG"}}, "1.0.0.0/24": nested("AU")},
        )
        row = place(path)
        assert (row["country"], row["latitude"], row["longitude"]) == ("NG", None, None)

    def test_half_a_position_is_none(self, tmp_path: Path) -> None:
        record = nested("NG")
        del record["location"]["longitude"]
        row = place(database(tmp_path, record))
        assert (row["latitude"], row["longitude"]) == (None, None)

    def test_a_record_without_country_places_nothing(self, tmp_path: Path) -> None:
        path = write_mmdb(
            tmp_path / "city.mmdb",
            {"102.89.0.0/16": nested(None), "1.0.0.0/24": nested("AU")},
        )
        assert place(path) == NOWHERE


class TestFlatLayout:
    def test_gives_country_region_city_and_position(self, tmp_path: Path) -> None:
        row = place(database(tmp_path, flat("VN", "Hanoi", "Ha Dong")))
        assert [row[name] for name in ("country", "region", "city", "precision")] == [
            "VN",
            "Hanoi",
            "Ha Dong",
            "city",
        ]
        assert (row["latitude"], row["longitude"]) == (21.0285, 105.8542)

    def test_empty_text_is_null(self, tmp_path: Path) -> None:
        row = place(database(tmp_path, flat("VN")))
        assert (row["region"], row["city"]) == (None, None)


@pytest.mark.parametrize("layout", [nested, flat])
@pytest.mark.parametrize(
    ("region", "city", "precision", "radius_km"),
    [
        ("Lagos", "Ikeja", "city", 50.0),
        ("", "Ikeja", "city", 50.0),
        ("Lagos", "", "region", 200.0),
        ("", "", "country", 500.0),
    ],
)
def test_without_a_radius_the_finest_level_known_gives_one(
    tmp_path: Path, layout: Any, region: str, city: str, precision: str, radius_km: float
) -> None:
    row = place(database(tmp_path, layout("NG", region, city)))
    assert (row["precision"], row["radius_km"]) == (precision, radius_km)


@pytest.mark.parametrize("layout", [nested, flat])
class TestBothLayouts:
    def test_districts_of_one_city_are_one_place(self, tmp_path: Path, layout: Any) -> None:
        row = place(database(tmp_path, layout("DE", "Berlin", "Berlin (Mitte)")))
        assert row["city"] == "Berlin"

    def test_a_country_is_upper_case(self, tmp_path: Path, layout: Any) -> None:
        assert place(database(tmp_path, layout("ng")))["country"] == "NG"

    def test_the_code_of_no_country_places_nothing(self, tmp_path: Path, layout: Any) -> None:
        assert place(database(tmp_path, layout("ZZ"))) == NOWHERE

    @pytest.mark.parametrize(
        "address",
        [
            "10.1.2.3",
            "172.31.255.255",
            "192.168.0.1",
            "100.64.0.1",
            "127.0.0.1",
            "169.254.169.254",
            "198.51.100.7",
            "224.0.0.251",
            "255.255.255.255",
            "0.0.0.0",
            "::1",
            "fe80::1",
            "fd00::1",
            "2001:db8::1",
            "ff02::fb",
        ],
    )
    def test_a_reserved_address_is_nowhere_even_if_the_database_places_it(
        self, tmp_path: Path, layout: Any, address: str
    ) -> None:
        network = ipaddress.ip_network(address)
        path = write_mmdb(tmp_path / "city.mmdb", {str(network): layout("US", "Ohio", "Columbus")})
        assert place(path, address) == NOWHERE


def test_an_unknown_address_is_nowhere(tmp_path: Path) -> None:
    assert place(database(tmp_path, flat()), "8.8.8.8") == NOWHERE


def test_rows_come_in_the_order_asked_for(tmp_path: Path) -> None:
    path = write_mmdb(
        tmp_path / "city.mmdb", {"102.89.0.0/16": flat("NG"), "2400::/32": flat("VN")}
    )
    asked = ["2400::1", "10.0.0.1", "102.89.1.1", "8.8.8.8", "2400::1"]
    assert lookup(path)(asked)["country"].to_pylist() == ["VN", None, "NG", None, "VN"]


def test_no_address_gives_no_row_but_all_columns(tmp_path: Path) -> None:
    table = lookup(database(tmp_path, flat()))([])
    assert (table.num_rows, table.schema) == (0, geo.COLUMNS)
