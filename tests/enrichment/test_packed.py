"""Addresses as 16 bytes each."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.packed import pack

V4, V6 = st.ip_addresses(v=4).map(str), st.ip_addresses(v=6).map(str)


def octets(address: str) -> bytes:
    parsed = ipaddress.ip_address(address)
    return parsed.packed if parsed.version == 6 else bytes(10) + b"\xff\xff" + parsed.packed


@given(st.lists(V4) | st.lists(V4 | V6))
def test_addresses_keep_their_octets_and_their_order(addresses: list[str]) -> None:
    assert pack(iter(addresses)).tobytes() == b"".join(map(octets, addresses))


@pytest.mark.parametrize("beside", ["81.2.69.160", "2001:db8::1"])
def test_what_is_no_address_is_all_zeros_and_spoils_no_other(beside: str) -> None:
    assert pack([beside, "nonsense", beside]).tobytes() == octets(beside) + bytes(16) + octets(
        beside
    )
