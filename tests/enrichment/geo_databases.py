"""Small databases that the tests of places and networks write and read."""

import ipaddress
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmdb_writer import MMDBWriter
from netaddr import IPSet

from enrichment.geo_check import KNOWN_NETWORKS, KNOWN_PLACES

BUILT = 1_780_617_600  # 2026-06-05T00:00:00Z


def write_mmdb(
    path: Path,
    records: Mapping[str, Any],
    database_type: str = "GeoLite2-City",
    ip_version: int = 6,
) -> Path:
    """Write an MMDB file that holds `records`, by CIDR text, and return its path."""
    writer = MMDBWriter(
        ip_version, database_type, ["en"], "made by a test", ipv4_compatible=ip_version == 6
    )
    for network, record in records.items():
        writer.insert_network(IPSet([network]), record)
    writer.to_db_file(str(path))
    return path


def nested(
    country: str | None = "NG",
    region: str | None = None,
    city: str | None = None,
    **location: float,
) -> dict[str, Any]:
    """Return a record in the layout of GeoIP2."""
    record: dict[str, Any] = {"location": {"latitude": 6.5, "longitude": 3.4, **location}}
    if country:
        record["country"] = {"iso_code": country, "names": {"en": "A country"}}
    if region:
        record["subdivisions"] = [{"iso_code": "LA", "names": {"en": region}}]
    if city:
        record["city"] = {"names": {"en": city, "de": "Stadt"}}
    return record


def flat(country: str = "VN", region: str = "", city: str = "") -> dict[str, Any]:
    """Return a record in the layout of the ip-location-db packages."""
    return {
        "city": city,
        "country_code": country,
        "latitude": 21.0285,
        "longitude": 105.8542,
        "postcode": "",
        "state1": region,
        "state2": "",
        "timezone": "",
    }


def owner(number: int, organisation: str) -> dict[str, Any]:
    """Return a record in the layout of GeoLite2-ASN."""
    return {"autonomous_system_number": number, "autonomous_system_organization": organisation}


def well_known_places() -> dict[str, Any]:
    """Return records that place the addresses an update is checked by."""
    return {host(address): nested(country) for address, country in KNOWN_PLACES.items()}


def well_known_owners() -> dict[str, Any]:
    """Return records that name the owners of the addresses an update is checked by."""
    return {
        host(address): owner(number, f"Organisation {number}")
        for address, number in KNOWN_NETWORKS.items()
    }


def host(address: str) -> str:
    """Return the network that holds nothing but `address`."""
    return str(ipaddress.ip_network(address))


def write_csv(path: Path, *rows: tuple[str, str, int, str]) -> Path:
    """Write a CSV of networks: first address, last address, number, organisation."""
    lines = [f'{first},{last},{number},"{name}"\n' for first, last, number, name in rows]
    path.write_text("".join(lines), encoding="utf-8")
    return path
