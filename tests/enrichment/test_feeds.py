"""Every feed's format: what is read, what is left out, what is refused."""

import pytest

from conf import plugins
from conf.errors import Damaged
from enrichment import feed_list, feeds
from enrichment.feed import CATEGORIES, Entry, known

FEEDS = known()

# For each feed: forms in which its keeper publishes it, and the entries they hold.
FORMS = {
    "tor_exits": [
        (
            b"ExitNode 00AA\nPublished 2026-01-02 03:04:05\nLastStatus 2026-01-02 04:00:00\n"
            b"ExitAddress 5.45.1.2 2026-01-02 04:05:06\nExitAddress 2a0b::7 2026-01-02 04:05:07\n",
            [Entry("5.45.1.2", "tor"), Entry("2a0b::7", "tor")],
        ),
        (b"5.45.1.2\r\n5.45.1.3\r\n", [Entry("5.45.1.2", "tor"), Entry("5.45.1.3", "tor")]),
    ],
    "spamhaus_drop_v4": [
        (
            b'{"cidr":"5.188.9.0/24","sblid":"SBL1","rir":"ripencc"}\n'
            b'{"type":"metadata","timestamp":1767323045,"records":1}\n',
            [Entry("5.188.9.0/24", "drop")],
        ),
    ],
    "spamhaus_drop_v6": [
        (
            b'{"cidr":"2a06:e480::/29","sblid":"SBL2","rir":"ripencc"}\n{"type":"metadata"}',
            [Entry("2a06:e480::/29", "drop")],
        ),
    ],
    "spamhaus_asndrop": [
        (
            b'{"asn":64500,"rir":"ripencc","domain":"example.net","cc":"NL","asname":"EX"}\n'
            b'{"type":"metadata"}\n',
            [Entry("AS64500", "drop")],
        ),
    ],
    "firehol_level1": [
        (
            b"# FireHOL level 1\n#\n0.0.0.0/8\n5.188.9.0/24\n10.0.0.0/8\n45.1.2.3\n"
            b"192.168.0.0/16\n203.0.113.0/24\n224.0.0.0/3\n",
            [Entry("5.188.9.0/24", "attack"), Entry("45.1.2.3", "attack")],
        ),
    ],
    "blocklist_de": [
        (b"45.1.2.3\n2a0b::9\n", [Entry("45.1.2.3", "attack"), Entry("2a0b::9", "attack")]),
    ],
    "cins": [
        (b"45.1.2.3\n\n45.1.2.4\n", [Entry("45.1.2.3", "attack"), Entry("45.1.2.4", "attack")]),
    ],
    "feodo": [
        (
            b'[{"ip_address": "45.1.2.5", "port": 443, "status": "online", "malware": "Q"}]',
            [Entry("45.1.2.5", "botnet")],
        ),
        (
            b"# Feodo\r\n"
            b'"first_seen_utc","dst_ip","dst_port","c2_status","last_online","malware"\r\n'
            b'"2026-01-02 03:04:05","45.1.2.5","443","online","2026-01-02","Q"\r\n# END\r\n',
            [Entry("45.1.2.5", "botnet")],
        ),
    ],
    "threatfox": [
        (
            b'{"query_status": "ok", "data": ['
            b'{"ioc": "45.1.2.6:8443", "ioc_type": "ip:port", "threat_type": "botnet_cc"},'
            b'{"ioc": "[2a0b::1]:443", "ioc_type": "ip:port", "threat_type": "payload_delivery"},'
            b'{"ioc": "bad.example", "ioc_type": "domain", "threat_type": "botnet_cc"}]}',
            [Entry("45.1.2.6", "botnet"), Entry("2a0b::1", "attack")],
        ),
    ],
    "x4bnet_vpn": [(b"45.8.0.0/22\n", [Entry("45.8.0.0/22", "vpn")])],
    "x4bnet_datacenter": [(b"45.9.0.0/22\n", [Entry("45.9.0.0/22", "hosting")])],
    "icloud_private_relay": [
        (
            b"104.28.1.0/31,FR,FR-IDF,Paris,\n2a04:4e41:1::/64,US,US-CA,San Jose,\n",
            [Entry("104.28.1.0/31", "relay"), Entry("2a04:4e41:1::/64", "relay")],
        ),
    ],
    "aws": [
        (
            b'{"syncToken": "1", "prefixes": [{"ip_prefix": "3.5.0.0/19", "region": "us-east-1"}],'
            b' "ipv6_prefixes": [{"ipv6_prefix": "2600:1f00::/24", "region": "us-east-1"}]}',
            [Entry("3.5.0.0/19", "cloud"), Entry("2600:1f00::/24", "cloud")],
        ),
    ],
    "google_cloud": [
        (
            b'{"syncToken": "1", "prefixes": [{"ipv4Prefix": "34.1.0.0/20", "scope": "x"},'
            b' {"ipv6Prefix": "2600:1900:8000::/44"}]}',
            [Entry("34.1.0.0/20", "cloud"), Entry("2600:1900:8000::/44", "cloud")],
        ),
    ],
    "azure": [
        (
            b'{"changeNumber": 1, "values": [{"properties": {"addressPrefixes": ["20.1.0.0/16"]}},'
            b' {"properties": {"addressPrefixes": ["2603:1000::/40", "20.1.0.0/16"]}}]}',
            [Entry("20.1.0.0/16", "cloud"), Entry("2603:1000::/40", "cloud")],
        ),
    ],
    "github_meta": [
        (
            b'{"verifiable_password_authentication": false, "ssh_keys": ["ssh-rsa AAAA"],'
            b' "ssh_key_fingerprints": {"SHA256_RSA": "x"}, "domains": {"website": ["*.x.com"]},'
            b' "hooks": ["140.82.112.0/20"], "actions": ["4.148.0.0/16", "140.82.112.0/20"]}',
            [Entry("140.82.112.0/20", "cloud"), Entry("4.148.0.0/16", "cloud")],
        ),
    ],
}  # fmt: skip
CASES = [
    pytest.param(name, data, entries, id=f"{name}-{form}")
    for name, forms in FORMS.items()
    for form, (data, entries) in enumerate(forms)
]


