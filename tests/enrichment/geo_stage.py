"""What an update of the geo databases needs: a provider on this machine, and a place for them."""

import gzip
import io
import tarfile
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from geo_databases import nested, well_known_owners, well_known_places, write_mmdb

from conf.settings import Settings
from enrichment import geo
from enrichment.geo_providers import Origins
from enrichment.geo_update import Builds, update

NOW = datetime(2026, 6, 18, 12, 0, tzinfo=UTC)


class Provider:
    """A web server: what it publishes by path, and what it was asked."""

    def __init__(self) -> None:
        """Listen on a free port of this machine."""
        self.files: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.authorized: list[str | None] = []
        self.cut_short = False
        self.status: int | None = None
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,))

    def answer(self, path: str) -> tuple[int, bytes]:
        """Return status and body."""
        body = self.files.get(path)
        status = self.status or (404 if body is None else 200)
        return status, body if status == 200 and body is not None else b"no"


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            provider.asked.append(self.path)
            provider.authorized.append(self.headers["Authorization"])
            status, body = provider.answer(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if provider.cut_short else body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler


class Stage:
    """A provider with databases to publish, and settings whose data lie in an empty folder."""

    def __init__(self, folder: Path) -> None:
        """Make the databases in `folder`."""
        self.folder = folder
        self.settings = Settings(geo_city_db="", geo_asn_db="", data_dir=folder / "data")
        self.home = self.settings.data_dir / "geo"
        self.provider = Provider()
        self.origins = Origins(self.provider.url, self.provider.url, str(folder / "npm"))
        self.places = {**well_known_places(), "102.89.0.0/16": nested("NG", "Lagos", "Ikeja")}
        self.city_database = self.made(self.places, "DBIP-City-Lite")
        self.network_database = self.made(well_known_owners(), "DBIP-ASN-Lite")

    def made(self, records: Mapping[str, Any], database_type: str = "DBIP-City-Lite") -> bytes:
        """Return the bytes of a database that holds `records`."""
        return write_mmdb(self.folder / "made.mmdb", records, database_type).read_bytes()

    def publish_dbip(
        self, month: str = "2026-06", city: bytes | None = None, network: bytes | None = None
    ) -> None:
        """Publish DB-IP's two files of a month; what is given goes out as it is."""
        files = self.provider.files
        files[f"/dbip-city-lite-{month}.mmdb.gz"] = city or gzip.compress(self.city_database)
        files[f"/dbip-asn-lite-{month}.mmdb.gz"] = network or gzip.compress(self.network_database)

    def update(self, provider: str = "dbip", now: datetime = NOW, **options: Any) -> Builds:
        """Bring the databases of a provider."""
        return update(self.settings, provider, now=now, origins=self.origins, **options)

    def city(self, address: str = "102.89.1.1") -> str | None:
        """Return the city of an address according to the databases in use."""
        found: str | None = geo.open(self.settings)([address])["city"].to_pylist()[0]
        return found

    def folders(self) -> list[str]:
        """Return the names of the folders that updates have left."""
        return sorted(path.name for path in self.home.iterdir() if path.is_dir())

    def __enter__(self) -> Self:
        """Let the provider answer."""
        self.provider.thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop the provider."""
        self.provider.server.shutdown()
        self.provider.server.server_close()
        self.provider.thread.join()


def tar_gz(files: Mapping[str, bytes]) -> bytes:
    """Return an archive of files by path."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()
