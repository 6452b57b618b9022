"""The simulated Cloud Logging: filters by either time, both orders, tokens of pages, quota."""

from typing import Any

import google_sign_in
import mapping_check
import plain_http
import pytest
from plain_http import Response
from provider_simulator.client import Simulator


@pytest.fixture
def token(simulator: Simulator) -> str:
    credentials = simulator.credentials("gcp", "acme")
    granted: str = google_sign_in.exchange(credentials).json()["access_token"]
    simulator.set(limits=0)
    return granted


def read(simulator: Simulator, token: str, **asked: Any) -> Response:
    body = {"resourceNames": ["projects/acme"]} | asked
    address = f"{simulator.address('gcp', 'acme')}/v2/entries:list"
    return plain_http.post_json(address, body, Authorization=f"Bearer {token}")


def walk(simulator: Simulator, token: str, **asked: Any) -> list[dict[str, Any]]:
    page = read(simulator, token, **asked).json()
    entries: list[dict[str, Any]] = page["entries"]
    while following := page.get("nextPageToken"):
        page = read(simulator, token, **asked, pageToken=following).json()
        entries += page["entries"]
    return entries


@pytest.mark.parametrize("order", ["timestamp asc", "timestamp desc"])
def test_pages_hold_exactly_what_was_published(
    simulator: Simulator, token: str, order: str
) -> None:
    entries = walk(simulator, token, pageSize=97, orderBy=order)
    times = [entry["timestamp"] for entry in entries]
    assert times == sorted(times, reverse=order.endswith("desc"))
    uids = mapping_check.uids("gcp", mapping_check.texts(entries))
    assert len(set(uids)) == len(uids) > 1000
    assert set(uids) == mapping_check.true_uids(simulator, "gcp", "acme")


def test_a_filter_by_time_of_receipt_finds_what_came_late(simulator: Simulator, token: str) -> None:
    window = ("2026-10-03T00:00:00Z", "2026-10-04T00:00:00Z")
    text = f'receiveTimestamp>="{window[0]}" AND receiveTimestamp<"{window[1]}"'
    entries = walk(simulator, token, pageSize=50, filter=text)
    truth = simulator.truth("gcp", "acme")
    expected = {e["uid"] for e in truth if window[0] <= e["published"] < window[1]}
    uids = mapping_check.uids("gcp", mapping_check.texts(entries))
    assert set(uids) == expected
    assert any(entry["timestamp"] < window[0] for entry in entries)


def test_a_filter_by_time_keeps_to_its_window(simulator: Simulator, token: str) -> None:
    text = 'timestamp >= "2026-10-03T00:00:00Z" timestamp < "2026-10-04T00:00:00Z"'
    entries = walk(simulator, token, pageSize=1000, filter=text)
    truth = simulator.truth("gcp", "acme")
    assert len(entries) == sum(event["time"].startswith("2026-10-03") for event in truth) > 0


def test_a_token_of_a_page_ends_after_a_day(simulator: Simulator, token: str) -> None:
    following = read(simulator, token).json()["nextPageToken"]
    simulator.set_clock(advance=86_400)
    credentials = simulator.credentials("gcp", "acme")
    later = google_sign_in.SECONDS_AT_NOON + 86_400
    granted = google_sign_in.exchange(credentials, iat=later, exp=later + 60)
    refused = read(simulator, granted.json()["access_token"], pageToken=following)
    assert refused.json()["error"]["status"] == "INVALID_ARGUMENT"


def test_another_project_is_not_shown(simulator: Simulator, token: str) -> None:
    assert read(simulator, token, resourceNames=["projects/other"]).status == 403


def test_sixty_calls_a_minute_are_the_quota(simulator: Simulator, token: str) -> None:
    simulator.set(limits=1)
    assert {read(simulator, token, pageSize=1).status for _ in range(60)} == {200}
    refused = read(simulator, token, pageSize=1)
    assert refused.json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    simulator.set_clock(advance=60)
    assert read(simulator, token, pageSize=1).status == 200
