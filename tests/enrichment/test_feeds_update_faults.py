"""Bringing feeds when something goes wrong: the former list stays, and no key is told."""

import dataclasses
import re
from datetime import timedelta

import pytest
from feeds_keeper import NOW, addresses, hits, ok
from pydantic import SecretStr

from enrichment import feed_download, feed_store, feeds_update

KEY = "s3cret-key-0123"


def test_one_feed_that_fails_is_named_and_does_not_stop_the_others(keeper, settings, feeds):
    keeper.says("/blocklist_de", (500, b"", {}))
    keeper.says("/cins", ok(addresses(5)))
    failed, brought = feeds_update.update(settings, ["cins", "blocklist_de"], now=NOW, feeds=feeds)
    assert (failed.name, failed.status) == ("blocklist_de", "failed")
    assert "status 500" in failed.detail
    assert (brought.name, brought.status) == ("cins", "updated")


def test_a_list_damaged_on_disk_is_sent_again(keeper, settings, update):
    keeper.says("/cins", ok(addresses(5), ETag='"v1"'))
    update("cins")
    (path,) = feed_store.folder(settings).glob("cins.*.list")
    path.write_bytes(b"45.1")
    assert update("cins", NOW + timedelta(days=1)).status == "updated"
    assert hits(settings, "45.1.0.3") == {"cins": NOW + timedelta(days=1)}


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (ok("<html><body>Just a moment...</body></html>"), "not networks"),
        (ok(""), "empty"),
        (ok(addresses(4)), "less than half of the former 10.*--force"),
        ((503, b"", {}), "status 503"),
        ((429, b"", {"Retry-After": "3600"}), "status 429"),
        ((200, addresses(9).encode(), {"Content-Length": "100000"}), "could not be read"),
        ((304, b"", {}), "status 304"),
        ((302, b"", {"Location": "/cins"}), "could not be read"),
    ],
)
def test_whatever_goes_wrong_the_former_list_stays_in_use(
    keeper, settings, update, monkeypatch, answer, why
):
    monkeypatch.setattr(feed_download, "PAUSE", 0)
    keeper.says("/cins", ok(addresses(10)), answer)
    update("cins")
    result = update("cins", NOW + timedelta(days=1))
    assert (result.status, result.entries, result.as_of) == ("failed", 10, NOW)
    assert re.search(why, result.detail), result.detail
    assert "cins" in result.detail
    assert hits(settings, "45.1.0.9") == {"cins": NOW}


def test_a_keeper_that_cannot_be_reached_is_named(settings, feeds, monkeypatch):
    monkeypatch.setattr(feed_download, "PAUSE", 0)
    feeds["cins"] = dataclasses.replace(feeds["cins"], url="http://127.0.0.1:9/cins")
    (result,) = feeds_update.update(settings, ["cins"], now=NOW, feeds=feeds)
    assert result.status == "failed"
    assert "feed cins: http://127.0.0.1:9/cins could not be read" in result.detail


def test_a_passing_fault_is_tried_again(keeper, update, monkeypatch):
    monkeypatch.setattr(feed_download, "PAUSE", 0)
    keeper.says("/cins", (503, b"", {}), ok(addresses(5)))
    assert update("cins").status == "updated"


def test_a_feed_that_needs_a_key_is_not_asked_without_one(keeper, update):
    result = update("threatfox")
    assert result.status == "no_key"
    assert "ANTIPODE_THREATFOX_KEY" in result.detail
    assert keeper.asked == []


def test_the_key_goes_into_its_header_and_nowhere_else(keeper, settings, feeds):
    indicator = '{"ioc": "45.1.2.6:8443", "ioc_type": "ip:port", "threat_type": "botnet_cc"}'
    keeper.says("/threatfox", ok(f'{{"query_status": "ok", "data": [{indicator}]}}'))
    with_key = settings.model_copy(update={"threatfox_key": SecretStr(KEY)})
    (result,) = feeds_update.update(with_key, ["threatfox"], now=NOW, feeds=feeds)
    assert result.status == "updated"
    method, path, headers, body = keeper.asked[0]
    assert (method, path, headers["Auth-Key"]) == ("POST", "/threatfox", KEY)
    assert b"get_iocs" in body
    kept = [path.read_bytes() for path in feed_store.folder(settings).iterdir()]
    assert not any(KEY.encode() in content for content in kept)


@pytest.mark.parametrize(
    "answer",
    [
        ok(f'{{"query_status": "unknown_auth_key {KEY}"}}'),
        ok(f'{{"{KEY}": 1}}'),
        (403, KEY.encode(), {}),
        (302, b"", {"Location": f"/elsewhere?key={KEY}"}),
    ],
)
def test_the_key_is_never_told_even_if_the_keeper_repeats_it(
    keeper, settings, update, caplog, answer
):
    keeper.says("/threatfox", answer)
    keeper.says("/elsewhere", ok("{}"))
    with caplog.at_level("DEBUG"):
        result = update("threatfox", keys={"threatfox": KEY})
    assert result.status == "failed"
    assert KEY not in repr(result)
    assert KEY not in caplog.text
    assert [path for _, path, *_ in keeper.asked] == ["/threatfox"]


def test_a_page_that_links_to_nothing_is_named(keeper, update):
    keeper.says("/azure", ok("<html>We moved</html>"))
    result = update("azure")
    assert result.status == "failed"
    assert "holds no link" in result.detail


def test_a_list_without_end_is_not_read_to_its_end(keeper, update, monkeypatch):
    monkeypatch.setattr(feed_download, "LONGEST", 1000)
    keeper.says("/cins", ok(addresses(20_000)))
    result = update("cins")
    assert result.status == "failed"
    assert "not a list" in result.detail


@pytest.mark.parametrize("step", range(2))
def test_an_update_that_dies_half_way_leaves_the_former_list(
    keeper, settings, update, monkeypatch, step
):
    keeper.says("/cins", ok(addresses(5)), ok(addresses(6)))
    update("cins")
    done = []
    replace = feed_store.replace

    def dies(path, content):
        if len(done) == step:
            raise KeyboardInterrupt
        done.append(path)
        replace(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(feed_store, "replace", dies)
        with pytest.raises(KeyboardInterrupt):
            update("cins", NOW + timedelta(days=1))
    assert hits(settings, "45.1.0.5") == {"cins": NOW}
    assert update("cins", NOW + timedelta(days=1)).entries == 6


def test_a_full_disk_leaves_the_former_list(keeper, settings, update, monkeypatch):
    keeper.says("/cins", ok(addresses(5)), ok(addresses(6)))
    update("cins")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(feed_store.os, "fsync", full)
        result = update("cins", NOW + timedelta(days=1))
    assert result.status == "failed"
    assert "No space left" in result.detail
    assert hits(settings, "45.1.0.5") == {"cins": NOW}
    assert not list(feed_store.folder(settings).glob(".*"))
