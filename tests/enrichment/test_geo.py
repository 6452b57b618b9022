"""Places of addresses."""

import ipaddress
import itertools
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from geo_databases import flat, nested, owner, write_mmdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conf.errors import Damaged, MissingDependency
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


class TestSeveralFiles:
    @pytest.fixture
    def files(self, tmp_path: Path) -> tuple[Path, Path]:
        return (
            write_mmdb(tmp_path / "v4.mmdb", {"102.89.0.0/16": flat("NG")}, "city ipv4", 4),
            write_mmdb(tmp_path / "v6.mmdb", {"2400::/32": flat("VN")}, "city ipv6", 6),
        )

    @pytest.mark.parametrize("turned", [False, True])
    def test_each_family_is_looked_up_in_its_own(
        self, files: tuple[Path, Path], turned: bool
    ) -> None:
        paths = files[::-1] if turned else files
        table = lookup(*paths)(["102.89.1.1", "2400::1", "2400:1::"])
        assert table["country"].to_pylist() == ["NG", "VN", None]
        assert [name and name[:9] for name in table["database"].to_pylist()] == [
            "city ipv4",
            "city ipv6",
            None,
        ]

    def test_the_build_names_all(self, files: tuple[Path, Path]) -> None:
        assert [part[:9] for part in lookup(*files).build.split(", ")] == ["city ipv4", "city ipv6"]

    def test_a_later_file_is_asked_what_an_earlier_does_not_know(self, tmp_path: Path) -> None:
        first = write_mmdb(tmp_path / "a.mmdb", {"102.89.0.0/17": flat("NG")})
        second = write_mmdb(tmp_path / "b.mmdb", {"102.89.0.0/16": flat("GH")})
        table = lookup(first, second)(["102.89.0.1", "102.89.255.1"])
        assert table["country"].to_pylist() == ["NG", "GH"]


class TestUnusableFiles:
    def test_a_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(MissingDependency, match=r"gone\.mmdb: there is no such.*geo update"):
            lookup(tmp_path / "gone.mmdb")

    def test_a_truncated_file(self, tmp_path: Path) -> None:
        path = database(tmp_path, flat("VN", "Hanoi", "Hanoi"))
        path.write_bytes(path.read_bytes()[:-60])
        with pytest.raises(Damaged, match=r"city\.mmdb: not a readable MMDB file.*geo update"):
            lookup(path)

    def test_a_file_of_another_kind(self, tmp_path: Path) -> None:
        path = tmp_path / "city.mmdb"
        path.write_text("country,city\n", encoding="utf-8")
        with pytest.raises(Damaged, match=r"city\.mmdb: not a readable MMDB file"):
            lookup(path)

    def test_an_empty_file(self, tmp_path: Path) -> None:
        (tmp_path / "city.mmdb").touch()
        with pytest.raises(Damaged, match=r"city\.mmdb: not a readable MMDB file"):
            lookup(tmp_path / "city.mmdb")

    def test_a_network_database(self, tmp_path: Path) -> None:
        path = write_mmdb(tmp_path / "asn.mmdb", {"8.8.8.0/24": owner(15169, "G")}, "GeoLite2-ASN")
        with pytest.raises(Damaged, match=r"asn\.mmdb: GeoLite2-ASN is no city database.*CITY_DB"):
            lookup(path)

    def test_a_country_database(self, tmp_path: Path) -> None:
        record = {"country": {"iso_code": "NG"}}
        path = write_mmdb(tmp_path / "c.mmdb", {"102.89.0.0/16": record}, "GeoLite2-Country")
        with pytest.raises(Damaged, match="GeoLite2-Country is no city database"):
            lookup(path)

    def test_a_record_that_is_not_like_the_others(self, tmp_path: Path) -> None:
        path = write_mmdb(
            tmp_path / "city.mmdb",
            {"1.0.0.0/24": nested("AU"), "102.89.0.0/16": {"country": "NG", "location": "Lagos"}},
        )
        with pytest.raises(Damaged, match=r"city\.mmdb: the record of 102\.89\.23\.1"):
            place(path)

    def test_changed_bytes_are_placed_or_refused_but_raise_nothing_else(
        self, tmp_path: Path
    ) -> None:
        whole = database(tmp_path, nested("NG", "Lagos", "Ikeja")).read_bytes()
        damaged = tmp_path / "damaged.mmdb"
        refusals = []
        for position, value in itertools.product(range(0, len(whole), 3), (0x00, 0x7F, 0xFF)):
            damaged.write_bytes(whole[:position] + bytes([value]) + whole[position + 1 :])
            try:
                geo.GeoLookup([damaged])(["102.89.23.1", "8.8.8.8"])
            except Damaged as error:
                refusals.append(str(error))
        assert refusals
        assert all("damaged.mmdb" in refusal for refusal in refusals)


