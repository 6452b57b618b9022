"""OneLogin: small pages within a window, and credentials in a header."""

import base64

import pytest
from provider_script import HOUR, NOW, answered, in_turn, provider, records

from collectors.contract import Cursor
from collectors.errors import CursorLost, Stop

ACCOUNT = {
    "base_url": "https://acme.onelogin.example",
    "client_id": "c-1",
    "client_secret": "env:ONELOGIN_SECRET",
}


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONELOGIN_SECRET", "s3cret")


def events(*ids: int, after: str | None = None):
    pagination = {"before_cursor": None, "after_cursor": after, "next_link": None}
    return answered({"status": {}, "pagination": pagination, "data": [{"id": one} for one in ids]})


def test_walks_a_window():
    onelogin = provider("onelogin", ACCOUNT, in_turn(events(2, after="c1"), events(1)))
    pages = list(onelogin.pages("events", Cursor(NOW - HOUR), NOW))
    assert [record["id"] for page in pages for record in records(page)] == [2, 1]
    first, second = onelogin.script.calls
    assert first.path == "/api/1/events"
    assert first.query == {
        "since": "2026-03-09T11:00:00.000Z",
        "until": "2026-03-09T12:00:00.000Z",
        "limit": "50",
    }
    assert second.query == {**first.query, "after_cursor": "c1"}


def test_an_empty_page_with_a_cursor_is_followed():
    onelogin = provider("onelogin", ACCOUNT, in_turn(events(after="c1"), events(1)))
    assert len(onelogin.records("events")) == 1


def test_a_refused_cursor_is_a_lost_one():
    onelogin = provider("onelogin", ACCOUNT, in_turn(answered({"status": {"code": 400}}, 400)))
    with pytest.raises(CursorLost):
        onelogin.records("events", Cursor(NOW - HOUR, NOW, {"token": "c1"}))


def test_a_missing_scope_is_named():
    onelogin = provider("onelogin", ACCOUNT, in_turn(answered({"status": {"code": 403}}, 403)))
    with pytest.raises(Stop, match="Read All"):
        onelogin.records("events")


def test_signs_in_with_credentials_in_a_header():
    onelogin = provider("onelogin", ACCOUNT, in_turn(events(1)))
    onelogin.records("events")
    (sign_in,) = onelogin.script.sign_ins
    assert sign_in.path == "/auth/oauth2/v2/token"
    assert sign_in.json == {"grant_type": "client_credentials"}
    basic = sign_in.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(basic) == b"c-1:s3cret"
