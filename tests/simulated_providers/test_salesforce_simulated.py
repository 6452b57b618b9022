"""The simulated Salesforce: two grants, queries in pages, hourly files and those that come late."""

import io
from typing import Any

import jwt
import mapping_check
import plain_http
import pytest
from plain_http import Response
from provider_simulator.client import Simulator

from lake import records as raw

SECONDS_AT_NOON = 1_791_288_000  # 2026-10-06T12:00:00Z
LOGINS = "SELECT Id, UserId, LoginTime, SourceIp, Status, LoginType FROM LoginHistory"
FILES = "SELECT Id, EventType, LogDate, CreatedDate, Sequence, LogFile FROM EventLogFile"


def sign_in(simulator: Simulator, **changed: Any) -> Response:
    found = simulator.credentials("salesforce", "acme")
    claims = {
        "iss": found["client_id"],
        "sub": found["username"],
        "aud": found["audience"],
        "exp": SECONDS_AT_NOON + 150,
    } | changed
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": jwt.encode(claims, found["private_key"], "RS256"),
    }
    return plain_http.post_form(found["token_url"], form)


@pytest.fixture
def headers(simulator: Simulator) -> dict[str, str]:
    return {"Authorization": f"Bearer {sign_in(simulator).json()['access_token']}"}


def query(simulator: Simulator, headers: dict[str, str], text: str, **more: str) -> Response:
    address = f"{simulator.address('salesforce', 'acme')}/services/data/v60.0/query"
    return plain_http.get(address, {"q": text}, **headers, **more)


def walk(
    simulator: Simulator, headers: dict[str, str], text: str, **more: str
) -> list[dict[str, Any]]:
    page = query(simulator, headers, text, **more).json()
    records: list[dict[str, Any]] = page["records"]
    while not page["done"]:
        address = simulator.address("salesforce", "acme") + page["nextRecordsUrl"]
        page = plain_http.get(address, **headers, **more).json()
        records += page["records"]
    assert page["totalSize"] == len(records)
    return records


def rows(simulator: Simulator, headers: dict[str, str], file: dict[str, Any]) -> list[str]:
    """Return the rows of a file as the records that the lake makes of them."""
    address = simulator.address("salesforce", "acme") + file["LogFile"]
    content = plain_http.get(address, **headers).body
    texts: list[str] = []
    for piece in raw.records(io.BytesIO(content), "file.csv", ()):
        assert isinstance(piece, raw.Chunk)
        texts += piece.data.decode().split("\n")[:-1]
    return texts


class TestSignIn:
    def test_a_session_lasts_two_hours(self, simulator: Simulator, headers: Any) -> None:
        simulator.set_clock(advance=7199)
        assert query(simulator, headers, LOGINS).status == 200
        simulator.set_clock(advance=1)
        refused = query(simulator, headers, LOGINS)
        assert (refused.status, refused.json()[0]["errorCode"]) == (401, "INVALID_SESSION_ID")

    @pytest.mark.parametrize(
        "changed", [{"sub": "nobody"}, {"aud": "x"}, {"exp": SECONDS_AT_NOON + 3600}]
    )
    def test_a_wrong_claim_is_refused(self, simulator: Simulator, changed: dict[str, Any]) -> None:
        assert sign_in(simulator, **changed).json()["error"] == "invalid_grant"

    @pytest.mark.parametrize(("secret", "status"), [("", 200), ("wrong", 400)])
    def test_a_client_may_use_its_secret(
        self, simulator: Simulator, secret: str, status: int
    ) -> None:
        found = simulator.credentials("salesforce", "acme")
        form = {
            "grant_type": "client_credentials",
            "client_id": found["client_id"],
            "client_secret": secret or found["client_secret"],
        }
        assert plain_http.post_form(found["token_url"], form).status == status


