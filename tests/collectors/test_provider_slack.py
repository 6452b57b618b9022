"""Slack: newest first in whole seconds, and refusals with status 200."""

import pytest
from provider_script import HOUR, NOW, Asked, answered, in_turn, provider, records

from collectors.contract import Cursor
from collectors.errors import CursorLost, Retry, Stop

ACCOUNT = {"base_url": "https://slack.example", "token": "env:SLACK_TOKEN"}


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_TOKEN", "xoxp-1")


def entries(*ids: str, cursor: str = ""):
    return answered(
        {"entries": [{"id": one} for one in ids], "response_metadata": {"next_cursor": cursor}}
    )


def test_walks_a_window_that_covers_its_seconds():
    slack = provider("slack", ACCOUNT, in_turn(entries("b", cursor="c1"), entries("a")))
    pages = list(slack.pages("audit", Cursor(NOW - HOUR), NOW))
    assert [record["id"] for page in pages for record in records(page)] == ["b", "a"]
    first, second = slack.script.calls
    assert first.path == "/audit/v1/logs"
    oldest, latest = int(first.query["oldest"]), int(first.query["latest"])
    assert oldest <= (NOW - HOUR).timestamp() < NOW.timestamp() <= latest
    assert "cursor" not in first.query
    assert second.query == {**first.query, "cursor": "c1"}
    assert first.headers["Authorization"] == "Bearer xoxp-1"
    assert pages[0].cursor.page == {"token": "c1"}


def test_goes_on_within_the_window():
    slack = provider("slack", ACCOUNT, in_turn(entries("a")))
    begun = Cursor(NOW - HOUR, NOW, {"token": "c1"})
    assert [record["id"] for record in slack.records("audit", begun)] == ["a"]
    assert slack.script.calls[0].query["cursor"] == "c1"


@pytest.mark.parametrize("status", [200, 400])
def test_an_invalid_cursor_is_a_lost_one(status: int):
    refused = answered({"ok": False, "error": "invalid_cursor"}, status)
    slack = provider("slack", ACCOUNT, in_turn(refused))
    with pytest.raises(CursorLost):
        slack.records("audit", Cursor(NOW - HOUR, NOW, {"token": "c1"}))


def test_ratelimited_with_status_200_is_waited_for():
    busy = answered({"ok": False, "error": "ratelimited"})
    slack = provider("slack", ACCOUNT, in_turn(busy, busy, entries("a")))
    assert len(slack.records("audit")) == 1


def test_a_token_that_was_changed_is_read_again(monkeypatch: pytest.MonkeyPatch):
    def answer(asked: Asked):
        if asked.headers["Authorization"] == "Bearer xoxp-1":
            monkeypatch.setenv("SLACK_TOKEN", "xoxp-2")
            return answered({"ok": False, "error": "token_revoked"})
        return entries("a")

    assert len(provider("slack", ACCOUNT, answer).records("audit")) == 1


def test_ratelimited_without_end_ends_the_run():
    slack = provider(
        "slack", ACCOUNT, lambda asked: answered({"ok": False, "error": "ratelimited"})
    )
    with pytest.raises(Retry):
        slack.records("audit")


@pytest.mark.parametrize(
    ("error", "remedy"),
    [
        ("missing_scope", "auditlogs:read"),
        ("invalid_auth", "new user token"),
        ("token_revoked", "new user token"),
        ("feature_not_enabled", "Enterprise Grid"),
        ("team_not_authorized", "Enterprise Grid"),
        ("something_new", "list of errors"),
    ],
)
@pytest.mark.parametrize("status", [200, 403])
def test_refusals_name_their_remedy(error: str, remedy: str, status: int):
    refused = answered({"ok": False, "error": error}, status)
    slack = provider("slack", ACCOUNT, lambda asked: refused)
    if status == 403 and error in ("something_new", "invalid_auth", "token_revoked"):
        remedy = "auditlogs:read"
    with pytest.raises(Stop, match=remedy):
        slack.records("audit")


def test_an_entry_that_speaks_of_limits_is_no_refusal():
    said = answered({"entries": [{"id": "a", "details": {"reason": "ratelimited"}}]})
    slack = provider("slack", ACCOUNT, in_turn(said))
    assert len(slack.records("audit")) == 1
