"""Addresses that belong to no place."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.packed import pack
from enrichment.reserved import BLOCKS, are_reserved

NETWORKS = [ipaddress.ip_network(block) for block in BLOCKS]
edges = st.sampled_from(NETWORKS).flatmap(
    lambda network: st.sampled_from([network[0], network[-1]]).flatmap(
        lambda edge: (
            st.integers(-2, 2)
            .map(lambda step: step + int(edge))
            .filter(lambda number: 0 <= number < 1 << network.max_prefixlen)
            .map(lambda number: str(type(edge)(number)))
        )
    )
)
anywhere = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)).map(str)


@given(addresses=st.lists(edges | anywhere, max_size=30))
def test_an_address_is_reserved_when_it_lies_in_a_block(addresses: list[str]) -> None:
    parsed = [ipaddress.ip_address(address) for address in addresses]
    plain = [getattr(address, "ipv4_mapped", None) or address for address in parsed]
    wanted = [any(address in network for network in NETWORKS) for address in plain]
    assert are_reserved(pack(addresses)).tolist() == wanted


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "100.63.255.255", "100.128.0.0", "172.32.0.0", "2606:4700::1111"]
)
def test_public_addresses_are_not(address: str) -> None:
    assert are_reserved(pack([address])).tolist() == [False]


def test_what_is_no_address_is_nowhere() -> None:
    assert are_reserved(pack(["host.example", "", "1.2.3"])).tolist() == [True, True, True]
