"""Whose network an address is in."""

import ipaddress
from pathlib import Path
from typing import Any

import pytest
from geo_databases import nested, owner, write_csv, write_mmdb

from conf.errors import Damaged, MissingDependency
from conf.settings import Settings
from enrichment import network


def lookup(*paths: Path) -> network.NetworkLookup:
    return network.open(Settings(geo_asn_db=",".join(map(str, paths))))


def rows(paths: tuple[Path, ...], *addresses: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in lookup(*paths)(addresses).to_pylist()]


UNKNOWN = (None, None, None)


@pytest.fixture
def mmdb(tmp_path: Path) -> Path:
    records = {
        "8.8.8.0/24": owner(15169, "Google LLC"),
        "2606:4700::/32": owner(13335, "Cloudflare, Inc."),
        "198.51.100.0/24": owner(64496, "Documentation"),
        "41.0.0.0/16": {"autonomous_system_number": 29975},
    }
    return write_mmdb(tmp_path / "asn.mmdb", records, "GeoLite2-ASN")


@pytest.fixture
def csv(tmp_path: Path) -> tuple[Path, Path]:
    return (
        write_csv(
            tmp_path / "asn-ipv4.csv",
            ("1.0.0.0", "1.0.0.255", 13335, "Cloudflare, Inc."),
            ("1.0.128.0", "1.0.196.255", 23969, "TOT Public Company Limited"),
        ),
        write_csv(
            tmp_path / "asn-ipv6.csv",
            ("2001:200::", "2001:200:1b9:ffff:ffff:ffff:ffff:ffff", 2500, "WIDE Project"),
        ),
    )


class TestMmdb:
    def test_gives_number_organisation_and_kind(self, mmdb: Path) -> None:
        assert rows((mmdb,), "8.8.8.8", "2606:4700::1111") == [
            (15169, "Google LLC", "hosting"),
            (13335, "Cloudflare, Inc.", "relay"),
        ]

    def test_an_unknown_address_has_no_network(self, mmdb: Path) -> None:
        assert rows((mmdb,), "9.9.9.9") == [UNKNOWN]

    def test_a_reserved_address_has_no_network(self, mmdb: Path) -> None:
        assert rows((mmdb,), "198.51.100.1") == [UNKNOWN]

    def test_an_organisation_may_be_missing(self, mmdb: Path) -> None:
        assert rows((mmdb,), "41.0.0.1") == [(29975, None, "mobile")]

    def test_a_database_of_ipv4_knows_nothing_of_ipv6(self, tmp_path: Path) -> None:
        path = write_mmdb(tmp_path / "4.mmdb", {"8.8.8.0/24": owner(15169, "G")}, "asn", 4)
        assert rows((path,), "2606:4700::1", "8.8.8.8") == [UNKNOWN, (15169, "G", "hosting")]

    def test_the_build_names_type_and_day(self, mmdb: Path) -> None:
        assert lookup(mmdb).build.startswith("GeoLite2-ASN 20")


class TestCsv:
    def test_gives_number_organisation_and_kind(self, csv: tuple[Path, Path]) -> None:
        assert rows(csv, "2001:200::1", "1.0.0.7", "1.0.130.1") == [
            (2500, "WIDE Project", None),
            (13335, "Cloudflare, Inc.", "relay"),
            (23969, "TOT Public Company Limited", "isp"),
        ]

    @pytest.mark.parametrize(
        ("address", "number"),
        [
            ("0.255.255.255", None),
            ("1.0.0.0", 13335),
            ("1.0.0.255", 13335),
            ("1.0.1.0", None),
            ("1.0.127.255", None),
            ("1.0.128.0", 23969),
            ("1.0.196.255", 23969),
            ("1.0.197.0", None),
            ("2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff", None),
            ("2001:200::", 2500),
            ("2001:200:1b9:ffff:ffff:ffff:ffff:ffff", 2500),
            ("2001:200:1ba::", None),
            ("ffff::", None),
        ],
    )
    def test_first_and_last_address_belong_to_a_range(
        self, csv: tuple[Path, Path], address: str, number: int | None
    ) -> None:
        assert rows(csv, address)[0][0] == number

    def test_addresses_may_be_whole_numbers(self, tmp_path: Path) -> None:
        four = write_csv(tmp_path / "4.csv", ("16777216", "16777471", 13335, "Cloudflare, Inc."))
        first = int(ipaddress.ip_address("2001:200::"))
        six = write_csv(tmp_path / "6.csv", (str(first), str(first + 9), 2500, "WIDE"))
        found = rows((four, six), "1.0.0.255", "1.0.1.0", "2001:200::9", "2001:200::a")
        assert [row[0] for row in found] == [13335, None, 2500, None]

    def test_rows_may_come_in_any_order(self, tmp_path: Path) -> None:
        path = write_csv(
            tmp_path / "a.csv", ("9.0.0.0", "9.0.0.9", 9, "Nine"), ("5.0.0.0", "5.0.0.9", 5, "Five")
        )
        assert [row[0] for row in rows((path,), "5.0.0.1", "9.0.0.1")] == [5, 9]

    def test_an_unannounced_range_has_no_network(self, tmp_path: Path) -> None:
        path = write_csv(tmp_path / "a.csv", ("5.0.0.0", "5.0.0.9", 0, ""))
        assert rows((path,), "5.0.0.1") == [UNKNOWN]

    def test_an_empty_batch_has_all_columns(self, csv: tuple[Path, Path]) -> None:
        table = lookup(*csv)([])
        assert (table.num_rows, table.schema) == (0, network.COLUMNS)


