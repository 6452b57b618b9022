"""Ranges of addresses: what a block covers, and that the search agrees with `ipaddress`."""

import ipaddress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment import address_ranges

IPV4_BLOCKS = st.builds(
    lambda address, prefix: ipaddress.ip_network((address, prefix), strict=False),
    st.integers(0, 2**32 - 1),
    st.integers(8, 32),
)
IPV6_BLOCKS = st.builds(
    lambda address, prefix: ipaddress.ip_network((address, prefix), strict=False),
    st.integers(2**125, 2**126 - 1),
    st.integers(16, 128),
)
BLOCKS = st.lists(IPV4_BLOCKS | IPV6_BLOCKS, max_size=20)


def edges(block):
    """The addresses on both sides of both ends of a block, where the protocol has them."""
    kind = type(block.network_address)
    for number in (int(block[0]) - 1, int(block[0]), int(block[-1]), int(block[-1]) + 1):
        if 0 <= number < 2**block.max_prefixlen:
            yield kind(number)


@given(BLOCKS)
def test_an_address_is_found_exactly_when_a_block_holds_it(blocks):
    ranges = address_ranges.merge([address_ranges.network(str(block)) for block in blocks])
    addresses = [address for block in blocks for address in edges(block)]
    packed, valid = address_ranges.pack([str(address) for address in addresses])
    assert valid.all()
    expected = [any(address in block for block in blocks) for address in addresses]
    assert ranges.contain(packed).tolist() == expected


@given(BLOCKS)
def test_merged_ranges_are_ascending_and_apart(blocks):
    ranges = address_ranges.merge([address_ranges.network(str(block)) for block in blocks])
    assert (ranges.first <= ranges.last).all()
    assert (ranges.last[:-1] < ranges.first[1:]).all()


def test_blocks_that_nest_or_repeat_become_one_range():
    texts = ["5.6.7.0/24", "5.6.0.0/16", "5.6.0.0/16", "9.9.9.9"]
    ranges = address_ranges.merge([address_ranges.network(text) for text in texts])
    assert len(ranges.first) == 2


def test_an_ipv4_address_and_its_ipv4_mapped_form_are_the_same():
    packed, _ = address_ranges.pack(["5.6.7.8", "::ffff:5.6.7.8"])
    assert packed[0] == packed[1]


def test_bits_below_the_prefix_are_ignored():
    ranges = address_ranges.merge([address_ranges.network("5.6.7.8/24")])
    packed, _ = address_ranges.pack(["5.6.6.255", "5.6.7.0", "5.6.7.255", "5.6.8.0"])
    assert ranges.contain(packed).tolist() == [False, True, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "", "example.net", "5.6.7", "5.6.7.8/", "5.6.7.8/x", "5.6.7.8/33", "5.6.7.8/-1",
        "0.0.0.0/0", "4.0.0.0/7", "::/0", "2001:db8::/15", "2001:db8::/129", "::/32", "<html>",
    ],
)  # fmt: skip
def test_what_is_no_believable_block_is_refused(text):
    with pytest.raises(ValueError, match=r"no address or CIDR block|has a prefix"):
        address_ranges.network(text)


def test_no_ranges_hold_nothing():
    packed, _ = address_ranges.pack(["5.6.7.8"])
    assert address_ranges.merge([]).contain(packed).tolist() == [False]


def test_texts_that_are_no_address_are_told_apart():
    packed, valid = address_ranges.pack(["5.6.7.8", "", None, "amazonaws.com", "2606:4700::1"])
    assert valid.tolist() == [True, False, False, False, True]
    assert packed.dtype == np.dtype("S16")
