"""Google Workspace: an application a stream, read by a service account for an administrator."""

import json

import pytest
from provider_script import HOUR, NOW, answered, claims, in_turn, private_key, provider, records

from collectors.contract import Cursor
from collectors.errors import CursorLost, Retry, Stop
from collectors.providers.google_workspace import SCOPE

ACCOUNT = {
    "base_url": "https://admin.example",
    "key": "env:GOOGLE_KEY",
    "subject": "admin@acme.example",
    "token_url": "https://oauth.example/token",
}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    file = {"client_email": "reader@acme", "private_key": private_key(), "private_key_id": "k1"}
    monkeypatch.setenv("GOOGLE_KEY", json.dumps(file))


def activities(*qualifiers: str, following: str | None = None):
    items = [{"id": {"uniqueQualifier": one}} for one in qualifiers]
    return answered({"kind": "reports", "items": items} | _token(following))


def _token(following: str | None) -> dict[str, str]:
    return {"nextPageToken": following} if following else {}


def test_walks_a_window_of_an_application():
    answers = in_turn(activities("2", following="t1"), activities("1"))
    google = provider("google_workspace", ACCOUNT, answers)
    pages = list(google.pages("login", Cursor(NOW - HOUR), NOW))
    found = [record["id"]["uniqueQualifier"] for page in pages for record in records(page)]
    assert found == ["2", "1"]
    first, second = google.script.calls
    assert first.path == "/admin/reports/v1/activity/users/all/applications/login"
    assert first.query == {
        "startTime": "2026-03-09T11:00:00.000Z",
        "endTime": "2026-03-09T12:00:00.000Z",
        "maxResults": "1000",
    }
    assert second.query == {**first.query, "pageToken": "t1"}


def test_every_stream_has_an_application_of_its_own():
    google = provider("google_workspace", ACCOUNT, lambda asked: activities())
    for stream in google.collector.streams:
        assert google.records(stream.name) == []
    asked = [call.path.rsplit("/", 1)[1] for call in google.script.calls]
    assert asked == [stream.name for stream in google.collector.streams]
    assert {"login", "admin", "drive", "token"} <= set(asked)


def test_a_quiet_application_has_no_items_at_all():
    google = provider("google_workspace", ACCOUNT, in_turn(answered({"kind": "reports"})))
    assert google.records("admin") == []


def test_acts_for_the_administrator():
    google = provider("google_workspace", ACCOUNT, in_turn(activities("1")))
    google.records("login")
    (sign_in,) = google.script.sign_ins
    said = claims(sign_in.form["assertion"])
    assert (said["iss"], said["sub"], said["scope"]) == ("reader@acme", ACCOUNT["subject"], SCOPE)
    assert said["aud"] == ACCOUNT["token_url"] == sign_in.address
    assert said["exp"] - said["iat"] <= 3600


def test_a_refused_page_token_is_a_lost_cursor():
    refused = answered({"error": {"code": 400}}, 400)
    google = provider("google_workspace", ACCOUNT, in_turn(refused))
    with pytest.raises(CursorLost):
        google.records("login", Cursor(NOW - HOUR, NOW, {"token": "old"}))


@pytest.mark.parametrize("reason", ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"])
def test_a_quota_told_with_403_is_waited_for(reason: str):
    busy = answered({"error": {"errors": [{"reason": reason}]}}, 403)
    google = provider("google_workspace", ACCOUNT, in_turn(busy, activities("1")))
    assert len(google.records("login")) == 1


def test_a_quota_that_stays_used_up_ends_the_run():
    busy = answered({"error": {"errors": [{"reason": "quotaExceeded"}]}}, 403)
    google = provider("google_workspace", ACCOUNT, lambda asked: busy)
    with pytest.raises(Retry):
        google.records("login")


@pytest.mark.parametrize(
    ("reason", "remedy"),
    [("authError", "delegate the scope"), ("accessNotConfigured", "Admin SDK API")],
)
def test_refusals_name_their_remedy(reason: str, remedy: str):
    refused = answered({"error": {"errors": [{"reason": reason}]}}, 403)
    google = provider("google_workspace", ACCOUNT, in_turn(refused))
    with pytest.raises(Stop, match=remedy):
        google.records("login")


def test_a_secret_that_is_no_key_file_is_named_but_not_shown(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GOOGLE_KEY", "not-a-key-file")
    google = provider("google_workspace", ACCOUNT, in_turn(activities("1")))
    with pytest.raises(Stop, match="env:GOOGLE_KEY is no key file") as raised:
        google.records("login")
    assert "not-a-key-file" not in str(raised.value)
