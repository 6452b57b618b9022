"""Reads the address texts that providers write: with ports, brackets, zones, names in their place.

Called with the distinct texts of a batch, so that each is read once.
"""

import ipaddress
import re
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# IPv4 in its canonical form, as nearly all addresses are written.
OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
PLAIN = rf"^{OCTET}\.{OCTET}\.{OCTET}\.{OCTET}$"
HOST_NAME = re.compile(
    r"(?=.{4,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,62})\.)+[A-Za-z][A-Za-z0-9-]+\.?"
)
BRACKETS = re.compile(r"\[(?P<ip>[^\]]+)\](?::(?P<port>\d{1,5}))?")
WITH_PORT = re.compile(r"(?P<ip>\d+\.\d+\.\d+\.\d+):(?P<port>\d{1,5})")
# What providers write where they know no address.
NONE_KNOWN = ("", "-", "<null>", "n/a", "none", "null", "undefined", "unknown", "unknown ip")
# Machines of the provider that act for somebody sign with the name of their service.
SERVICE_DOMAINS = (".amazonaws.com", ".googleapis.com", ".azure.com", ".windows.net")


@dataclass(frozen=True)
class Address:
    """What an address text says. All null when it says nothing."""

    ip: str | None = None
    port: int | None = None
    hostname: str | None = None
    svc_name: str | None = None


def read(text: str) -> Address:
    """Read one address text; never fails, an unreadable text is taken for a service's name."""
    text = text.strip().strip("\"'")
    if "," in text:
        return _nearest_to_person(text)
    ip = _ip(text)
    if ip is not None:
        return Address(ip=ip)
    port = None
    match = BRACKETS.fullmatch(text) or WITH_PORT.fullmatch(text)
    if match:
        text = match["ip"]
        port = int(match["port"]) if match["port"] and int(match["port"]) < 65536 else None
        ip = _ip(text)
        if ip is not None:
            return Address(ip=ip, port=port)
    if text.lower() in NONE_KNOWN:
        return Address()
    if HOST_NAME.fullmatch(text) and not text.lower().endswith(SERVICE_DOMAINS):
        return Address(hostname=text.lower().rstrip("."))
    return Address(svc_name=text[:253])


def _nearest_to_person(text: str) -> Address:
    """Of a chain of proxies (client first) take the first public address, else the first."""
    chain = [read(part) for part in text.split(",") if part.strip()]
    public = [hop for hop in chain if hop.ip and ipaddress.ip_address(hop.ip).is_global]
    return (public or chain or [Address()])[0]


def _ip(text: str) -> str | None:
    # Most texts are plain IPv4, which the system reads ten times as fast as `ipaddress`.
    with suppress(OSError, ValueError, UnicodeEncodeError):
        if socket.inet_ntop(socket.AF_INET, socket.inet_pton(socket.AF_INET, text)) == text:
            return text
    try:
        parsed = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(parsed, "ipv4_mapped", None)
    return str(mapped or parsed)


def table(texts: Sequence[str | None]) -> pa.Table:
    """Return a row for each text, in order: columns ip, port, hostname, svc_name."""
    written = pa.array(texts, pa.string())
    plain = pc.fill_null(pc.match_substring_regex(written, PLAIN), fill_value=False)
    others = np.flatnonzero(~plain.to_numpy(zero_copy_only=False))
    row_of = np.full(len(written), len(others))
    row_of[others] = np.arange(len(others))
    asked = written.take(pa.array(others)).to_pylist()
    rows = [Address() if text is None else read(text) for text in asked]
    read_rows = _table([*rows, Address()]).take(pa.array(row_of))
    ips = pc.if_else(plain, written, read_rows["ip"].combine_chunks())
    return read_rows.set_column(0, "ip", ips)


def _table(rows: Sequence[Address]) -> pa.Table:
    return pa.table(
        {
            "ip": pa.array([row.ip for row in rows], pa.string()),
            "port": pa.array([row.port for row in rows], pa.int32()),
            "hostname": pa.array([row.hostname for row in rows], pa.string()),
            "svc_name": pa.array([row.svc_name for row in rows], pa.string()),
        }
    )