def test_a_replaced_file_is_opened_anew(tmp_path: Path) -> None:
    path = database(tmp_path, flat("NG"))
    assert place(path)["country"] == "NG"
    write_mmdb(tmp_path / "new.mmdb", {"102.89.0.0/16": flat("GH", "Accra")}).replace(path)
    assert place(path)["country"] == "GH"


def test_a_file_is_opened_once_a_process(tmp_path: Path) -> None:
    path = database(tmp_path, flat("NG"))
    assert lookup(path) is lookup(path)


def test_a_reader_opened_before_a_fork_serves_the_children(tmp_path: Path) -> None:
    path = write_mmdb(
        tmp_path / "city.mmdb", {f"102.{i}.0.0/16": flat("NG", "R", f"City {i}") for i in range(50)}
    )
    program = f"""
import os, sys
from conf.settings import Settings
from enrichment import geo
lookup = geo.open(Settings(geo_city_db={str(path)!r}))
asked = [f"102.{{i}}.0.1" for i in range(50)]
wanted = [f"City {{i}}" for i in range(50)]
children = []
for _ in range(3):
    child = os.fork()
    if child == 0:
        right = all(lookup(asked)["city"].to_pylist() == wanted for _ in range(20))
        os._exit(0 if right else 1)
    children.append(child)
assert lookup(asked)["city"].to_pylist() == wanted
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_without_settings_the_shipped_database_places_addresses(tmp_path: Path) -> None:
    shipped = geo.open(Settings(geo_city_db="", data_dir=tmp_path))
    assert shipped.build.startswith("Antipode-Small-City 20")
    assert shipped(["41.203.75.1"])["country"].to_pylist() == ["NG"]


networks = st.one_of(
    st.tuples(st.integers(1 << 24, (10 << 24) - 1), st.integers(8, 32)).map(
        lambda pair: ipaddress.ip_network(pair, strict=False)
    ),
    st.tuples(st.integers(0x24 << 120, (0x25 << 120) - 1), st.integers(16, 128)).map(
        lambda pair: ipaddress.ip_network(pair, strict=False)
    ),
)


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(found=st.lists(networks, min_size=1, max_size=8, unique=True))
def test_a_block_holds_its_first_and_last_address_and_not_their_neighbours(
    tmp_path: Path, found: list[ipaddress.IPv4Network | ipaddress.IPv6Network]
) -> None:
    apart = [
        one for one in found if not any(one != other and one.overlaps(other) for other in found)
    ] or found[:1]
    path = tmp_path / "edges.mmdb"
    path.unlink(missing_ok=True)
    write_mmdb(path, {str(one): flat("NG", "", f"of {one}") for one in apart})
    asked = {
        one[index] + step for one in apart for index, step in [(0, -1), (0, 0), (-1, 0), (-1, 1)]
    }
    wanted = [
        next((f"of {one}" for one in apart if address in one), None)
        for address in sorted(asked, key=str)
    ]
    table = geo.GeoLookup([path])([str(address) for address in sorted(asked, key=str)])
    assert table["city"].to_pylist() == wanted
