"""The simulated Dropbox: a token that is refreshed, cursors that last and may be reset."""

from datetime import datetime, timedelta
from typing import Any

import mapping_check
import plain_http
import pytest
from plain_http import Response
from provider_simulator.client import Simulator


def refresh(simulator: Simulator, **changed: Any) -> Response:
    found = simulator.credentials("dropbox", "acme")
    form = {
        "grant_type": "refresh_token",
        "refresh_token": found["refresh_token"],
        "client_id": found["client_id"],
        "client_secret": found["client_secret"],
    } | changed
    return plain_http.post_form(found["token_url"], form)


@pytest.fixture
def token(simulator: Simulator) -> str:
    granted: str = refresh(simulator).json()["access_token"]
    return granted


def ask(simulator: Simulator, token: str, path: str, body: dict[str, Any]) -> Response:
    address = f"{simulator.address('dropbox', 'acme')}/2/team_log/{path}"
    return plain_http.post_json(address, body, Authorization=f"Bearer {token}")


def walk(simulator: Simulator, token: str, **asked: Any) -> tuple[list[dict[str, Any]], str]:
    page = ask(simulator, token, "get_events", asked).json()
    events: list[dict[str, Any]] = page["events"]
    while page["has_more"]:
        page = ask(simulator, token, "get_events/continue", {"cursor": page["cursor"]}).json()
        events += page["events"]
    return events, page["cursor"]


class TestSignIn:
    def test_a_token_lives_four_hours(self, simulator: Simulator, token: str) -> None:
        simulator.set_clock(advance=14_399)
        assert ask(simulator, token, "get_events", {}).status == 200
        simulator.set_clock(advance=1)
        refused = ask(simulator, token, "get_events", {})
        assert (refused.status, refused.json()["error"][".tag"]) == (401, "expired_access_token")

    @pytest.mark.parametrize("name", ["refresh_token", "client_secret", "grant_type"])
    def test_what_is_wrong_is_refused(self, simulator: Simulator, name: str) -> None:
        assert refresh(simulator, **{name: "wrong"}).status == 400


class TestPages:
    def test_hold_exactly_what_was_published_in_no_order(
        self, simulator: Simulator, token: str
    ) -> None:
        events, _ = walk(simulator, token, limit=97)
        times = [event["timestamp"] for event in events]
        assert times != sorted(times)
        uids = mapping_check.uids("dropbox", mapping_check.texts(events))
        assert len(set(uids)) == len(uids) > 1000
        assert set(uids) == mapping_check.true_uids(simulator, "dropbox", "acme")

    def test_keep_to_a_window(self, simulator: Simulator, token: str) -> None:
        window = {"start_time": "2026-10-02T00:00:00Z", "end_time": "2026-10-03T00:00:00Z"}
        events, _ = walk(simulator, token, time=window)
        truth = simulator.truth("dropbox", "acme")
        assert len(events) == sum(event["time"].startswith("2026-10-02") for event in truth) > 0

    def test_go_on_later_from_the_last_cursor(self, simulator: Simulator, token: str) -> None:
        before, cursor = walk(simulator, token)
        simulator.set_clock(advance=7200)
        page = ask(simulator, token, "get_events/continue", {"cursor": cursor}).json()
        assert page["events"]
        uids = mapping_check.uids("dropbox", mapping_check.texts(before + page["events"]))
        assert len(set(uids)) == len(uids)
        assert set(uids) == mapping_check.true_uids(simulator, "dropbox", "acme")


class TestCursor:
    def test_one_that_is_reset_says_where_to_go_on(self, simulator: Simulator, token: str) -> None:
        events, cursor = walk(simulator, token)
        simulator.fault("expired_cursor", provider="dropbox", count=1)
        simulator.set_clock(advance=3600)
        refused = ask(simulator, token, "get_events/continue", {"cursor": cursor})
        assert (refused.status, refused.json()["error"][".tag"]) == (409, "reset")
        reset = datetime.fromisoformat(refused.json()["error"]["reset"])
        # It is about the last event, and those that are late lie before it.
        start = (reset - timedelta(hours=6)).isoformat()
        again, _ = walk(simulator, token, time={"start_time": start})
        uids = mapping_check.uids("dropbox", mapping_check.texts(events + again))
        assert set(uids) == mapping_check.true_uids(simulator, "dropbox", "acme")

    def test_one_that_was_made_up_is_bad(self, simulator: Simulator, token: str) -> None:
        refused = ask(simulator, token, "get_events/continue", {"cursor": "made-up"})
        assert (refused.status, refused.json()["error"][".tag"]) == (409, "bad_cursor")


def test_a_call_too_many_is_told_when_to_come_back(simulator: Simulator, token: str) -> None:
    simulator.set(limits=1 / 600)
    ask(simulator, token, "get_events", {"limit": 1})
    refused = ask(simulator, token, "get_events", {"limit": 1})
    assert (refused.status, refused.headers["Retry-After"]) == (429, "60")
    assert refused.json()["error"]["retry_after"] == 60
