"""Zoom: reports by whole days, read by a server-to-server app."""

import base64
from datetime import timedelta

import pytest
from provider_script import HOUR, NOW, answered, in_turn, provider, records

from collectors.contract import Cursor
from collectors.errors import CursorLost, Stop

ACCOUNT = {
    "base_url": "https://zoom.example",
    "token_url": "https://zoom.example/oauth/token",
    "account_id": "a-1",
    "client_id": "c-1",
    "client_secret": "env:ZOOM_SECRET",
}


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZOOM_SECRET", "s3cret")


def report(key: str, *emails: str, token: str = ""):
    return answered({key: [{"email": one} for one in emails], "next_page_token": token})


@pytest.mark.parametrize(
    ("stream", "key"), [("activities", "activity_logs"), ("operationlogs", "operation_logs")]
)
def test_walks_the_days_of_a_window(stream: str, key: str):
    zoom = provider("zoom", ACCOUNT, in_turn(report(key, "a", token="t1"), report(key, "b")))
    pages = list(zoom.pages(stream, Cursor(NOW - 13 * HOUR), NOW))
    assert [record["email"] for page in pages for record in records(page)] == ["a", "b"]
    first, second = zoom.script.calls
    assert first.path == f"/v2/report/{stream}"
    assert first.query == {"from": "2026-03-08", "to": "2026-03-09", "page_size": "300"}
    assert second.query == {**first.query, "next_page_token": "t1"}


def test_no_window_is_longer_than_a_month():
    for stream in provider("zoom", ACCOUNT).collector.streams:
        assert stream.window is not None
        assert stream.window + timedelta(days=1) < timedelta(days=30)


def test_a_page_token_that_ended_is_a_lost_cursor():
    ended = answered({"code": 300, "message": "The next page token is invalid or expired."}, 400)
    zoom = provider("zoom", ACCOUNT, in_turn(ended))
    with pytest.raises(CursorLost):
        zoom.records("activities", Cursor(NOW - HOUR, NOW, {"token": "t1"}))


@pytest.mark.parametrize("status", [400, 403])
def test_a_missing_scope_is_named(status: int):
    refused = answered({"code": 4711, "message": "Invalid access token, no scopes."}, status)
    zoom = provider("zoom", ACCOUNT, in_turn(refused))
    with pytest.raises(Stop, match="report:read:user_activities:admin"):
        zoom.records("activities")


def test_signs_in_for_the_account():
    zoom = provider("zoom", ACCOUNT, in_turn(report("activity_logs", "a")))
    zoom.records("activities")
    (sign_in,) = zoom.script.sign_ins
    assert sign_in.form == {"grant_type": "account_credentials", "account_id": "a-1"}
    basic = sign_in.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(basic) == b"c-1:s3cret"