class TestAnonymity:
    """MaxMind's Anonymous IP layout beside a database of owners."""

    FLAGS = (
        ("is_anonymous_vpn", "vpn"),
        ("is_tor_exit_node", "vpn"),
        ("is_public_proxy", "vpn"),
        ("is_residential_proxy", "vpn"),
        ("is_hosting_provider", "hosting"),
    )

    def both(self, tmp_path: Path, **flags: bool) -> tuple[Path, Path]:
        records = {"81.0.0.0/24": flags, "8.8.8.0/24": flags, "2606:4700::/32": flags}
        owners = {
            "81.0.0.0/16": owner(3320, "Deutsche Telekom AG"),
            "8.8.8.0/24": owner(15169, "Google LLC"),
            "2606:4700::/32": owner(13335, "Cloudflare, Inc."),
        }
        return (
            write_mmdb(tmp_path / "anonymous.mmdb", records, "GeoIP2-Anonymous-IP"),
            write_mmdb(tmp_path / "asn.mmdb", owners, "GeoLite2-ASN"),
        )

    @pytest.mark.parametrize(("flag", "kind"), FLAGS)
    def test_says_more_than_the_owner(self, tmp_path: Path, flag: str, kind: str) -> None:
        paths = self.both(tmp_path, is_anonymous=True, **{flag: True})
        assert rows(paths, "81.0.0.1", "81.0.1.1") == [
            (3320, "Deutsche Telekom AG", kind),
            (3320, "Deutsche Telekom AG", "isp"),
        ]

    def test_a_vpn_in_a_data_centre_is_a_vpn(self, tmp_path: Path) -> None:
        paths = self.both(tmp_path, is_hosting_provider=True, is_anonymous_vpn=True)
        assert rows(paths, "8.8.8.8")[0][2] == "vpn"

    def test_a_relay_stays_one(self, tmp_path: Path) -> None:
        paths = self.both(tmp_path, is_hosting_provider=True)
        assert rows(paths, "2606:4700::1")[0][2] == "relay"

    def test_both_builds_are_named(self, tmp_path: Path) -> None:
        build = lookup(*self.both(tmp_path, is_anonymous_vpn=True)).build
        assert [part.split()[0] for part in build.split(", ")] == [
            "GeoLite2-ASN",
            "GeoIP2-Anonymous-IP",
        ]


class TestUnusableFiles:
    @pytest.mark.parametrize("name", ["gone.mmdb", "gone.csv"])
    def test_a_missing_file(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(MissingDependency, match=rf"{name}: there is no such database.*update"):
            lookup(tmp_path / name)

    def test_a_city_database(self, tmp_path: Path) -> None:
        path = write_mmdb(tmp_path / "city.mmdb", {"8.8.8.0/24": nested("US")})
        with pytest.raises(Damaged, match=r"GeoLite2-City is no network database.*GEO_ASN_DB"):
            lookup(path)

    def test_a_truncated_mmdb(self, tmp_path: Path, mmdb: Path) -> None:
        mmdb.write_bytes(mmdb.read_bytes()[:-50])
        with pytest.raises(Damaged, match=r"asn\.mmdb: not a readable MMDB file"):
            lookup(mmdb)


def test_without_settings_the_shipped_database_names_owners(tmp_path: Path) -> None:
    shipped = network.open(Settings(geo_asn_db="", data_dir=tmp_path))
    assert shipped.build.startswith("Antipode-Small-ASN 20")
    assert shipped(["41.203.75.1"]).to_pylist() == [
        {"number": 37148, "organisation": "Globacom Limited", "kind": "mobile"}
    ]
