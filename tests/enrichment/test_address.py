"""Address texts are read as providers write them."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment import address
from enrichment.address import Address


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("203.0.113.7", Address(ip="203.0.113.7")),
        (" 203.0.113.7 ", Address(ip="203.0.113.7")),
        ("203.0.113.7:51234", Address(ip="203.0.113.7", port=51234)),
        ("[2001:db8::1]:443", Address(ip="2001:db8::1", port=443)),
        ("[2001:db8::1]", Address(ip="2001:db8::1")),
        ("2001:0DB8:0:0::1", Address(ip="2001:db8::1")),
        ("fe80::1%eth0", Address(ip="fe80::1")),
        ("::ffff:203.0.113.7", Address(ip="203.0.113.7")),
        ("[::ffff:203.0.113.7]:80", Address(ip="203.0.113.7", port=80)),
        ("203.0.113.7:99999", Address(ip="203.0.113.7")),
        ("10.0.0.8", Address(ip="10.0.0.8")),
        ("10.0.0.8, 9.9.9.9", Address(ip="9.9.9.9")),
        ("10.0.0.8, 192.168.1.1", Address(ip="10.0.0.8")),
        ("laptop.corp.example.com", Address(hostname="laptop.corp.example.com")),
        ("AWS Internal", Address(svc_name="AWS Internal")),
        ("cloudtrail.amazonaws.com", Address(svc_name="cloudtrail.amazonaws.com")),
        ("999.1.1.1", Address(svc_name="999.1.1.1")),
        ("redacted", Address(svc_name="redacted")),
        ("-", Address()),
        ("<null>", Address()),
        ("Unknown IP", Address()),
        ("", Address()),
        (",", Address()),
    ],
)
def test_an_address_text_is_read(text: str, wanted: Address) -> None:
    assert address.read(text) == wanted


@given(st.ip_addresses())
def test_every_address_is_read_to_its_canonical_text(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    canonical = str(getattr(ip, "ipv4_mapped", None) or ip)
    assert address.read(str(ip)).ip == canonical
    assert address.read(ip.exploded).ip == canonical
    written = f"[{ip}]:443" if ip.version == 6 else f"{ip}:443"
    assert address.read(written) == Address(ip=canonical, port=443)


@given(st.text(max_size=60))
def test_no_text_makes_the_reading_fail(text: str) -> None:
    read = address.read(text)
    assert read.ip is None or str(ipaddress.ip_address(read.ip)) == read.ip


def test_a_table_keeps_the_order_and_the_nulls() -> None:
    table = address.table(["203.0.113.7:1", None, "host.example.com"])
    assert table.to_pydict() == {
        "ip": ["203.0.113.7", None, None],
        "port": [1, None, None],
        "hostname": [None, None, "host.example.com"],
        "svc_name": [None, None, None],
    }


def test_a_table_of_texts_says_of_each_what_is_read_of_it_alone() -> None:
    texts = [
        *("81.2.69.160", "0.0.0.0", "255.255.255.255", "256.1.1.1", "01.2.3.4", "1.2.3"),
        *("1.2.3.4\n", "1.2.3.4:443", "[2001:db8::1]:5", "::ffff:1.2.3.4", " 9.9.9.9"),
        *("9.9.9.9, 10.0.0.1", "host.example.com", "s3.amazonaws.com", "-", "", None),
    ]
    for some in (texts, texts[:3], texts[3:], texts[-1:], []):
        alone = [address.Address() if text is None else address.read(text) for text in some]
        assert address.table(some).to_pylist() == [vars(each) for each in alone]
