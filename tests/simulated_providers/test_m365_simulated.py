"""The simulated Management Activity API: subscriptions, lists of blobs by day, blobs."""

from datetime import datetime, timedelta
from typing import Any

import mapping_check
import microsoft_sign_in
import plain_http
import pytest
from plain_http import Response
from provider_simulator.client import Simulator

TYPES = ("Audit.AzureActiveDirectory", "Audit.Exchange", "Audit.SharePoint", "Audit.General")
ORIGIN, NOW = datetime(2026, 10, 1), datetime(2026, 10, 6, 12)  # noqa: DTZ001 - UTC


class Feed:
    """A tenant's activity feed."""

    def __init__(self, simulator: Simulator, tenant: str = "acme") -> None:
        granted = microsoft_sign_in.exchange(simulator, "m365", tenant).json()
        self.headers = {"Authorization": f"Bearer {granted['access_token']}"}
        directory = simulator.credentials("m365", tenant)["tenant_id"]
        self.address = f"{simulator.address('m365', tenant)}/api/v1.0/{directory}/activity/feed"

    def ask(self, method: str, path: str, **query: Any) -> Response:
        address = f"{self.address}/subscriptions/{path}"
        return plain_http.call(method, address, None, query, self.headers)

    def blobs(self, **query: Any) -> list[dict[str, Any]]:
        page = self.ask("GET", "content", **query)
        found: list[dict[str, Any]] = page.json()
        while address := page.headers.get("NextPageUri"):
            page = plain_http.get(address, **self.headers)
            found += page.json()
        return found

    def records(self, blobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            record
            for blob in blobs
            for record in plain_http.get(blob["contentUri"], **self.headers).json()
        ]


def days(begin: datetime, end: datetime) -> list[dict[str, str]]:
    windows = []
    while begin < end:
        until = min(end, begin + timedelta(days=1))
        windows.append({"startTime": begin.isoformat(), "endTime": until.isoformat()})
        begin = until
    return windows


@pytest.fixture
def feed(simulator: Simulator) -> Feed:
    simulator.set(limits=0)
    return Feed(simulator)


class TestContent:
    @pytest.mark.parametrize("name", TYPES)
    def test_holds_exactly_what_was_published(
        self, simulator: Simulator, feed: Feed, name: str
    ) -> None:
        # The end is not part of a window; a blob may have been created this very moment.
        windows = days(ORIGIN, NOW + timedelta(seconds=1))
        blobs = [b for day in windows for b in feed.blobs(contentType=name, **day)]
        uids = mapping_check.uids("m365", mapping_check.texts(feed.records(blobs)))
        assert len(set(uids)) == len(uids) > 20
        assert set(uids) == mapping_check.true_uids(simulator, "m365", "acme", name)

    def test_is_in_no_order(self, feed: Feed) -> None:
        blobs = feed.blobs(contentType="Audit.SharePoint", **days(ORIGIN, NOW)[2])
        created = [blob["contentCreated"] for blob in blobs]
        assert len(created) > 40
        assert created != sorted(created)

    def test_turns_up_behind_what_was_listed_before(self, simulator: Simulator, feed: Feed) -> None:
        simulator.set(limits=0, events_per_day=3000, token_seconds=100_000)
        feed = Feed(simulator)
        window = {"startTime": "2026-10-06T06:00:00", "endTime": "2026-10-07T00:00:00"}
        behind = 0
        seen: dict[str, str] = {}
        for _ in range(12):
            blobs = feed.blobs(contentType="Audit.SharePoint", **window)
            new = {b["contentId"]: b["contentCreated"] for b in blobs if b["contentId"] not in seen}
            behind += sum(created < max(seen.values(), default="") for created in new.values())
            seen |= new
            simulator.set_clock(advance=600)
        assert behind > 0

    def test_without_a_window_is_of_the_last_day(self, feed: Feed) -> None:
        created = [blob["contentCreated"] for blob in feed.blobs(contentType="Audit.General")]
        assert "2026-10-05T12:00:00" <= min(created) <= max(created) < "2026-10-06T12:00:00"

    @pytest.mark.parametrize(
        "window",
        [
            {"startTime": "2026-10-04T00:00:00", "endTime": "2026-10-05T00:00:01"},
            {"startTime": "2026-09-29T10:00:00", "endTime": "2026-09-29T12:00:00"},
            {"startTime": "2026-10-05T00:00:00"},
            {"startTime": "yesterday", "endTime": "today"},
        ],
    )
    def test_of_a_wrong_window_is_refused(self, feed: Feed, window: dict[str, str]) -> None:
        refused = feed.ask("GET", "content", contentType="Audit.General", **window)
        assert (refused.status, refused.json()["error"]["code"]) == (400, "AF20030")

    def test_older_than_a_week_is_gone(self, simulator: Simulator, feed: Feed) -> None:
        (blob, *_) = feed.blobs(contentType="Audit.General", **days(ORIGIN, NOW)[1])
        simulator.set_clock("2026-10-10T00:00:00Z")
        later = Feed(simulator)
        refused = plain_http.get(blob["contentUri"], **later.headers)
        assert refused.json()["error"]["code"] == "AF20051"


class TestSubscriptions:
    def test_content_is_there_once_there_is_one(self, simulator: Simulator) -> None:
        simulator.set(limits=0, events_per_day=3000)
        feed = Feed(simulator, "new-company")
        assert feed.ask("GET", "list").json() == []
        refused = feed.ask("GET", "content", contentType="Audit.General")
        assert refused.json()["error"]["code"] == "AF20022"
        assert feed.ask("POST", "start", contentType="Audit.General").status == 200
        assert feed.blobs(contentType="Audit.General") == []
        simulator.set_clock(advance=3000)
        created = [blob["contentCreated"] for blob in feed.blobs(contentType="Audit.General")]
        assert created
        assert min(created) >= "2026-10-06T12:00:00"
        assert feed.ask("GET", "list").json()[0]["contentType"] == "Audit.General"

    def test_one_is_not_started_twice(self, feed: Feed) -> None:
        refused = feed.ask("POST", "start", contentType="Audit.Exchange")
        assert (refused.status, refused.json()["error"]["code"]) == (400, "AF20024")

    def test_one_can_be_stopped(self, feed: Feed) -> None:
        assert feed.ask("POST", "stop", contentType="Audit.Exchange").status == 204
        refused = feed.ask("GET", "content", contentType="Audit.Exchange")
        assert refused.json()["error"]["code"] == "AF20022"

    def test_there_is_none_of_an_unknown_type(self, feed: Feed) -> None:
        refused = feed.ask("POST", "start", contentType="Audit.Nonsense")
        assert refused.json()["error"]["code"] == "AF20020"


def test_too_many_calls_are_refused(simulator: Simulator, feed: Feed) -> None:
    simulator.set(limits=1 / 2000)
    feed.ask("GET", "list")
    refused = feed.ask("GET", "list")
    assert (refused.status, refused.json()["error"]["code"]) == (429, "AF429")


def test_a_next_page_that_was_made_up_is_refused(feed: Feed) -> None:
    refused = feed.ask("GET", "content", contentType="Audit.General", nextPage="made-up")
    assert (refused.status, refused.json()["error"]["code"]) == (400, "AF20031")
