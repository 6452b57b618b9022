"""The simulated Slack: pages newest first, limits, the end of a cursor."""

from typing import Any

import mapping_check
import plain_http
import pytest
from plain_http import Response
from provider_simulator.client import Simulator

OLDEST = 1_790_899_200  # 2026-10-02T00:00:00Z


def read(simulator: Simulator, **query: Any) -> Response:
    token = simulator.credentials("slack", "acme")["token"]
    address = f"{simulator.address('slack', 'acme')}/audit/v1/logs"
    return plain_http.get(address, query, Authorization=f"Bearer {token}")


def walk(simulator: Simulator, **query: Any) -> list[dict[str, Any]]:
    page = read(simulator, **query).json()
    entries: list[dict[str, Any]] = page["entries"]
    while cursor := page["response_metadata"]["next_cursor"]:
        page = read(simulator, **query, cursor=cursor).json()
        entries += page["entries"]
    return entries


class TestPages:
    def test_hold_exactly_what_was_published(self, simulator: Simulator) -> None:
        simulator.set(limits=0)
        uids = mapping_check.uids("slack", mapping_check.texts(walk(simulator, limit=97)))
        assert len(set(uids)) == len(uids) > 1000
        assert set(uids) == mapping_check.true_uids(simulator, "slack", "acme")

    def test_come_newest_first(self, simulator: Simulator) -> None:
        dates = [entry["date_create"] for entry in walk(simulator, limit=500)]
        assert dates == sorted(dates, reverse=True)

    def test_include_both_ends_of_the_window(self, simulator: Simulator) -> None:
        simulator.set(limits=0)
        dates = [entry["date_create"] for entry in walk(simulator, limit=500)]
        edge = dates[300]
        within = walk(simulator, limit=500, oldest=edge, latest=edge)
        assert [entry["date_create"] for entry in within] == [edge] * dates.count(edge)

    def test_of_ten_thousand_are_refused(self, simulator: Simulator) -> None:
        assert read(simulator, limit=10_000).json() == {"ok": False, "error": "invalid_arguments"}


class TestRefusals:
    def test_a_wrong_token(self, simulator: Simulator) -> None:
        address = f"{simulator.address('slack', 'acme')}/audit/v1/logs"
        answer = plain_http.get(address, Authorization="Bearer xoxp-wrong")
        assert (answer.status, answer.json()["error"]) == (401, "invalid_auth")

    def test_the_fifty_first_call_of_a_minute(self, simulator: Simulator) -> None:
        assert {read(simulator, limit=1).status for _ in range(50)} == {200}
        refused = read(simulator, limit=1)
        assert (refused.status, refused.json()["error"]) == (429, "ratelimited")
        simulator.set_clock(advance=int(refused.headers["Retry-After"]))
        assert read(simulator, limit=1).status == 200

    @pytest.mark.parametrize("cursor", ["made-up", ""])
    def test_a_cursor_of_nobody(self, simulator: Simulator, cursor: str) -> None:
        expected = 400 if cursor else 200
        assert read(simulator, oldest=OLDEST, cursor=cursor).status == expected

    def test_a_cursor_that_has_ended(self, simulator: Simulator) -> None:
        simulator.fault("expired_cursor", provider="slack", count=1)
        cursor = read(simulator, limit=5).json()["response_metadata"]["next_cursor"]
        refused = read(simulator, limit=5, cursor=cursor)
        assert (refused.status, refused.json()["error"]) == (400, "invalid_cursor")
        assert read(simulator, limit=5, cursor=cursor).status == 200
