"""The simulated Zoom: sign-in, reports by whole days, tokens of pages that end, limits."""

import base64
from typing import Any

import mapping_check
import plain_http
import pytest
from plain_http import Response
from provider_simulator.client import Simulator

WINDOW = {"from": "2026-10-01", "to": "2026-10-06"}


def sign_in(simulator: Simulator, **changed: str) -> Response:
    found = simulator.credentials("zoom", "acme") | changed
    pair = f"{found['client_id']}:{found['client_secret']}"
    basic = base64.b64encode(pair.encode()).decode()
    query = {"grant_type": "account_credentials", "account_id": found["account_id"]}
    headers = {"Authorization": f"Basic {basic}"}
    return plain_http.call("POST", found["token_url"], None, query, headers)


def read(simulator: Simulator, token: str, report: str, **query: Any) -> Response:
    address = f"{simulator.address('zoom', 'acme')}/v2/report/{report}"
    return plain_http.get(address, WINDOW | query, Authorization=f"Bearer {token}")


@pytest.fixture
def token(simulator: Simulator) -> str:
    granted: str = sign_in(simulator).json()["access_token"]
    return granted


@pytest.mark.parametrize("changed", [{"client_secret": "wrong"}, {"account_id": "wrong"}])
def test_a_wrong_client_or_account_is_refused(
    simulator: Simulator, changed: dict[str, str]
) -> None:
    assert sign_in(simulator, **changed).status in (400, 401)


@pytest.mark.parametrize(
    ("report", "name"), [("activities", "activity_logs"), ("operationlogs", "operation_logs")]
)
def test_pages_hold_exactly_what_was_published(
    simulator: Simulator, token: str, report: str, name: str
) -> None:
    simulator.set(limits=0)
    page = read(simulator, token, report, page_size=100).json()
    rows = page[name]
    while following := page["next_page_token"]:
        page = read(simulator, token, report, page_size=100, next_page_token=following).json()
        rows += page[name]
    uids = mapping_check.uids("zoom", mapping_check.texts(rows))
    assert len(set(uids)) == len(uids) > 200
    assert set(uids) == mapping_check.true_uids(simulator, "zoom", "acme", report)


def test_both_days_of_the_window_are_whole(simulator: Simulator, token: str) -> None:
    simulator.set(limits=0)
    days = {"from": "2026-10-03", "to": "2026-10-03", "page_size": 300}
    rows = read(simulator, token, "activities", **days).json()["activity_logs"]
    truth = simulator.truth("zoom", "acme", "activities")
    assert len(rows) == sum(event["time"].startswith("2026-10-03") for event in truth)


def test_a_token_of_a_page_ends_after_fifteen_minutes(simulator: Simulator, token: str) -> None:
    following = read(simulator, token, "activities").json()["next_page_token"]
    simulator.set_clock(advance=899)
    assert read(simulator, token, "activities", next_page_token=following).status == 200
    simulator.set_clock(advance=1)
    refused = read(simulator, token, "activities", next_page_token=following)
    assert (refused.status, refused.json()["code"]) == (400, 300)


@pytest.mark.parametrize(
    "window",
    [
        {"from": "2026-09-01", "to": "2026-10-06"},
        {"from": "2026-01-01", "to": "2026-01-05"},
        {"from": "2026-10-06", "to": "2026-10-05"},
        {"from": "", "to": "2026-10-05"},
    ],
)
def test_a_window_longer_than_a_month_or_older_than_six_is_refused(
    simulator: Simulator, token: str, window: dict[str, str]
) -> None:
    assert read(simulator, token, "activities", **window).status == 400


def test_ten_calls_a_second_are_the_limit(simulator: Simulator, token: str) -> None:
    assert {read(simulator, token, "activities").status for _ in range(10)} == {200}
    refused = read(simulator, token, "activities")
    assert (refused.status, refused.headers["X-RateLimit-Category"]) == (429, "Heavy")
    simulator.set_clock(advance=1)
    assert read(simulator, token, "activities").status == 200


def test_the_calls_of_a_day_are_limited_too_and_both_reports_share_them(
    simulator: Simulator, token: str
) -> None:
    simulator.set(limits=1 / 7_500)  # one a second, four a day
    told = []
    for number in range(4):
        simulator.set_clock(advance=1)
        answer = read(simulator, token, ("activities", "operationlogs")[number % 2])
        told.append((answer.status, answer.headers["X-RateLimit-Type"]))
    assert told[0] == (200, "QPS")
    assert told[-1] == (200, "Daily-limit")
    simulator.set_clock(advance=1)
    refused = read(simulator, token, "activities")
    assert (refused.status, refused.headers["X-RateLimit-Type"]) == (429, "Daily-limit")
    assert refused.headers["Retry-After"] == "2026-10-07T12:00:01Z"
    simulator.set_clock(advance=86_400)
    again: str = sign_in(simulator).json()["access_token"]
    assert read(simulator, again, "activities").status == 200
