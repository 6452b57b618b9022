"""The files that places are read from: several, unusable, replaced, shared by processes."""

import ipaddress
import subprocess
import sys
from pathlib import Path

import pytest
from geo_databases import flat, nested, owner, write_mmdb
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conf.errors import Damaged, MissingDependency
from conf.settings import Settings
from enrichment import geo


def lookup(*paths: Path) -> geo.GeoLookup:
    return geo.open(Settings(geo_city_db=",".join(map(str, paths))))


def country(path: Path) -> str | None:
    found: str | None = lookup(path)(["102.89.23.1"])["country"].to_pylist()[0]
    return found


def database(tmp_path: Path, record: object) -> Path:
    return write_mmdb(tmp_path / "city.mmdb", {"102.89.0.0/16": record})


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

    def test_a_database_whose_networks_cannot_be_listed(self, tmp_path: Path) -> None:
        record = {"is_anonymous": True}
        path = write_mmdb(tmp_path / "a.mmdb", {"::/64": record}, "GeoIP2-Anonymous-IP")
        with pytest.raises(Damaged, match="GeoIP2-Anonymous-IP is no city database"):
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
        with pytest.raises(Damaged, match=r"city\.mmdb: damaged \(.*geo update"):
            country(path)


def test_a_replaced_file_is_opened_anew(tmp_path: Path) -> None:
    path = database(tmp_path, flat("NG"))
    assert country(path) == "NG"
    write_mmdb(tmp_path / "new.mmdb", {"102.89.0.0/16": flat("GH", "Accra")}).replace(path)
    assert country(path) == "GH"


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
