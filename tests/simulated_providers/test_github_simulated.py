"""The simulated GitHub: sign-in as an app, both orders, search by time, git events, limits."""

from typing import Any

import jwt
import mapping_check
import plain_http
import pytest
from plain_http import Response
from provider_simulator.client import Simulator

SECONDS_AT_NOON = 1_791_288_000  # 2026-10-06T12:00:00Z


@pytest.fixture(autouse=True)
def _no_limits(simulator: Simulator) -> None:
    simulator.set(limits=0)


def read(simulator: Simulator, token: str = "", **query: Any) -> Response:
    token = token or simulator.credentials("github", "acme")["token"]
    address = f"{simulator.address('github', 'acme')}/orgs/acme/audit-log"
    return plain_http.get(address, query, Authorization=f"Bearer {token}")


def walk(simulator: Simulator, **query: Any) -> list[dict[str, Any]]:
    token = simulator.credentials("github", "acme")["token"]
    page = read(simulator, **query)
    entries: list[dict[str, Any]] = page.json()
    while address := plain_http.links(page).get("next"):
        page = plain_http.get(address, Authorization=f"Bearer {token}")
        entries += page.json()
    return entries


def as_app(simulator: Simulator, **changed: Any) -> Response:
    found = simulator.credentials("github", "acme")
    claims = {"iss": found["app_id"], "iat": SECONDS_AT_NOON, "exp": SECONDS_AT_NOON + 540}
    signed = jwt.encode(claims | changed, found["private_key"], "RS256")
    path = f"app/installations/{found['installation_id']}/access_tokens"
    address = f"{simulator.address('github', 'acme')}/{path}"
    return plain_http.call("POST", address, headers={"Authorization": f"Bearer {signed}"})


class TestSignIn:
    def test_an_app_gets_a_token_for_an_hour(self, simulator: Simulator) -> None:
        granted = as_app(simulator)
        assert granted.status == 201
        assert granted.json()["expires_at"] == "2026-10-06T13:00:00Z"
        token = granted.json()["token"]
        assert read(simulator, token).status == 200
        simulator.set_clock(advance=3600)
        assert read(simulator, token).status == 401

    def test_an_assertion_of_more_than_ten_minutes_is_refused(self, simulator: Simulator) -> None:
        assert as_app(simulator, exp=SECONDS_AT_NOON + 3000).status == 401


class TestPages:
    @pytest.mark.parametrize("order", ["asc", "desc"])
    def test_hold_exactly_what_was_published(self, simulator: Simulator, order: str) -> None:
        entries = walk(simulator, per_page=100, include="all", order=order)
        times = [entry["@timestamp"] for entry in entries]
        assert times == sorted(times, reverse=order == "desc")
        uids = mapping_check.uids("github", mapping_check.texts(entries))
        assert len(set(uids)) == len(uids) > 1000
        assert set(uids) == mapping_check.true_uids(simulator, "github", "acme")

    def test_hold_what_was_searched_for(self, simulator: Simulator) -> None:
        phrase = "created:>=2026-10-02T06:00:00Z created:<2026-10-03T06:00:00Z"
        entries = walk(simulator, per_page=100, include="all", phrase=phrase)
        expected = {
            event["uid"]
            for event in simulator.truth("github", "acme")
            if "2026-10-02T06:00:00" <= event["time"] < "2026-10-03T06:00:00"
        }
        assert {entry["_document_id"] for entry in entries} == expected

    def test_hold_no_git_events_unless_asked(self, simulator: Simulator) -> None:
        web = {entry["action"].split(".")[0] for entry in walk(simulator, per_page=100)}
        git = {
            entry["action"].split(".")[0] for entry in walk(simulator, per_page=100, include="git")
        }
        assert "git" not in web
        assert git == {"git"}

    def test_hold_git_events_for_seven_days(self, simulator: Simulator) -> None:
        simulator.set_clock("2026-10-12T00:00:00Z")
        entries = walk(simulator, per_page=100, include="all", phrase="created:2026-10-02")
        assert entries
        assert not [entry for entry in entries if entry["action"].startswith("git.")]

    def test_of_more_than_a_hundred_are_refused(self, simulator: Simulator) -> None:
        assert read(simulator, per_page=101).status == 422


class TestLimits:
    def test_are_told_and_kept(self, simulator: Simulator) -> None:
        simulator.set(limits=2 / 1750)
        first, second, third = (read(simulator, per_page=1) for _ in range(3))
        assert first.headers["X-RateLimit-Remaining"] == "1"
        assert second.headers["X-RateLimit-Reset"] == str(SECONDS_AT_NOON + 3600)
        assert third.status == 429
        assert third.headers["Retry-After"] == "3600"


def test_another_organization_is_not_found(simulator: Simulator) -> None:
    token = simulator.credentials("github", "acme")["token"]
    address = f"{simulator.address('github', 'acme')}/orgs/other/audit-log"
    assert plain_http.get(address, Authorization=f"Bearer {token}").status == 404
