"""What the lists say of an address: each hit names its list and when that was brought."""

import multiprocessing
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from conf.errors import Damaged
from conf.settings import Settings
from enrichment import feed_store, reputation
from enrichment.feed_store import Kept
from schemas.event import EVENT

AS_OF = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path)


def bring(settings, name, text, as_of=AS_OF):
    kept = Kept(
        file="", sha256="", url="https://feed.example/", as_of=as_of, checked=as_of, entries=1
    )
    return feed_store.swap(feed_store.folder(settings), name, text.encode(), kept)


def hits(table):
    return [
        [(hit["list"], hit["category"]) for hit in row] for row in table["reputation"].to_pylist()
    ]


def test_without_any_list_every_address_has_an_empty_one(settings):
    lookup = reputation.open(settings)
    table = lookup(["5.6.7.8", "2606:4700::1"], pa.chunked_array([pa.array([64500, None])]))
    assert table.schema == pa.schema([("reputation", EVENT.field("reputation").type)])
    assert table["reputation"].to_pylist() == [[], []]
    assert lookup.kinds(["5.6.7.8"]).to_pylist() == [None]
    assert lookup.build == "none"


def test_no_addresses_give_no_rows(settings):
    bring(settings, "cins", "45.1.2.3\n")
    assert reputation.open(settings)([]).num_rows == 0


def test_a_hit_says_which_list_its_category_its_weight_and_when_it_was_brought(settings):
    bring(settings, "cins", "45.1.2.3\n")
    assert reputation.open(settings)(["45.1.2.3"])["reputation"].to_pylist() == [
        [{"list": "cins", "category": "attack", "weight": 0.2, "as_of": AS_OF}]
    ]


def test_rows_stay_in_order_and_an_address_may_be_on_several_lists(settings):
    bring(settings, "cins", "45.1.2.3\n45.1.2.9\n")
    bring(settings, "tor_exits", "45.1.2.3\n2a0b::7\n")
    found = hits(reputation.open(settings)(["9.9.9.9", "45.1.2.3", "2a0b::7", "45.1.2.9"]))
    assert found == [
        [],
        [("cins", "attack"), ("tor_exits", "tor")],
        [("tor_exits", "tor")],
        [("cins", "attack")],
    ]


def test_an_address_inside_overlapping_blocks_of_one_list_hits_it_once(settings):
    bring(settings, "x4bnet_vpn", "45.8.0.0/16\n45.8.1.0/24\n45.8.1.2/32\n")
    assert hits(reputation.open(settings)(["45.8.1.2"])) == [[("x4bnet_vpn", "vpn")]]


def test_a_list_of_autonomous_systems_is_asked_by_number(settings):
    bring(settings, "spamhaus_asndrop", '{"asn": 64500}\n{"type": "metadata"}\n')
    numbers = pa.chunked_array([pa.array([64500, 64501, None, 0], type=pa.int64())])
    addresses = ["45.1.2.3", "45.1.2.4", "45.1.2.5", "45.1.2.6"]
    lookup = reputation.open(settings)
    assert hits(lookup(addresses, numbers)) == [[("spamhaus_asndrop", "drop")], [], [], []]
    assert hits(lookup(addresses)) == [[], [], [], []]


def test_what_is_no_address_hits_nothing(settings):
    bring(settings, "x4bnet_vpn", "0.0.0.0/8\n")
    assert hits(reputation.open(settings)(["s3.amazonaws.com", "", "0.0.0.1"])) == [
        [],
        [],
        [("x4bnet_vpn", "vpn")],
    ]


def test_the_kind_of_network_is_told_by_the_surest_list(settings):
    bring(settings, "x4bnet_datacenter", "104.28.0.0/16\n45.8.0.0/16\n45.9.0.0/16\n")
    bring(settings, "icloud_private_relay", "104.28.1.0/31,FR,FR-IDF,Paris,\n")
    bring(settings, "x4bnet_vpn", "45.8.0.0/16\n104.28.1.0/24\n")
    bring(settings, "tor_exits", "46.1.1.1\n")
    bring(settings, "cins", "47.1.1.1\n")
    addresses = ["104.28.1.1", "104.28.1.9", "45.9.1.1", "46.1.1.1", "47.1.1.1", "9.9.9.9"]
    assert reputation.open(settings).kinds(addresses).to_pylist() == [
        "relay",
        "vpn",
        "hosting",
        "vpn",
        None,
        None,
    ]


def test_the_build_names_the_lists_in_use(settings):
    bring(settings, "tor_exits", "45.1.2.3\n")
    bring(settings, "cins", "45.1.2.3\n")
    build = reputation.open(settings).build
    assert build == "cins 2026-03-04T05:06Z, tor_exits 2026-03-04T05:06Z"


def test_a_list_that_no_feed_reads_any_more_is_left_alone(settings):
    bring(settings, "given_up", "45.1.2.3\n")
    assert hits(reputation.open(settings)(["45.1.2.3"])) == [[]]


def test_a_list_damaged_on_disk_is_named_with_the_remedy(settings):
    kept = bring(settings, "cins", "45.1.2.3\n45.1.2.4\n")
    path = feed_store.folder(settings) / kept.file
    path.write_bytes(path.read_bytes()[:9])
    with pytest.raises(Damaged, match=rf"{kept.file}.*antipode feeds update --force"):
        reputation.open(settings)(["45.1.2.3"])


def test_a_damaged_sidecar_is_named_with_the_remedy(settings):
    bring(settings, "cins", "45.1.2.3\n")
    (feed_store.folder(settings) / "cins.json").write_text("{")
    with pytest.raises(Damaged, match=r"cins\.json.*antipode feeds update"):
        reputation.open(settings)(["45.1.2.3"])


def test_a_look_up_works_in_another_process(settings):
    bring(settings, "cins", "45.1.2.3\n")
    lookup = reputation.open(settings)
    lookup(["45.1.2.3"])
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.apply(lookup.kinds, (["45.1.2.3"],)).to_pylist() == [None]
        assert hits(pool.apply(lookup, (["45.1.2.3"],))) == [[("cins", "attack")]]
