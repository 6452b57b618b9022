"""Ranges of networks out of CSV files."""

import ipaddress
import itertools
from pathlib import Path
from typing import Any

import pytest
from geo_databases import write_csv
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conf.errors import Damaged
from enrichment.network_ranges import read_network_ranges
from enrichment.packed import pack

numbers = st.one_of(
    st.integers(0, (1 << 32) - 1).map(ipaddress.IPv4Address),
    st.integers(1 << 64, (1 << 128) - 1).map(ipaddress.IPv6Address),
)


@settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    edges=st.lists(numbers, min_size=2, max_size=20, unique=True),
    asked=st.lists(numbers, max_size=9),
)
def test_a_range_is_found_as_ipaddress_would_find_it(
    tmp_path: Path, edges: list[Any], asked: list[Any]
) -> None:
    of_family = [sorted(e for e in edges if e.version == version) for version in (4, 6)]
    ranges = [pair for family in of_family for pair in zip(family[::2], family[1::2], strict=False)]
    if not ranges:
        return
    path = write_csv(
        tmp_path / "ranges.csv",
        *((str(first), str(last), n, f"n{n}") for n, (first, last) in enumerate(ranges, 1)),
    )
    around = [
        type(edge)(int(edge) + step)
        for edge, step in itertools.product(itertools.chain(*ranges), (-1, 0, 1))
        if 0 <= int(edge) + step < 1 << edge.max_prefixlen
    ]
    addresses = asked + [each for each in around if int(each) > 0]
    wanted = [
        next(
            (
                row
                for row, (first, last) in enumerate(ranges)
                if first.version == address.version and first <= address <= last
            ),
            -1,
        )
        for address in addresses
    ]
    found = read_network_ranges([path])
    names = [
        found.organisation[row].as_py() if row >= 0 else None
        for row in found.find(pack(str(address) for address in addresses)).tolist()
    ]
    assert names == [f"n{row + 1}" if row >= 0 else None for row in wanted]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "not a CSV of networks"),
        ("1.0.0.0,1.0.0.255,13335\n", "not a CSV of networks"),
        ("1.0.0.0,1.0.0.255,Cloudflare,13335\n", "not a CSV of networks"),
        ("1.0.0.0,1.0.0.255,1,A\n1.0.1.0,1.0.1,2,B\n", "line 2: '1.0.1' is no address"),
        ("host,1.0.0.255,1,A\n", "line 1: 'host' is no address"),
        ("16777216,16777471,1,A\nhost,5,2,B\n", "column first"),
        (f"{1 << 128},{1 << 128},1,A\n", "column first"),
        ("16777216,-1,1,A\n", "line 1: '-1' is no address"),
    ],
)
def test_a_csv_that_is_another_is_refused(tmp_path: Path, text: str, what: str) -> None:
    path = tmp_path / "asn.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Damaged, match=what) as caught:
        read_network_ranges([path])
    assert "asn.csv" in str(caught.value)
