"""Google Cloud: windows of the time of receipt, and searches that go on through empty pages."""

import json

import pytest
from provider_script import HOUR, NOW, answered, claims, in_turn, private_key, provider, records

from collectors.contract import Cursor
from collectors.errors import CursorLost, Stop
from collectors.providers.gcp import SCOPE

ACCOUNT = {
    "base_url": "https://logging.example",
    "key": "env:GCP_KEY",
    "resources": ["organizations/1", "projects/acme"],
    "token_url": "https://oauth.example/token",
}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    file = {"client_email": "reader@acme", "private_key": private_key()}
    monkeypatch.setenv("GCP_KEY", json.dumps(file))


def entries(*ids: str, following: str | None = None):
    more = {"nextPageToken": following} if following else {}
    return answered({"entries": [{"insertId": one} for one in ids], **more} if ids else more)


def test_walks_what_was_received_in_a_window():
    gcp = provider("gcp", ACCOUNT, in_turn(entries("a", following="t1"), entries("b")))
    pages = list(gcp.pages("audit", Cursor(NOW - HOUR), NOW))
    assert [record["insertId"] for page in pages for record in records(page)] == ["a", "b"]
    first, second = gcp.script.calls
    assert (first.method, first.path) == ("POST", "/v2/entries:list")
    assert first.json["resourceNames"] == ["organizations/1", "projects/acme"]
    assert first.json["filter"] == (
        'logName:"cloudaudit.googleapis.com"'
        ' AND receiveTimestamp>="2026-03-09T11:00:00.000Z"'
        ' AND receiveTimestamp<"2026-03-09T12:00:00.000Z"'
        ' AND timestamp>="2026-02-07T11:00:00.000Z"'
    )
    assert "pageToken" not in first.json
    assert second.json == {**first.json, "pageToken": "t1"}


def test_a_past_span_is_read_again_by_the_time_that_entries_bear():
    gcp = provider("gcp", ACCOUNT, in_turn(entries("a")))
    list(gcp.pages("audit", Cursor(NOW - HOUR, NOW, again=True), NOW))
    wanted = gcp.script.calls[0].json["filter"]
    assert 'timestamp<"2026-03-09T12:00:00.000Z"' in wanted
    assert "receiveTimestamp" not in wanted


def test_a_search_that_found_nothing_yet_goes_on():
    answers = in_turn(entries(following="t1"), entries(following="t2"), entries("a"))
    gcp = provider("gcp", ACCOUNT, answers)
    assert len(gcp.records("audit")) == 1


def test_a_refused_page_token_is_a_lost_cursor():
    gcp = provider("gcp", ACCOUNT, in_turn(answered({"error": {"code": 400}}, 400)))
    with pytest.raises(CursorLost):
        gcp.records("audit", Cursor(NOW - HOUR, NOW, {"token": "old"}))


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [("PERMISSION_DENIED", "privateLogViewer"), ("SERVICE_DISABLED", "Cloud Logging API")],
)
def test_refusals_name_their_remedy(reason: str, remedy: str):
    gcp = provider("gcp", ACCOUNT, in_turn(answered({"error": {"status": reason}}, 403)))
    with pytest.raises(Stop, match=remedy):
        gcp.records("audit")


def test_signs_in_as_itself():
    gcp = provider("gcp", ACCOUNT, in_turn(entries("a")))
    gcp.records("audit")
    said = claims(gcp.script.sign_ins[0].form["assertion"])
    assert (said["iss"], said["scope"]) == ("reader@acme", SCOPE)
    assert "sub" not in said


def test_an_account_needs_a_resource():
    with pytest.raises(ValueError, match="resources"):
        provider("gcp", ACCOUNT | {"resources": []})
