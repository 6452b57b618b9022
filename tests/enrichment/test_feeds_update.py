"""Bringing feeds over real HTTP: what is asked for, and what is swapped in."""

import dataclasses
from datetime import timedelta

import pytest
from feeds_keeper import NOW, addresses, hits, ok

from conf.errors import UsageError
from enrichment import feed_store, feeds_update
from enrichment.feed import known


def test_a_list_is_brought_and_its_hits_say_when(keeper, settings, update):
    keeper.says("/cins", ok(addresses(5)))
    result = update("cins")
    assert (result.status, result.entries, result.as_of) == ("updated", 5, NOW)
    assert hits(settings, "45.1.0.3") == {"cins": NOW}
    assert hits(settings, "45.1.9.9") == {}


def test_every_feed_is_asked_when_none_is_named(keeper, settings, feeds):
    for name in feeds:
        keeper.says(f"/{name}", (404, b"", {}))
    results = feeds_update.update(settings, now=NOW, feeds=feeds)
    assert [result.name for result in results] == sorted(known())
    assert {result.status for result in results} == {"failed", "no_key"}


def test_a_name_that_is_no_feed_is_refused_before_anything_is_asked(keeper, settings, feeds):
    with pytest.raises(UsageError, match=r"'tor'.*tor_exits"):
        feeds_update.update(settings, ["cins", "tor"], now=NOW, feeds=feeds)
    assert keeper.asked == []


def test_a_keeper_is_not_asked_again_within_the_least_interval(keeper, update):
    keeper.says("/spamhaus_drop_v4", ok('{"cidr": "5.188.9.0/24"}\n{"type": "metadata"}\n'))
    assert update("spamhaus_drop_v4").status == "updated"
    assert update("spamhaus_drop_v4", NOW + timedelta(hours=11, minutes=59)).status == "too_soon"
    assert update("spamhaus_drop_v4", NOW + timedelta(hours=1), force=True).status == "too_soon"
    assert len(keeper.asked) == 1
    assert update("spamhaus_drop_v4", NOW + timedelta(hours=12)).status == "updated"


def test_a_list_that_did_not_change_is_not_sent_again(keeper, settings, update):
    keeper.says(
        "/cins", ok(addresses(5), ETag='"v1"', Last_Modified="Wed, 04 Mar 2026 11:00:00 GMT")
    )
    update("cins")
    later = NOW + timedelta(days=1)
    result = update("cins", later)
    assert (result.status, result.entries, result.as_of) == ("unchanged", 5, NOW)
    headers = keeper.asked[1][2]
    assert headers["If-None-Match"] == '"v1"'
    assert headers["If-Modified-Since"] == "Wed, 04 Mar 2026 11:00:00 GMT"
    assert hits(settings, "45.1.0.3") == {"cins": NOW}
    assert update("cins", later + timedelta(hours=1)).status == "too_soon"


def test_a_forced_update_has_the_list_sent_again(keeper, update):
    keeper.says("/cins", ok(addresses(5), ETag='"v1"'))
    update("cins")
    assert update("cins", NOW + timedelta(days=1), force=True).status == "updated"
    assert "If-None-Match" not in keeper.asked[1][2]


def test_a_list_that_shrank_by_half_is_accepted_when_forced(keeper, update):
    keeper.says("/cins", ok(addresses(10)), ok(addresses(4)))
    update("cins")
    assert update("cins", NOW + timedelta(days=1), force=True).entries == 4


def test_a_list_that_grew_or_shrank_a_little_is_accepted(keeper, update):
    keeper.says("/cins", ok(addresses(10)), ok(addresses(5)), ok(addresses(500)))
    statuses = [update("cins", NOW + timedelta(days=day)).status for day in range(3)]
    assert statuses == ["updated"] * 3


def test_a_list_that_is_linked_from_a_page_is_found(keeper, settings, feeds):
    feeds["azure"] = dataclasses.replace(
        feeds["azure"], locate=lambda page: keeper.url + page.decode()
    )
    keeper.says("/azure", ok("/ServiceTags.json"))
    keeper.says(
        "/ServiceTags.json",
        ok('{"values": [{"properties": {"addressPrefixes": ["20.1.0.0/16"]}}]}'),
    )
    (result,) = feeds_update.update(settings, ["azure"], now=NOW, feeds=feeds)
    assert result.status == "updated"
    assert hits(settings, "20.1.2.3") == {"azure": NOW}


def test_progress_tells_how_much_of_which_list_has_come(keeper, update):
    told = []
    text = addresses(20_000)
    keeper.says("/cins", ok(text))
    update("cins", progress=lambda *what: told.append(what))
    assert told[-1] == ("cins", len(text), len(text))
    assert len(told) > 1


def test_only_the_list_in_use_and_the_one_before_are_kept(keeper, settings, update):
    keeper.says("/cins", *(ok(addresses(5, first)) for first in range(4)))
    for day in range(4):
        update("cins", NOW + timedelta(days=day))
    assert len(list(feed_store.folder(settings).glob("cins.*.list"))) == 2
    assert hits(settings, "45.1.0.7") == {"cins": NOW + timedelta(days=3)}


def test_what_a_killed_update_left_behind_is_swept_by_the_next(keeper, settings, update):
    folder = feed_store.folder(settings)
    folder.mkdir(parents=True)
    for name in (".cins.0123.list.abcd", ".cins.json.abcd", ".aws.json.abcd"):
        (folder / name).write_bytes(b"half a li")
    keeper.says("/cins", ok(addresses(5)))
    update("cins")
    assert [path.name for path in folder.glob(".*")] == [".aws.json.abcd"]
