"""The simulated Box: two grants, the history in order, the stream at least once."""

from collections import Counter
from typing import Any

import jwt
import mapping_check
import plain_http
import pytest
from plain_http import Response
from provider_simulator.client import Simulator

SECONDS_AT_NOON = 1_791_288_000  # 2026-10-06T12:00:00Z


def by_assertion(simulator: Simulator, **changed: Any) -> Response:
    found = simulator.credentials("box", "acme")
    claims = {
        "iss": found["client_id"],
        "sub": found["enterprise_id"],
        "box_sub_type": "enterprise",
        "aud": found["token_url"],
        "jti": "once",
        "exp": SECONDS_AT_NOON + 45,
    } | changed
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "client_id": found["client_id"],
        "client_secret": found["client_secret"],
        "assertion": jwt.encode(claims, found["private_key"], "RS256"),
    }
    return plain_http.post_form(found["token_url"], form)


def by_secret(simulator: Simulator, **changed: Any) -> Response:
    found = simulator.credentials("box", "acme")
    form = {
        "grant_type": "client_credentials",
        "client_id": found["client_id"],
        "client_secret": found["client_secret"],
        "box_subject_type": "enterprise",
        "box_subject_id": found["enterprise_id"],
    } | changed
    return plain_http.post_form(found["token_url"], form)


def read(simulator: Simulator, stream_type: str, **query: Any) -> Response:
    token = by_secret(simulator).json()["access_token"]
    address = f"{simulator.address('box', 'acme')}/2.0/events"
    query = {"stream_type": stream_type} | query
    return plain_http.get(address, query, Authorization=f"Bearer {token}")


def walk(simulator: Simulator, stream_type: str, **query: Any) -> list[dict[str, Any]]:
    page = read(simulator, stream_type, **query).json()
    events: list[dict[str, Any]] = page["entries"]
    while page["chunk_size"]:
        position = page["next_stream_position"]
        page = read(simulator, stream_type, **query, stream_position=position).json()
        events += page["entries"]
    return events


class TestSignIn:
    def test_either_grant_buys_an_hour(self, simulator: Simulator) -> None:
        for granted in (by_assertion(simulator), by_secret(simulator)):
            assert (granted.status, granted.json()["expires_in"]) == (200, 3600)

    def test_an_assertion_lives_a_minute_at_most(self, simulator: Simulator) -> None:
        assert by_assertion(simulator, exp=SECONDS_AT_NOON + 1000).status == 400

    def test_a_wrong_enterprise_is_refused(self, simulator: Simulator) -> None:
        assert by_secret(simulator, box_subject_id="1").json()["error"] == "invalid_grant"


class TestHistory:
    def test_holds_exactly_what_was_published_in_order(self, simulator: Simulator) -> None:
        events = walk(simulator, "admin_logs", limit=97)
        dates = [event["created_at"] for event in events]
        assert dates == sorted(dates)
        uids = mapping_check.uids("box", mapping_check.texts(events))
        assert len(set(uids)) == len(uids) > 1000
        assert set(uids) == mapping_check.true_uids(simulator, "box", "acme")

    def test_keeps_to_a_window(self, simulator: Simulator) -> None:
        window = {"created_after": "2026-10-02T00:00:00Z", "created_before": "2026-10-03T00:00:00Z"}
        events = walk(simulator, "admin_logs", limit=500, **window)
        truth = simulator.truth("box", "acme")
        assert len(events) == sum(event["time"].startswith("2026-10-02") for event in truth) > 0

    def test_misses_behind_its_position_what_comes_late(self, simulator: Simulator) -> None:
        position = read(simulator, "admin_logs", limit=500).json()["next_stream_position"]
        while page := read(simulator, "admin_logs", limit=500, stream_position=position).json():
            position = page["next_stream_position"]
            if not page["chunk_size"]:
                break
        seen = mapping_check.true_uids(simulator, "box", "acme")
        simulator.set_clock(advance=7200)
        rest = read(simulator, "admin_logs", limit=500, stream_position=position).json()["entries"]
        missed = mapping_check.true_uids(simulator, "box", "acme") - seen
        missed -= {event["event_id"] for event in rest}
        assert missed


class TestStream:
    def test_holds_everything_at_least_once(self, simulator: Simulator) -> None:
        events = walk(simulator, "admin_logs_streaming", limit=97)
        counts = Counter(event["event_id"] for event in events)
        assert set(counts) == mapping_check.true_uids(simulator, "box", "acme")
        assert max(counts.values()) == 2

    def test_goes_on_with_what_comes_late(self, simulator: Simulator) -> None:
        page = read(simulator, "admin_logs_streaming", stream_position="now").json()
        assert page["chunk_size"] == 0
        before = mapping_check.true_uids(simulator, "box", "acme")
        simulator.set_clock(advance=3000)
        position = page["next_stream_position"]
        page = read(simulator, "admin_logs_streaming", stream_position=position, limit=500).json()
        found = {event["event_id"] for event in page["entries"]}
        assert found == mapping_check.true_uids(simulator, "box", "acme") - before

    def test_keeps_two_weeks(self, simulator: Simulator) -> None:
        simulator.set_clock("2026-10-20T00:00:00Z")
        first = read(simulator, "admin_logs_streaming", limit=1).json()["entries"][0]["event_id"]
        truth = {event["uid"]: event["published"] for event in simulator.truth("box", "acme")}
        assert truth[first] >= "2026-10-06"


class TestRefusals:
    @pytest.mark.parametrize("query", [{"limit": 501}, {"stream_position": "12"}])
    def test_what_is_not_allowed(self, simulator: Simulator, query: dict[str, Any]) -> None:
        assert read(simulator, "admin_logs", **query).json()["code"] == "bad_request"

    def test_a_call_too_many(self, simulator: Simulator) -> None:
        simulator.set(limits=1 / 1000)
        read(simulator, "admin_logs", limit=1)
        refused = read(simulator, "admin_logs", limit=1)
        assert (refused.status, refused.headers["Retry-After"]) == (429, "60")
