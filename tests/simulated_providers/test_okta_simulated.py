"""The simulated Okta: sign-in, both ways to page, limits, late events, expired cursors."""

from typing import Any

import jwt
import mapping_check
import plain_http
import pytest
from plain_http import Response
from provider_simulator.client import Simulator

START = "2026-10-02T00:00:00Z"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SECONDS_AT_NOON = 1_791_288_000  # 2026-10-06T12:00:00Z


@pytest.fixture(autouse=True)
def _no_limits(simulator: Simulator) -> None:
    simulator.set(limits=0)


def read(simulator: Simulator, **query: Any) -> Response:
    token = simulator.credentials("okta", "acme")["api_token"]
    address = f"{simulator.address('okta', 'acme')}/api/v1/logs"
    return plain_http.get(address, query, Authorization=f"SSWS {token}")


def follow(simulator: Simulator, first: Response) -> list[dict[str, Any]]:
    """Walk on to the last page, or to the first empty one."""
    token = simulator.credentials("okta", "acme")["api_token"]
    page, records = first, list(first.json())
    while (address := plain_http.links(page).get("next")) and page.json():
        page = plain_http.get(address, Authorization=f"SSWS {token}")
        records += page.json()
    return records


def sign_in(simulator: Simulator, **changed: Any) -> Response:
    found = simulator.credentials("okta", "acme")
    claims = {
        "iss": found["client_id"],
        "sub": found["client_id"],
        "aud": found["token_url"],
        "iat": SECONDS_AT_NOON,
        "exp": SECONDS_AT_NOON + 300,
    } | changed
    form = {
        "grant_type": "client_credentials",
        "scope": "okta.logs.read",
        "client_assertion_type": ASSERTION,
        "client_assertion": jwt.encode(claims, found["private_key"], "RS256"),
    }
    return plain_http.post_form(found["token_url"], form)


class TestSignIn:
    def test_an_assertion_buys_a_token_that_reads(self, simulator: Simulator) -> None:
        token = sign_in(simulator).json()["access_token"]
        address = f"{simulator.address('okta', 'acme')}/api/v1/logs"
        answer = plain_http.get(address, {"limit": 1}, Authorization=f"Bearer {token}")
        assert (answer.status, len(answer.json())) == (200, 1)

    @pytest.mark.parametrize(
        "changed",
        [
            {"iss": "another"},
            {"aud": "https://example.com/oauth2/v1/token"},
            {"exp": SECONDS_AT_NOON - 600},
            {"exp": SECONDS_AT_NOON + 7200},
            {"iat": SECONDS_AT_NOON + 900},
        ],
    )
    def test_a_wrong_claim_does_not(self, simulator: Simulator, changed: dict[str, Any]) -> None:
        answer = sign_in(simulator, **changed)
        assert (answer.status, answer.json()["error"]) == (401, "invalid_client")

    def test_a_token_ends_after_an_hour(self, simulator: Simulator) -> None:
        granted = sign_in(simulator).json()
        headers = {"Authorization": f"Bearer {granted['access_token']}"}
        address = f"{simulator.address('okta', 'acme')}/api/v1/logs"
        simulator.set_clock(advance=granted["expires_in"] - 1)
        assert plain_http.get(address, {"limit": 1}, **headers).status == 200
        simulator.set_clock(advance=1)
        refused = plain_http.get(address, {"limit": 1}, **headers)
        assert (refused.status, refused.json()["errorCode"]) == (401, "E0000011")


class TestPolling:
    def test_all_pages_hold_exactly_what_was_published(self, simulator: Simulator) -> None:
        records = follow(simulator, read(simulator, since="2026-10-01T00:00:00Z", limit=97))
        uids = mapping_check.uids("okta", mapping_check.texts(records))
        assert len(uids) > 1000
        assert len(set(uids)) == len(uids)
        assert set(uids) == mapping_check.true_uids(simulator, "okta", "acme")

    def test_events_come_as_they_were_published_not_as_they_happened(
        self, simulator: Simulator
    ) -> None:
        records = follow(simulator, read(simulator, since=START, limit=1000))
        served = [record["published"] for record in records]
        assert served != sorted(served)
        published = {event["uid"]: event["published"] for event in simulator.truth("okta", "acme")}
        moments = [published[record["uuid"]] for record in records]
        assert moments == sorted(moments)

    def test_the_last_link_finds_later_what_is_published_later(self, simulator: Simulator) -> None:
        token = simulator.credentials("okta", "acme")["api_token"]
        page = read(simulator, since="2026-10-06T11:00:00Z", limit=1000)
        before = {record["uuid"] for record in page.json()}
        simulator.set_clock(advance=3600)
        page = plain_http.get(plain_http.links(page)["next"], Authorization=f"SSWS {token}")
        after = {record["uuid"] for record in page.json()}
        assert after
        assert not before & after
        window = simulator.truth("okta", "acme")
        assert before | after == {
            event["uid"] for event in window if event["published"] >= "2026-10-06T11:00:00"
        }


