"""The simulated OneLogin: sign-in, pages of fifty, both orders, limits."""

import base64
from typing import Any

import mapping_check
import plain_http
from plain_http import Response
from provider_simulator.client import Simulator


def sign_in(simulator: Simulator, secret: str = "") -> Response:
    found = simulator.credentials("onelogin", "acme")
    pair = f"{found['client_id']}:{secret or found['client_secret']}"
    basic = base64.b64encode(pair.encode()).decode()
    return plain_http.post_json(
        found["token_url"],
        {"grant_type": "client_credentials"},
        Authorization=f"Basic {basic}",
    )


def read(simulator: Simulator, token: str, **query: Any) -> Response:
    address = f"{simulator.address('onelogin', 'acme')}/api/1/events"
    return plain_http.get(address, query, Authorization=f"Bearer {token}")


def walk(simulator: Simulator, **query: Any) -> list[dict[str, Any]]:
    token = sign_in(simulator).json()["access_token"]
    page = read(simulator, token, **query).json()
    events: list[dict[str, Any]] = page["data"]
    while cursor := page["pagination"]["after_cursor"]:
        page = read(simulator, token, after_cursor=cursor, **query).json()
        events += page["data"]
    return events


class TestSignIn:
    def test_the_wrong_secret_is_refused(self, simulator: Simulator) -> None:
        answer = sign_in(simulator, "wrong")
        assert (answer.status, answer.json()["status"]["code"]) == (401, 401)

    def test_a_token_ends_after_ten_hours(self, simulator: Simulator) -> None:
        granted = sign_in(simulator).json()
        assert granted["expires_in"] == 36_000
        simulator.set_clock(advance=35_999)
        assert read(simulator, granted["access_token"]).status == 200
        simulator.set_clock(advance=1)
        assert read(simulator, granted["access_token"]).status == 401


class TestPages:
    def test_hold_exactly_what_was_published(self, simulator: Simulator) -> None:
        events = walk(simulator)
        uids = mapping_check.uids("onelogin", mapping_check.texts(events))
        assert len(set(uids)) == len(uids) > 1000
        assert set(uids) == mapping_check.true_uids(simulator, "onelogin", "acme")

    def test_hold_fifty_events_however_many_are_asked_for(self, simulator: Simulator) -> None:
        token = sign_in(simulator).json()["access_token"]
        assert len(read(simulator, token, limit=1000).json()["data"]) == 50

    def test_keep_to_the_window_in_either_order(self, simulator: Simulator) -> None:
        window = {"since": "2026-10-02T00:00:00Z", "until": "2026-10-03T00:00:00Z"}
        up, down = (walk(simulator, **window, sort=sort) for sort in ("+id", "-id"))
        assert up
        assert up == down[::-1]
        assert all(window["since"] <= event["created_at"] < window["until"] for event in up)


def test_limits_tell_the_seconds_to_their_reset(simulator: Simulator) -> None:
    token = sign_in(simulator).json()["access_token"]
    simulator.set(limits=1 / 5000)
    assert read(simulator, token).headers["X-RateLimit-Remaining"] == "0"
    simulator.set_clock(advance=600)
    refused = read(simulator, token)
    assert (refused.status, refused.headers["X-RateLimit-Reset"]) == (429, "3000")
