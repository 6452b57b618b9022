"""Dropbox: the cursor leads on, and when it is reset the log is entered by time again."""

import pytest
from provider_script import NOW, answered, in_turn, provider

from collectors.contract import Cursor
from collectors.errors import CursorLost, Stop

BASE = "https://dropbox.example"
ACCOUNT = {
    "base_url": BASE,
    "refresh_token": "env:DROPBOX_REFRESH",
    "app_key": "k-1",
    "app_secret": "env:DROPBOX_SECRET",
}
ENTER, ON = "/2/team_log/get_events", "/2/team_log/get_events/continue"
KEPT = Cursor(NOW, kept={"cursor": "c1"})


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DROPBOX_REFRESH", "r-1")
    monkeypatch.setenv("DROPBOX_SECRET", "s3cret")


def events(*names: str, cursor: str, more: bool = False):
    return answered(
        {"events": [{"name": one} for one in names], "cursor": cursor, "has_more": more}
    )


def error(tag: str, status: int = 409):
    return answered({"error_summary": f"{tag}/..", "error": {".tag": tag}}, status)


def names(dropbox, since: Cursor = KEPT) -> list[str]:
    return [record["name"] for record in dropbox.records("events", since)]


def test_enters_by_time_and_goes_on_by_cursor():
    answers = in_turn(events("a", cursor="c1", more=True), events("b", cursor="c2"))
    dropbox = provider("dropbox", ACCOUNT, answers)
    pages = list(dropbox.pages("events", Cursor(NOW)))
    assert [page.cursor.kept["cursor"] for page in pages] == ["c1", "c2"]
    first, second = dropbox.script.calls
    assert (first.method, first.path) == ("POST", ENTER)
    # Four days before what was asked for: a cursor that was reset may have missed late ones.
    assert first.json == {"limit": 1000, "time": {"start_time": "2026-03-05T12:00:00Z"}}
    assert (second.path, second.json) == (ON, {"cursor": "c1"})


def test_a_later_poll_goes_on_by_the_cursor_whatever_the_time():
    dropbox = provider("dropbox", ACCOUNT, in_turn(events("late", cursor="c2")))
    assert names(dropbox) == ["late"]
    assert dropbox.script.calls[0].json == {"cursor": "c1"}


def test_a_quiet_poll_has_no_pages_but_a_first_one_keeps_its_cursor():
    quiet = provider("dropbox", ACCOUNT, lambda asked: events(cursor="c2"))
    assert list(quiet.pages("events", KEPT)) == []
    (page,) = quiet.pages("events", Cursor(NOW))
    assert (page.count, page.cursor.kept) == (0, {"cursor": "c2"})


def test_an_empty_page_that_has_more_behind_it_is_followed():
    answers = in_turn(events(cursor="c2", more=True), events("a", cursor="c3"))
    assert names(provider("dropbox", ACCOUNT, answers)) == ["a"]


def test_a_cursor_that_does_not_move_ends_the_poll_and_loses_nothing():
    dropbox = provider("dropbox", ACCOUNT, in_turn(events("a", cursor="c1", more=True)))
    (page,) = dropbox.pages("events", KEPT)
    assert page.cursor.kept == {"cursor": "c1"}


def test_a_past_span_is_read_again_by_time():
    answers = in_turn(events("a", cursor="c1", more=True), events("b", cursor="c2"))
    dropbox = provider("dropbox", ACCOUNT, answers)
    again = Cursor(NOW, NOW, again=True)
    assert sum(page.count for page in dropbox.pages("events", again, NOW)) == 2
    span = {"start_time": "2026-03-09T12:00:00Z", "end_time": "2026-03-09T12:00:01Z"}
    assert dropbox.script.calls[0].json["time"] == span


@pytest.mark.parametrize("tag", ["reset", "bad_cursor"])
def test_a_reset_cursor_is_a_lost_one(tag: str):
    with pytest.raises(CursorLost):
        names(provider("dropbox", ACCOUNT, in_turn(error(tag))))


def test_another_conflict_is_not():
    with pytest.raises(Stop, match="409"):
        names(provider("dropbox", ACCOUNT, in_turn(error("other"))))


@pytest.mark.parametrize("status", [400, 403])
def test_a_missing_scope_is_named(status: int):
    with pytest.raises(Stop, match=r"events\.read"):
        names(provider("dropbox", ACCOUNT, in_turn(error("missing_scope", status))))


def test_signs_in_with_the_refresh_token():
    dropbox = provider("dropbox", ACCOUNT, in_turn(events("a", cursor="c2")))
    names(dropbox)
    (sign_in,) = dropbox.script.sign_ins
    assert sign_in.address == f"{BASE}/oauth2/token"
    assert sign_in.form == {
        "grant_type": "refresh_token",
        "refresh_token": "r-1",
        "client_id": "k-1",
        "client_secret": "s3cret",
    }


def test_signs_in_with_a_token_as_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DROPBOX_TOKEN", "t-1")
    account = {"base_url": BASE, "token": "env:DROPBOX_TOKEN"}
    dropbox = provider("dropbox", account, in_turn(events("a", cursor="c2")))
    names(dropbox)
    assert dropbox.script.calls[0].headers["Authorization"] == "Bearer t-1"


@pytest.mark.parametrize("change", [{"app_key": ""}, {"token": "env:DROPBOX_TOKEN"}])
def test_an_account_has_one_way_in(change: dict[str, str]):
    with pytest.raises(ValueError, match="give either token"):
        provider("dropbox", ACCOUNT | change)