class TestBounded:
    def test_pages_are_ordered_and_end(self, simulator: Simulator) -> None:
        window = {"since": START, "until": "2026-10-04T00:00:00Z"}
        records = follow(simulator, read(simulator, **window, limit=50))
        times = [record["published"] for record in records]
        assert times == sorted(times)
        assert all(START <= time < window["until"] for time in times)
        expected = {
            event["uid"]
            for event in simulator.truth("okta", "acme", since=START)
            if event["time"] < window["until"]
        }
        assert {record["uuid"] for record in records} == expected

    def test_descending_pages_hold_the_same(self, simulator: Simulator) -> None:
        window = {"since": START, "until": "2026-10-04T00:00:00Z", "limit": 50}
        up = follow(simulator, read(simulator, **window))
        down = follow(simulator, read(simulator, **window, sortOrder="DESCENDING"))
        assert [record["uuid"] for record in down] == [record["uuid"] for record in up][::-1]

    def test_an_event_behind_the_cursor_is_missed(self, simulator: Simulator) -> None:
        simulator.fault("late", provider="okta", share=0.5, seconds=3600)
        simulator.set_clock(advance=7200)
        window = {"since": "2026-10-06T12:00:00Z", "until": "2026-10-06T14:00:00Z", "limit": 1000}
        at_once = {record["uuid"] for record in follow(simulator, read(simulator, **window))}
        simulator.set_clock(advance=7200)
        later = {record["uuid"] for record in follow(simulator, read(simulator, **window))}
        assert at_once < later


class TestLimits:
    def test_the_call_after_the_last_is_refused_until_the_reset(self, simulator: Simulator) -> None:
        simulator.set(limits=0.025)  # 3 a minute
        left = [read(simulator, limit=1).headers["X-Rate-Limit-Remaining"] for _ in range(3)]
        assert left == ["2", "1", "0"]
        refused = read(simulator, limit=1)
        assert (refused.status, refused.json()["errorCode"]) == (429, "E0000047")
        assert "Retry-After" not in refused.headers
        reset = int(refused.headers["X-Rate-Limit-Reset"])
        assert reset == SECONDS_AT_NOON + 60
        simulator.set_clock(advance=60)
        assert read(simulator, limit=1).status == 200

    def test_more_than_a_thousand_records_are_not_to_be_had(self, simulator: Simulator) -> None:
        answer = read(simulator, limit=1001)
        assert (answer.status, answer.json()["errorCode"]) == (400, "E0000001")

    def test_what_is_older_than_ninety_days_is_gone(self, simulator: Simulator) -> None:
        simulator.set_clock("2026-12-31T00:00:00Z")
        records = read(simulator, since="2026-10-01T00:00:00Z", until="2026-10-03T00:00:00Z").json()
        assert records
        assert min(record["published"] for record in records) >= "2026-10-02"


class TestCursor:
    def test_one_that_has_expired_is_said_to_be_wrong(self, simulator: Simulator) -> None:
        simulator.fault("expired_cursor", provider="okta", count=1)
        first = read(simulator, since=START, limit=10)
        assert first.status == 200
        token = simulator.credentials("okta", "acme")["api_token"]
        address = plain_http.links(first)["next"]
        refused = plain_http.get(address, Authorization=f"SSWS {token}")
        assert (refused.status, refused.json()["errorCode"]) == (400, "E0000001")

    def test_one_that_was_made_up_is_refused(self, simulator: Simulator) -> None:
        assert read(simulator, since=START, after="MTIz").status == 400
