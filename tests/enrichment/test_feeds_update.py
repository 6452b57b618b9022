"""Bringing feeds over real HTTP: what is swapped in, what is left, what is never told."""

import dataclasses
import re
import threading
from collections import deque
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from conf.errors import UsageError
from conf.settings import Settings
from enrichment import feed_download, feed_store, feeds_update, reputation
from enrichment.feed import known

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
KEY = "s3cret-key-0123"


class Keeper(ThreadingHTTPServer):
    """Whoever publishes lists: answers as told, and remembers what it was asked."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = {}  # path -> answers, the last one for good
        self.asked = []  # (method, path, headers, body)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}"

    def says(self, path, *answers):
        self.answers[path] = deque(answers)


class Handler(BaseHTTPRequestHandler):
    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, dict(self.headers), body))
        left = self.server.answers[self.path]
        status, data, headers = left.popleft() if len(left) > 1 else left[0]
        etag = headers.get("ETag")
        if etag and self.headers.get("If-None-Match") == etag:
            status, data = 304, b""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(data)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = answer  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_):
        """Keep the tests quiet."""


def ok(text, **headers):
    return 200, text.encode(), {name.replace("_", "-"): value for name, value in headers.items()}


def addresses(count, first=1):
    return "".join(f"45.1.{n // 200}.{n % 200}\n" for n in range(first, first + count))


@pytest.fixture
def keeper():
    with Keeper() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def feeds(keeper):
    """All feeds, each at a path of the keeper that bears its name."""
    return {
        name: dataclasses.replace(feed, url=f"{keeper.url}/{name}")
        for name, feed in known().items()
    }


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path)


@pytest.fixture
def update(settings, feeds):
    """Update one feed and return what became of it."""

    def one(name, now=NOW, **more):
        (result,) = feeds_update.update(settings, [name], now=now, feeds=feeds, **more)
        return result

    return one


def hits(settings, address):
    (row,) = reputation.open(settings)([address])["reputation"].to_pylist()
    return {hit["list"]: hit["as_of"] for hit in row}


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


def test_one_feed_that_fails_is_named_and_does_not_stop_the_others(keeper, settings, feeds):
    keeper.says("/blocklist_de", (500, b"", {}))
    keeper.says("/cins", ok(addresses(5)))
    failed, brought = feeds_update.update(settings, ["cins", "blocklist_de"], now=NOW, feeds=feeds)
    assert (failed.name, failed.status) == ("blocklist_de", "failed")
    assert "status 500" in failed.detail
    assert (brought.name, brought.status) == ("cins", "updated")


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


def test_a_list_that_shrank_by_half_is_accepted_when_forced(keeper, update):
    keeper.says("/cins", ok(addresses(10)), ok(addresses(4)))
    update("cins")
    assert update("cins", NOW + timedelta(days=1), force=True).entries == 4


def test_a_list_that_grew_or_shrank_a_little_is_accepted(keeper, update):
    keeper.says("/cins", ok(addresses(10)), ok(addresses(5)), ok(addresses(500)))
    statuses = [update("cins", NOW + timedelta(days=day)).status for day in range(3)]
    assert statuses == ["updated"] * 3


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
    assert keeper.asked == []


def test_the_key_goes_into_its_header_and_nowhere_else(keeper, settings, update):
    indicator = '{"ioc": "45.1.2.6:8443", "ioc_type": "ip:port", "threat_type": "botnet_cc"}'
    keeper.says("/threatfox", ok(f'{{"query_status": "ok", "data": [{indicator}]}}'))
    assert update("threatfox", keys={"threatfox": KEY}).status == "updated"
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


def test_a_page_that_links_to_nothing_is_named(keeper, update):
    keeper.says("/azure", ok("<html>We moved</html>"))
    result = update("azure")
    assert result.status == "failed"
    assert "holds no link" in result.detail


def test_progress_tells_how_much_of_which_list_has_come(keeper, update):
    told = []
    text = addresses(20_000)
    keeper.says("/cins", ok(text))
    update("cins", progress=lambda *what: told.append(what))
    assert told[-1] == ("cins", len(text), len(text))
    assert len(told) > 1


def test_a_list_without_end_is_not_read_to_its_end(keeper, update, monkeypatch):
    monkeypatch.setattr(feed_download, "LONGEST", 1000)
    keeper.says("/cins", ok(addresses(20_000)))
    result = update("cins")
    assert result.status == "failed"
    assert "not a list" in result.detail


def test_only_the_list_in_use_and_the_one_before_are_kept(keeper, settings, update):
    keeper.says("/cins", *(ok(addresses(5, first)) for first in range(4)))
    for day in range(4):
        update("cins", NOW + timedelta(days=day))
    assert len(list(feed_store.folder(settings).glob("cins.*.list"))) == 2
    assert hits(settings, "45.1.0.7") == {"cins": NOW + timedelta(days=3)}


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
