"""The kinds of networks, and the rules that say them."""

import pytest

from enrichment.network_kind import KINDS, kind, parse, plain_words, shipped_rules


@pytest.mark.parametrize(
    ("number", "organisation", "wanted"),
    [
        # well-known systems, whatever their organisation is called
        (9009, "M247 Europe SRL", "vpn"),
        (36183, "Akamai Technologies, Inc.", "relay"),
        (13335, "Cloudflare, Inc.", "relay"),
        (22616, "ZSCALER, INC.", "relay"),
        (16509, "Amazon.com, Inc.", "hosting"),
        (14618, "Amazon.com, Inc.", "hosting"),
        (15169, "Google LLC", "hosting"),
        (396982, "Google LLC", "hosting"),
        (8075, "Microsoft Corporation", "hosting"),
        (16276, "OVH SAS", "hosting"),
        (24940, "Hetzner Online GmbH", "hosting"),
        (14061, "DigitalOcean, LLC", "hosting"),
        (16591, "Google Fiber Inc.", "isp"),
        (6167, "Verizon Business", "mobile"),
        (701, "Verizon Business", "isp"),
        (29465, "MTN NIGERIA Communication limited", "mobile"),
        (24086, "Viettel Corporation", "mobile"),
        (7552, "Viettel Group", "isp"),
        (786, "Jisc Services Limited", "education"),
        (714, "Apple Inc.", "corporate"),
        # others, by name
        (None, "Surfshark Ltd.", "vpn"),
        (None, "FREE UNLIMITED VPN LTD", "vpn"),
        (None, "Netskope Inc", "relay"),
        (None, "Universität Wien", "education"),
        (None, "Politechnika Warszawska", "education"),
        (None, "Bayero University", "education"),
        (None, "T-Mobile Polska S.A.", "mobile"),
        (None, "Orange Cellular", "mobile"),
        (None, "Example Hosting Ltd", "hosting"),
        (None, "Tencent Building, Kejizhongyi Avenue", "hosting"),
        (None, "Central Bank of Nigeria", "corporate"),
        (None, "Ministère de l'Intérieur", "corporate"),
        (None, "Deutsche Telekom AG", "isp"),
        (None, "Example Broadband", "isp"),
        (None, "Main one Cable Company Nigeria Limited", "isp"),
        # a provider whose name holds a word that also companies use
        (None, "Alpha Telecom Holding", "isp"),
        (None, "Alpha Steel Holding", "corporate"),
        # and those that nobody knows
        (None, "Xyz Ltd", None),
        (None, "", None),
        (None, None, None),
        (4_200_000_000, None, None),
    ],
)
def test_the_shipped_rules(number: int | None, organisation: str | None, wanted: str) -> None:
    assert kind(number, organisation) == wanted


def test_every_kind_has_numbers_and_names() -> None:
    rules = shipped_rules()
    assert set(rules.numbers.values()) == set(KINDS)
    assert {name for name, _ in rules.names} == set(KINDS)


def test_every_name_is_written_as_names_are_compared() -> None:
    badly_written = [
        name
        for _, names in shipped_rules().names
        for name in names
        if name.strip() != plain_words(name).strip() or not name.strip()
    ]
    assert badly_written == []


def test_a_number_goes_before_a_name() -> None:
    rules = parse(
        '[[kind]]\nname = "vpn"\nnumbers = []\nnames = ["alpha"]\n'
        '[[kind]]\nname = "isp"\nnumbers = [7]\nnames = []\n'
    )
    assert (rules.kind(7, "Alpha"), rules.kind(8, "Alpha")) == ("isp", "vpn")


def test_an_earlier_entry_goes_before_a_later_one() -> None:
    rules = parse(
        '[[kind]]\nname = "vpn"\nnumbers = [7]\nnames = ["alpha"]\n'
        '[[kind]]\nname = "isp"\nnumbers = [7]\nnames = ["alpha"]\n'
    )
    assert (rules.kind(7, None), rules.kind(None, "Alpha")) == ("vpn", "vpn")


@pytest.mark.parametrize(
    ("name", "organisation", "found"),
    [
        (" net ", "The Net Inc.", True),
        (" net ", "Netcorp", False),
        ("net ", "Alphanet, LLC", True),
        ("net ", "Netcorp", False),
        (" net", "Netcorp", True),
        (" net", "Alphanet", False),
        ("net", "Magnetics", True),
        (" a&b ", "A&B", True),
        ("teleco", "TÉLÉCOM", True),
    ],
)
def test_spaces_are_edges_of_words(name: str, organisation: str, found: bool) -> None:
    rules = parse(f'[[kind]]\nname = "isp"\nnumbers = []\nnames = ["{name}"]\n')
    assert rules.kind(None, organisation) == ("isp" if found else None)


def test_a_kind_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="'bogus' is none of isp, mobile"):
        parse('[[kind]]\nname = "bogus"\nnumbers = []\nnames = []\n')
