"""The simulated Google Workspace: delegation, applications, pages newest first, two quotas."""

from typing import Any

import google_sign_in
import jwt
import mapping_check
import plain_http
import pytest
from plain_http import Response
from provider_simulator.client import Simulator

APPLICATIONS = ("login", "admin", "drive", "token", "saml", "user_accounts")


@pytest.fixture
def token(simulator: Simulator) -> str:
    granted: str = google_sign_in.exchange(
        simulator.credentials("google_workspace", "acme")
    ).json()["access_token"]
    return granted


def read(simulator: Simulator, token: str, application: str, **query: Any) -> Response:
    path = f"admin/reports/v1/activity/users/all/applications/{application}"
    address = f"{simulator.address('google_workspace', 'acme')}/{path}"
    return plain_http.get(address, query, Authorization=f"Bearer {token}")


def walk(simulator: Simulator, token: str, application: str, **query: Any) -> list[dict[str, Any]]:
    page = read(simulator, token, application, **query).json()
    items: list[dict[str, Any]] = page.get("items", [])
    while following := page.get("nextPageToken"):
        page = read(simulator, token, application, **query, pageToken=following).json()
        items += page.get("items", [])
    return items


class TestSignIn:
    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            ({"iss": "somebody@example.com"}, "invalid_grant"),
            ({"aud": "https://oauth2.example.com/token"}, "invalid_grant"),
            ({"sub": "nobody@acme.example"}, "unauthorized_client"),
            ({"scope": "openid"}, "unauthorized_client"),
            ({"iat": None}, "invalid_grant"),
        ],
    )
    def test_a_wrong_claim_is_refused(
        self, simulator: Simulator, changed: dict[str, Any], error: str
    ) -> None:
        credentials = simulator.credentials("google_workspace", "acme")
        assert google_sign_in.exchange(credentials, **changed).json()["error"] == error

    def test_another_key_is_refused(self, simulator: Simulator) -> None:
        credentials = simulator.credentials("google_workspace", "acme")
        from cryptography.hazmat.primitives.asymmetric import rsa

        other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        key = credentials["service_account"]
        claims = {"iss": key["client_email"], "aud": key["token_uri"], "iat": 1, "exp": 2}
        form = {
            "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
            "assertion": jwt.encode(claims, other, "RS256"),
        }
        refused = plain_http.post_form(key["token_uri"], form)
        assert (refused.status, refused.json()["error"]) == (400, "invalid_grant")

    def test_a_token_ends(self, simulator: Simulator, token: str) -> None:
        simulator.set_clock(advance=3598)
        assert read(simulator, token, "login").status == 200
        simulator.set_clock(advance=1)
        assert read(simulator, token, "login").json()["error"]["status"] == "UNAUTHENTICATED"


class TestPages:
    @pytest.mark.parametrize("application", APPLICATIONS)
    def test_hold_exactly_what_was_published(
        self, simulator: Simulator, token: str, application: str
    ) -> None:
        items = walk(simulator, token, application, maxResults=29)
        times = [item["id"]["time"] for item in items]
        assert times == sorted(times, reverse=True)
        uids = mapping_check.uids("google_workspace", mapping_check.texts(items))
        assert len(set(uids)) == len(uids) > 20
        truth = mapping_check.true_uids(simulator, "google_workspace", "acme", application)
        assert set(uids) == truth

    def test_hold_activities_of_several_events(self, simulator: Simulator, token: str) -> None:
        counts = {len(item["events"]) for item in walk(simulator, token, "admin")}
        assert counts == {1, 2}

    def test_hold_a_window(self, simulator: Simulator, token: str) -> None:
        window = {"startTime": "2026-10-02T00:00:00Z", "endTime": "2026-10-03T00:00:00Z"}
        items = walk(simulator, token, "drive", **window)
        truth = simulator.truth("google_workspace", "acme", "drive")
        expected = [event for event in truth if event["time"].startswith("2026-10-02")]
        assert len(items) == len(expected) > 0

    def test_leave_out_the_items_where_there_are_none(
        self, simulator: Simulator, token: str
    ) -> None:
        assert "items" not in read(simulator, token, "calendar").json()
        empty = read(simulator, token, "login", startTime="2026-10-07T00:00:00Z").json()
        assert "items" not in empty

    def test_of_an_unknown_application_are_refused(self, simulator: Simulator, token: str) -> None:
        assert read(simulator, token, "nonsense").status == 400

    def test_miss_what_is_late_until_it_comes(self, simulator: Simulator, token: str) -> None:
        simulator.set(events_per_day=2000)
        window = {"startTime": "2026-10-06T06:00:00Z", "endTime": "2026-10-06T12:00:00Z"}
        soon = {item["id"]["uniqueQualifier"] for item in walk(simulator, token, "login", **window)}
        simulator.set_clock(advance=3000)
        later = {
            item["id"]["uniqueQualifier"] for item in walk(simulator, token, "login", **window)
        }
        assert soon < later


class TestQuotas:
    def test_filtered_queries_have_one_of_their_own(self, simulator: Simulator, token: str) -> None:
        simulator.set(limits=1 / 250)
        assert read(simulator, token, "login", eventName="logout").status == 200
        refused = read(simulator, token, "login", eventName="logout")
        assert refused.json()["error"]["errors"][0]["reason"] == "rateLimitExceeded"
        assert "Retry-After" not in refused.headers
        assert read(simulator, token, "login").status == 200