def test_every_file_is_a_feed_of_its_own_name_with_a_form_here():
    assert [feed.name for feed in FEEDS.values()] == plugins.names(feeds) == sorted(FORMS)


@pytest.mark.parametrize("feed", FEEDS.values(), ids=FEEDS)
def test_what_a_feed_says_of_itself_makes_sense(feed):
    assert feed.url.startswith("https://")
    assert 0 <= feed.weight <= 1
    assert feed.least_interval.total_seconds() >= 3600
    assert feed.terms
    assert set(feed.categories) <= set(CATEGORIES)


def test_spamhaus_is_asked_at_most_every_twelve_hours():
    hours = {
        feed.least_interval.total_seconds() / 3600
        for name, feed in FEEDS.items()
        if name.startswith("spamhaus")
    }
    assert hours == {12}


def test_lists_that_hit_shared_addresses_weigh_little():
    assert max(FEEDS["blocklist_de"].weight, FEEDS["cins"].weight) <= 0.2


@pytest.mark.parametrize(("name", "data", "entries"), CASES)
def test_a_published_form_is_read(name, data, entries):
    assert FEEDS[name].parse(data) == entries
    assert {entry.category for entry in entries} <= set(FEEDS[name].categories)
    assert feed_list.read(FEEDS[name], data).entries == len(entries)


@pytest.mark.parametrize("feed", FEEDS.values(), ids=FEEDS)
@pytest.mark.parametrize(
    "data",
    [b"", b"<!DOCTYPE html>\n<html><body>Just a moment</body></html>", b"{}", b"[]", b"\xff\xfe1",
     b"[1]", b'{"query_status": "unknown_auth_key"}'],
)  # fmt: skip
def test_another_document_is_refused_and_the_feed_named(feed, data):
    with pytest.raises(Damaged, match=feed.name):
        feed_list.read(feed, data)


@pytest.mark.parametrize("name", ["spamhaus_drop_v4", "spamhaus_drop_v6", "spamhaus_asndrop"])
def test_a_spamhaus_list_without_its_last_line_is_cut_short(name):
    data = FORMS[name][0][0].splitlines()[0]
    with pytest.raises(Damaged, match="cut short"):
        feed_list.read(FEEDS[name], data)


def test_one_odd_line_in_hundreds_is_left_out():
    data = "".join(f"45.1.{n // 250}.{n % 250}\n" for n in range(500)) + "oops\n"
    assert feed_list.read(FEEDS["cins"], data.encode()).entries == 500


def test_more_odd_lines_than_that_refuse_the_list_with_an_example():
    data = "".join(f"45.1.2.{n}\n" for n in range(50)) + "oops\n"
    with pytest.raises(Damaged, match="1 of 51 entries are not networks, such as: 'oops'"):
        feed_list.read(FEEDS["cins"], data.encode())


def test_the_azure_file_is_found_on_its_page():
    link = "https://download.microsoft.com/download/7/1/d/71d8/ServiceTags_Public_20260105.json"
    assert FEEDS["azure"].locate(f'<a href="{link}">'.encode()) == link
    with pytest.raises(ValueError, match="no link"):
        FEEDS["azure"].locate(b"<a href='https://elsewhere.example/ServiceTags.json'>")