class TestLoginHistory:
    @pytest.mark.parametrize("direction", ["ASC", "DESC"])
    def test_pages_hold_exactly_what_was_published(
        self, simulator: Simulator, headers: Any, direction: str
    ) -> None:
        simulator.set(events_per_day=1000)
        text = f"{LOGINS} ORDER BY LoginTime {direction}"
        found = walk(simulator, headers, text, Sforce_Query_Options="batchSize=200")
        times = [record["LoginTime"] for record in found]
        assert times == sorted(times, reverse=direction == "DESC")
        uids = mapping_check.uids("salesforce", mapping_check.texts(found))
        assert len(set(uids)) == len(uids) > 600
        assert set(uids) == mapping_check.true_uids(simulator, "salesforce", "acme", "LoginHistory")

    def test_conditions_bound_the_time(self, simulator: Simulator, headers: Any) -> None:
        where = "WHERE LoginTime >= 2026-10-02T00:00:00Z AND LoginTime < 2026-10-03T00:00:00Z"
        found = walk(simulator, headers, f"{LOGINS} {where}")
        truth = simulator.truth("salesforce", "acme", "LoginHistory")
        assert len(found) == sum(event["time"].startswith("2026-10-02") for event in truth) > 0

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ("SELECT FROM LoginHistory", "MALFORMED_QUERY"),
            (f"{LOGINS} WHERE LoginTime SOMETIME", "MALFORMED_QUERY"),
            ("SELECT Id FROM Account", "INVALID_TYPE"),
            ("SELECT Id, Shoe FROM LoginHistory", "INVALID_FIELD"),
        ],
    )
    def test_a_query_that_makes_no_sense_is_refused(
        self, simulator: Simulator, headers: Any, text: str, error: str
    ) -> None:
        refused = query(simulator, headers, text)
        assert (refused.status, refused.json()[0]["errorCode"]) == (400, error)

    def test_a_locator_lasts_two_days(self, simulator: Simulator, headers: Any) -> None:
        simulator.set(events_per_day=1000, token_seconds=1_000_000)
        fresh = {"Authorization": f"Bearer {sign_in(simulator).json()['access_token']}"}
        page = query(simulator, fresh, LOGINS, Sforce_Query_Options="batchSize=200").json()
        simulator.set_clock(advance=2 * 86_400)
        address = simulator.address("salesforce", "acme") + page["nextRecordsUrl"]
        refused = plain_http.get(address, **fresh)
        assert (refused.status, refused.json()[0]["errorCode"]) == (400, "INVALID_QUERY_LOCATOR")


class TestEventLogFiles:
    @pytest.mark.parametrize("kind", ["Login", "Logout", "API", "URI", "ReportExport"])
    def test_hold_exactly_what_was_published(
        self, simulator: Simulator, headers: Any, kind: str
    ) -> None:
        files = walk(simulator, headers, f"{FILES} WHERE EventType = '{kind}'")
        texts = [text for file in files for text in rows(simulator, headers, file)]
        uids = [uid.partition("/")[0] for uid in mapping_check.uids("salesforce", texts)]
        assert len(set(uids)) == len(uids) > 100
        assert set(uids) == mapping_check.true_uids(simulator, "salesforce", "acme", kind)

    def test_come_three_to_six_hours_after_their_hour(
        self, simulator: Simulator, headers: Any
    ) -> None:
        files = walk(simulator, headers, f"{FILES} WHERE EventType = 'API'")
        first = [file for file in files if file["Sequence"] == 1]
        waits = {
            (24 * int(file["CreatedDate"][8:10]) + int(file["CreatedDate"][11:13]))
            - (24 * int(file["LogDate"][8:10]) + int(file["LogDate"][11:13]))
            for file in first
        }
        assert waits <= {4, 5, 6, 7}
        assert len(waits) > 2

    def test_have_a_next_one_of_the_same_hour_for_what_was_late(
        self, simulator: Simulator, headers: Any
    ) -> None:
        files = walk(simulator, headers, f"{FILES} WHERE EventType = 'URI'")
        late = [file for file in files if file["Sequence"] > 1]
        hours = {file["LogDate"] for file in files if file["Sequence"] == 1}
        assert late
        assert {file["LogDate"] for file in late} & hours

    def test_are_found_by_when_they_were_created(self, simulator: Simulator, headers: Any) -> None:
        everything = walk(simulator, headers, FILES)
        since = "2026-10-05T00:00:00Z"
        recent = walk(simulator, headers, f"{FILES} WHERE CreatedDate >= {since}")
        expected = {file["Id"] for file in everything if file["CreatedDate"] >= since[:19]}
        assert {file["Id"] for file in recent} == expected
        assert 0 < len(recent) < len(everything)


def test_calls_beyond_the_allocation_are_forbidden(simulator: Simulator, headers: Any) -> None:
    simulator.set(limits=1 / 15_000)
    assert query(simulator, headers, LOGINS).headers["Sforce-Limit-Info"] == "api-usage=1/1"
    refused = query(simulator, headers, LOGINS)
    assert (refused.status, refused.json()[0]["errorCode"]) == (403, "REQUEST_LIMIT_EXCEEDED")
